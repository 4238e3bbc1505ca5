package dev.twonode.protocol;

/// The machine's time-outs, all in milliseconds of a monotonic clock.
///
/// @param heartbeat how often a node tells its peer its state
/// @param peerTimeout silence after which a peer counts as gone (rule G2)
/// @param retry how long one try to reach the peer takes at a start (rule S3)
/// @param retries tries before a node without contact decides by itself; 0 means that it waits for
///   contact for ever
/// @param firstRetries the same for the designated node at its very first start
public record Timing(long heartbeat, long peerTimeout, long retry, int retries, int firstRetries) {

    /// The defaults of `twonode run`.
    public static final Timing DEFAULT = new Timing(250, 1_500, 1_000, 10, 3);

    public Timing {
        if (heartbeat < 1 || retry < 1) {
            throw new IllegalArgumentException("heartbeat and retry are at least 1 ms");
        }
        if (peerTimeout < 3 * heartbeat) {
            throw new IllegalArgumentException(
                    "peer-timeout ("
                            + peerTimeout
                            + " ms) must be at least three heartbeats ("
                            + 3 * heartbeat
                            + " ms): one lost message is no silence");
        }
        if (retries < 0 || firstRetries < 0) {
            throw new IllegalArgumentException("tries cannot be negative");
        }
    }

    /// A node that did not run for longer than this may have missed a decision about it (F2, G4).
    public long pause() {
        return peerTimeout / 3;
    }

    /// Silence after which the node starts to look for proof (rule G1).
    long doubt() {
        return peerTimeout - pause();
    }
}
