package dev.twonode.replication;

/// Whether two streams that should hold the same do so.
public sealed interface Level {

    /// Same first and last sequence, same messages.
    ///
    /// @param lastSeq the last sequence of both
    record Same(long lastSeq) implements Level {}

    /// Same last sequence, but not the same messages: purged messages came back, or some are gone.
    ///
    /// @param why the first difference found
    record Different(String why) implements Level {}

    /// The streams moved while they were looked at, or the follower is behind: ask again.
    record Moving() implements Level {}
}
