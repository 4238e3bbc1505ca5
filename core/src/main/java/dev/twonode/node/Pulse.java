package dev.twonode.node;

import java.time.Duration;
import java.time.Instant;

/// Whether the thread that decides runs: what it allowed counts only as long as it could take it
/// back (rule C4). A process that was stopped is found out by the monotonic clock, a machine that
/// slept by the wall clock.
public final class Pulse {

    private final long patience;
    private volatile Beat last = new Beat(Long.MIN_VALUE / 2, Instant.EPOCH);

    private record Beat(long millis, Instant wall) {}

    /// @param patience how long it may be silent, in milliseconds
    public Pulse(long patience) {
        this.patience = patience;
    }

    /// It runs.
    public void beat(long millis, Instant wall) {
        last = new Beat(millis, wall);
    }

    /// Whether it has run within its patience by both clocks. One that was set back proves nothing.
    public boolean isFresh(long millis, Instant wall) {
        Beat known = last;
        return millis - known.millis() <= patience
                && Duration.between(known.wall(), wall).toMillis() <= patience;
    }
}
