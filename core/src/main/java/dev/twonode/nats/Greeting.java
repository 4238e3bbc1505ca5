package dev.twonode.nats;

import dev.twonode.messaging.ServerIdentity;

/// The INFO line with which a server greets.
///
/// @param server what it says of itself
/// @param tlsRequired whether it takes clients over TLS only
/// @param offersTls whether it takes clients over TLS
/// @param wantsCertificate whether it takes clients that show a certificate only
/// @param isOfGateway whether a gateway of twonode passed it on
record Greeting(
        ServerIdentity server,
        boolean tlsRequired,
        boolean offersTls,
        boolean wantsCertificate,
        boolean isOfGateway) {}
