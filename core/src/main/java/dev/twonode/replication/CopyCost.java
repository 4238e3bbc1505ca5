package dev.twonode.replication;

/// Estimates which way to the leader's end takes less time. The figures are those of two servers
/// and an agent that share two cores; only their ratio matters, and a wrong choice costs time
/// alone.
final class CopyCost {

    /// One sequence copied through the replica subject, gaps included.
    private static final long TAIL_NANOS_PER_SEQUENCE = 15_000;

    /// Delete, snapshot and restore of an empty stream, each with its files forced.
    private static final long SNAPSHOT_NANOS = 300_000_000;

    private static final long SNAPSHOT_NANOS_PER_MESSAGE = 1_000;
    private static final long SNAPSHOT_NANOS_PER_BYTE = 8;

    private CopyCost() {}

    /// How many sequences the follower has to copy or to fill, one by one.
    static long missing(StreamFacts own, StreamFacts leader) {
        long from = own.isEmpty() ? Math.max(own.lastSeq(), leader.firstSeq() - 1) : own.lastSeq();
        return Math.max(0, leader.lastSeq() - from);
    }

    /// Whether a full copy beats the tail. The full copy also pays for a local snapshot of what is
    /// there, since nothing is deleted before that is safe.
    static boolean snapshotIsCheaper(StreamFacts own, StreamFacts leader) {
        long tail = missing(own, leader) * TAIL_NANOS_PER_SEQUENCE;
        long snapshot =
                SNAPSHOT_NANOS
                        + (own.messages() + leader.messages()) * SNAPSHOT_NANOS_PER_MESSAGE
                        + (own.bytes() + leader.bytes()) * SNAPSHOT_NANOS_PER_BYTE;
        return snapshot < tail;
    }
}
