package dev.twonode.logging;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Lets one event per cause and interval through, and counts the others.
public final class RateLimit {

    /// More causes than this are forgotten, the oldest first, so that a cause made from input
    /// cannot exhaust the memory.
    private static final int MOST_CAUSES = 500;

    /// How often somebody who reads the log is reminded of what goes on and on.
    private static final Duration REMINDER = Duration.ofMinutes(10);

    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private final Map<String, Cause> causes = new LinkedHashMap<>();

    /// One for conditions that last until somebody ends them: whoever sees the end calls [#clear].
    public static RateLimit untilCleared() {
        return new RateLimit(REMINDER);
    }

    public RateLimit(Duration interval) {
        this(interval, System::nanoTime);
    }

    RateLimit(Duration interval, LongSupplier nanoClock) {
        this.intervalNanos = interval.toNanos();
        this.nanoClock = nanoClock;
    }

    /// Asks for one event.
    ///
    /// @return empty when it is to be left out, else how many were left out since the last one
    public synchronized OptionalLong admit(String cause) {
        long now = nanoClock.getAsLong();
        Cause known = causes.get(cause);
        if (known != null && now - known.since < intervalNanos) {
            known.withheld++;
            return OptionalLong.empty();
        }
        causes.remove(cause);
        if (causes.size() >= MOST_CAUSES) {
            causes.remove(causes.keySet().iterator().next());
        }
        causes.put(cause, new Cause(now));
        return OptionalLong.of(known == null ? 0 : known.withheld);
    }

    /// Forgets a cause that has ended, so that its return is told at once.
    public synchronized void forget(String cause) {
        causes.remove(cause);
    }

    /// Forgets all causes, which have ended.
    public synchronized void clear() {
        causes.clear();
    }

    private static final class Cause {
        private final long since;
        private long withheld;

        Cause(long since) {
            this.since = since;
        }
    }
}
