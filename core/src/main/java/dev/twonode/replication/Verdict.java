package dev.twonode.replication;

import dev.twonode.protocol.Event;

/// What a comparison of the follower's stream with the leader's has found, and with it the way on.
public sealed interface Verdict {

    /// The own stream is a verified prefix of the leader's: copy on from its end.
    ///
    /// @param from the first sequence to copy
    /// @param missing how many sequences lie between here and the leader's end
    record Prefix(long from, long missing) implements Verdict {}

    /// The own stream is a verified prefix, but so far behind that a full copy takes less time.
    ///
    /// @param from the first sequence to copy otherwise
    /// @param missing how many sequences lie between here and the leader's end
    /// @param bytes size of the leader's stream
    record SnapshotCheaper(long from, long missing, long bytes) implements Verdict {}

    /// The own stream holds messages of an ended term that the leader never had: export them, then
    /// make a full copy.
    ///
    /// @param term the term that owns the first of them, 0 when no term does
    /// @param fork up to it both streams are the same
    /// @param from the first orphan
    /// @param to the last orphan
    /// @param count how many there are
    record Orphans(long term, long fork, long from, long to, long count) implements Verdict {}

    /// The own stream holds nothing of its own, yet it is no prefix: make a full copy.
    ///
    /// @param why the first difference found
    record Differs(String why) implements Verdict {}

    /// Both streams hold messages and nothing says that they ever had a common past: only an
    /// operator may choose (rule T5).
    ///
    /// @param why what is missing for a decision
    record Unrelated(String why) implements Verdict {}

    /// What follows from it.
    default Event.Comparison result() {
        return switch (this) {
            case Prefix _ -> Event.Comparison.PREFIX;
            case SnapshotCheaper _, Differs _ -> Event.Comparison.RESYNC;
            case Orphans _ -> Event.Comparison.ORPHANS;
            case Unrelated _ -> Event.Comparison.UNRELATED;
        };
    }
}
