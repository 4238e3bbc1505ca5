package dev.twonode.nats;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.messaging.Denial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// What the server of a link does not let its login do. A server says so at each attempt, and never
/// that it allows something now: what was not refused again for a while is taken to be granted.
final class Denials {

    private static final Log LOG = Log.of(Denials.class);
    private static final Duration LASTING = Duration.ofSeconds(30);

    /// There are no more different permissions than this; a server can say anything.
    private static final int MOST = 50;

    private final RateLimit limit = RateLimit.untilCleared();
    private final LongSupplier nanoClock;
    private final Map<String, Heard> newest = new LinkedHashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();

    private record Heard(Denial denial, long at) {}

    private record Waiting(String subject, CompletableFuture<Denial> denied) {}

    Denials(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// The server refused something.
    void heard(Denial denial) {
        String cause = denial.url() + denial.verb() + denial.permission();
        List<Waiting> told;
        synchronized (this) {
            newest.remove(cause);
            if (newest.size() >= MOST) {
                newest.remove(newest.keySet().iterator().next());
            }
            newest.put(cause, new Heard(denial, nanoClock.getAsLong()));
            told = waiting.stream().filter(it -> denial.concerns(it.subject)).toList();
        }
        told.forEach(it -> it.denied.complete(denial));
        LOG.warnRarely(limit, cause, denial.problem() + ". " + denial.instruction());
    }

    /// What it does not allow now, one for each permission.
    synchronized List<Denial> current() {
        long now = nanoClock.getAsLong();
        newest.values().removeIf(it -> now - it.at >= LASTING.toNanos());
        return newest.values().stream().map(Heard::denial).toList();
    }

    /// What a server refused counts for nothing on a new connection.
    synchronized void forget() {
        newest.clear();
    }

    /// Completes when the server refuses a request on that subject, or to deliver what is asked
    /// for.
    synchronized CompletableFuture<Denial> next(String subject) {
        Waiting one = new Waiting(subject, new CompletableFuture<>());
        waiting.add(one);
        CompletableFuture<Denial> _ = one.denied.whenComplete((_, _) -> remove(one));
        return one.denied;
    }

    private synchronized void remove(Waiting one) {
        waiting.remove(one);
    }
}
