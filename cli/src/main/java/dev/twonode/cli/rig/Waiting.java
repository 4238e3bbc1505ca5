package dev.twonode.cli.rig;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for something outside this process, always with a bound.
public final class Waiting {

    /// Looking costs the others on this machine time, too.
    private static final Duration STEP = Duration.ofMillis(20);

    private Waiting() {}

    /// Looks until the condition holds.
    ///
    /// @return whether it held within the bound
    public static boolean until(BooleanSupplier condition, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            rest(STEP);
        }
        return true;
    }

    /// Does nothing for a while; returns at once when the time is not positive.
    public static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new Failure(ExitCode.INTERRUPTED, "interrupted while waiting", "", "");
            }
            LockSupport.parkNanos(left);
        }
    }
}
