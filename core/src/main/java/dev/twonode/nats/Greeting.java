package dev.twonode.nats;

import dev.twonode.messaging.ServerIdentity;

/// The INFO line with which a server greets.
///
/// @param server what it says of itself
/// @param tlsRequired whether it takes clients over TLS only
record Greeting(ServerIdentity server, boolean tlsRequired) {}
