package dev.twonode.replication;

import java.util.function.LongSupplier;

/// Turns counts into progress with a rate and the time left. Used by one thread.
final class Pace {

    private static final long REPORT_NANOS = 100_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final CopyProgress.Phase phase;
    private final CopyProgress.Unit unit;
    private final long total;
    private final CopyProgress.Listener listener;
    private final LongSupplier nanos;
    private final long started;
    private long reported;

    /// @param total how much there is to do, in that unit
    /// @param nanos a clock that never goes back
    Pace(
            CopyProgress.Phase phase,
            CopyProgress.Unit unit,
            long total,
            CopyProgress.Listener listener,
            LongSupplier nanos) {
        this.phase = phase;
        this.unit = unit;
        this.total = total;
        this.listener = listener;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
        this.reported = started;
    }

    /// Notes what is done, and tells it when it is time to.
    void at(long done) {
        long now = nanos.getAsLong();
        if (now - reported >= REPORT_NANOS || done >= total) {
            reported = now;
            listener.at(progress(done, now - started));
        }
    }

    private CopyProgress progress(long done, long elapsed) {
        if (elapsed <= 0 || done <= 0) {
            return new CopyProgress(phase, unit, done, total, 0, done >= total ? 0 : -1);
        }
        double perNano = (double) done / elapsed;
        long left = (long) (Math.max(0, total - done) / perNano / NANOS_PER_MILLI);
        return new CopyProgress(
                phase, unit, done, total, (long) (perNano * NANOS_PER_SECOND), left);
    }
}
