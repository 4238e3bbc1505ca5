package dev.twonode.replication;

import dev.twonode.protocol.Mark;

/// Which of its two faces a stream shows, or why it is neither.
public sealed interface Face {

    /// Clients may write: exactly the configuration that kine's own create call expects.
    record Open() implements Face {}

    /// Only the replicator may write.
    ///
    /// @param mark who fenced it and for which term
    /// @param session the token in the replica subject; late publishes of another session fall away
    record Fenced(Mark mark, String session) implements Face {}

    /// Somebody changed the stream by hand, or it never was kine's.
    ///
    /// @param why the first difference found, in words for an operator
    record Foreign(String why) implements Face {}
}
