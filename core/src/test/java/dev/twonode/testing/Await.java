package dev.twonode.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Waiting for something that other threads or processes do. The only place in the tests that lets
/// time pass.
public final class Await {

    private static final long STEP_NANOS = 5_000_000;

    private Await() {}

    /// Waits until the condition holds. A condition that throws does not hold yet; its last
    /// exception is the cause of the failure.
    ///
    /// @param what the condition in words, for the failure message
    public static void await(String what, Duration bound, Callable<Boolean> condition) {
        awaitValue(what, bound, () -> condition.call() ? Optional.of(true) : Optional.empty());
    }

    /// Waits until there is a value and returns it.
    ///
    /// @param what the value in words, for the failure message
    public static <T> T awaitValue(String what, Duration bound, Callable<Optional<T>> source) {
        long deadline = System.nanoTime() + bound.toNanos();
        @Nullable Exception last = null;
        do {
            try {
                Optional<T> value = source.call();
                if (value.isPresent()) {
                    return value.get();
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(STEP_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for: " + what, last);
            }
        } while (System.nanoTime() < deadline);
        throw new AssertionError("not within " + bound.toMillis() + " ms: " + what, last);
    }

    /// Fails when the condition ceases to hold within the time given.
    ///
    /// @param what the condition in words, for the failure message
    public static void holdsFor(String what, Duration time, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + time.toNanos();
        do {
            try {
                if (!condition.call()) {
                    throw new AssertionError("did not stay so: " + what);
                }
            } catch (Exception e) {
                throw new AssertionError("could not be looked at: " + what, e);
            }
            LockSupport.parkNanos(STEP_NANOS);
        } while (System.nanoTime() < deadline);
    }
}
