package dev.twonode.messaging;

/// What a server says of itself in its greeting.
///
/// @param id new with every start of the server process
/// @param name its configured name, or its id
/// @param version such as `2.15.2`
/// @param url the address at which it was reached
/// @param jetStream whether JetStream is enabled
/// @param cluster name of the cluster that it is part of, empty when it is on its own
/// @param maxPayload the largest message that it takes, in bytes
public record ServerIdentity(
        String id,
        String name,
        String version,
        String url,
        boolean jetStream,
        String cluster,
        long maxPayload) {}
