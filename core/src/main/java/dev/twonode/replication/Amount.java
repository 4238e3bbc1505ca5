package dev.twonode.replication;

/// Counts in words, for logs and verdicts.
public final class Amount {

    private Amount() {}

    /// `1 message`, `5 messages`.
    public static String messages(long count) {
        return count == 1 ? "1 message" : count + " messages";
    }
}
