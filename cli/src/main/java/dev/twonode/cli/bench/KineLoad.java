package dev.twonode.cli.bench;

import dev.twonode.cli.probe.KineClient;
import dev.twonode.cli.probe.KineClient.Outcome;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Clients that write through one kine all the time, and a watch that hears of it. Each remembers
/// what it was told.
///
/// No key is written so often that kine forgets a write before a watch that is seconds behind is
/// told of it: its bucket keeps ten of each key.
///
/// There are several writers since kine now and then lets one write lie until the next one wakes it
/// up, for up to five seconds: a pause of the pair stops all of them.
final class KineLoad implements AutoCloseable {

    private static final int WRITERS = 3;
    private static final int KEYS = 200;
    private static final Duration INTERVAL = Duration.ofMillis(4);
    private static final Duration AGAIN = Duration.ofMillis(20);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KineClient client;
    private final String prefix;
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Acknowledged> acknowledged = new HashMap<>();
    private final Set<Long> revisions = new HashSet<>();
    private final Set<Long> heard = new HashSet<>();
    private long[] answers = new long[1_000];
    private int count;
    private long lastHeard;
    private int disordered;
    private int watchEnds;
    private final List<Failed> failed = new ArrayList<>();
    private volatile AutoCloseable watch;
    private volatile boolean ended;
    private volatile boolean closed;

    private record Acknowledged(long revision, String value) {}

    private record Failed(long sent, long told, String why) {

        @Override
        public String toString() {
            return "after %d ms: %s".formatted(Math.round((told - sent) / 1e6), why);
        }
    }

    /// @param prefix of keys that nobody else writes
    KineLoad(int port, String prefix) throws IOException, InterruptedException {
        this.client = new KineClient(port, DEADLINE);
        this.prefix = prefix;
        this.lastHeard = client.newest();
        this.watch = client.watch(prefix, lastHeard + 1, this::hear, this::watchEnded);
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> run(writer)));
        }
    }

    private void run(int writer) {
        try {
            for (long number = 0; !ended; number++) {
                write("%s%d/%d".formatted(prefix, writer, number % KEYS), "write " + number);
                Waiting.rest(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String key, String value) throws InterruptedException {
        long before = revisionOf(key);
        long sent = System.nanoTime();
        Outcome outcome = client.write(key, value, before);
        lock.lock();
        try {
            switch (outcome) {
                case Outcome.Done(long revision) -> {
                    answered();
                    acknowledged.put(key, new Acknowledged(revision, value));
                    revisions.add(revision);
                    return;
                }
                case Outcome.Unknown(String why) ->
                        failed.add(new Failed(sent, System.nanoTime(), why));
                case Outcome.Conflict _ -> {}
            }
        } finally {
            lock.unlock();
        }
        learn(key);
    }

    /// Only this load writes the key: what is there now is its last write, or one that nobody
    /// answered. Something older is what a kine says that has not seen the last one yet, or has
    /// lost it: which of the two, the end says.
    private void learn(String key) throws InterruptedException {
        while (!closed) {
            try {
                Optional<KineClient.Entry> now = client.read(key);
                learned(key, now);
                return;
            } catch (IOException e) {
                Waiting.rest(AGAIN);
            }
        }
    }

    private void learned(String key, Optional<KineClient.Entry> now) {
        lock.lock();
        try {
            now.map(entry -> new Acknowledged(entry.revision(), entry.value()))
                    .ifPresent(found -> acknowledged.merge(key, found, KineLoad::newer));
        } finally {
            lock.unlock();
        }
    }

    private static Acknowledged newer(Acknowledged one, Acknowledged other) {
        return other.revision() > one.revision() ? other : one;
    }

    private long revisionOf(String key) {
        lock.lock();
        try {
            Acknowledged last = acknowledged.get(key);
            return last == null ? 0 : last.revision();
        } finally {
            lock.unlock();
        }
    }

    private void answered() {
        if (count == answers.length) {
            answers = Arrays.copyOf(answers, 2 * count);
        }
        answers[count++] = System.nanoTime();
    }

    private void hear(long revision) {
        lock.lock();
        try {
            if (revision <= lastHeard) {
                disordered++;
            }
            lastHeard = Math.max(lastHeard, revision);
            heard.add(revision);
        } finally {
            lock.unlock();
        }
    }

    /// As an API server does, it goes on behind the last revision that it heard of. Until the load
    /// is closed: kine ends the watch of a client that does not keep up, and after a pause of
    /// kine's there is a lot to keep up with. Never at once: a kine that ends each watch would else
    /// be asked for nothing but the next one.
    ///
    /// @param compacted what kine tells of no more lies below this
    private void watchEnded(long compacted) {
        lock.lock();
        try {
            watchEnds += closed ? 0 : 1;
            lastHeard = Math.max(lastHeard, compacted - 1);
        } finally {
            lock.unlock();
        }
        if (!closed) {
            Thread.ofVirtual().start(this::watchOn);
        }
    }

    private void watchOn() {
        try {
            while (!closed) {
                Waiting.rest(AGAIN);
                try {
                    watch.close();
                    watch = client.watch(prefix, lastHeard() + 1, this::hear, this::watchEnded);
                    return;
                } catch (IOException e) {
                    // It is tried again.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("a watch that cannot be closed", e);
        }
    }

    private long lastHeard() {
        lock.lock();
        try {
            return lastHeard;
        } finally {
            lock.unlock();
        }
    }

    /// Answers since a moment of the monotonic clock.
    int answersSince(long nanos) {
        lock.lock();
        try {
            int since = 0;
            while (since < count && answers[count - 1 - since] - nanos > 0) {
                since++;
            }
            return since;
        } finally {
            lock.unlock();
        }
    }

    /// The longest time without any answer that ended between two moments, or goes on at the later
    /// one. In milliseconds.
    long longestPause(long from, long to) {
        lock.lock();
        try {
            long longest = 0;
            long before = from;
            for (int i = 0; i < count && answers[i] - to < 0; i++) {
                if (answers[i] - from > 0) {
                    longest = Math.max(longest, answers[i] - before);
                }
                before = answers[i];
            }
            return Math.round(Math.max(longest, to - Math.max(before, from)) / 1e6);
        } finally {
            lock.unlock();
        }
    }

    /// Requests that were sent between two moments and not answered within ten seconds, or with an
    /// error: when that was told, and why. Complete once the writers have ended.
    List<String> failedOf(long from, long to) {
        lock.lock();
        try {
            return failed.stream()
                    .filter(each -> each.sent() - from >= 0)
                    .filter(each -> each.sent() - to <= 0)
                    .map(Failed::toString)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// The first reason why a request failed, for a note; empty when none did.
    String firstFailure() {
        lock.lock();
        try {
            return failed.isEmpty() ? "" : failed.getFirst().why();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the writers, and counts what kine does not hold any more of what it acknowledged. What
    /// became of their last requests is known by then.
    int lost() throws IOException, InterruptedException {
        stopWriting();
        long end = System.nanoTime() + DEADLINE.toNanos();
        int lost = 0;
        for (Map.Entry<String, Acknowledged> each : Map.copyOf(acknowledged).entrySet()) {
            boolean held = holds(each.getKey(), each.getValue());
            while (!held && System.nanoTime() - end < 0) {
                Waiting.rest(AGAIN);
                held = holds(each.getKey(), each.getValue());
            }
            lost += held ? 0 : 1;
        }
        return lost;
    }

    /// Whether kine holds a write, or a later one of the same key, of which nobody said that it was
    /// made: kine learns of both only from its bucket, and that may be after it was asked.
    private boolean holds(String key, Acknowledged write) throws IOException, InterruptedException {
        return client.read(key)
                .filter(entry ->
                        entry.revision() > write.revision()
                                || (entry.revision() == write.revision()
                                        && entry.value().equals(write.value())))
                .isPresent();
    }

    /// Lets the watch hear the rest, and counts the acknowledged writes that it was never told of.
    int untold() throws InterruptedException {
        Waiting.until(() -> unheard() == 0, DEADLINE);
        return unheard();
    }

    private int unheard() {
        lock.lock();
        try {
            return (int) revisions.stream().filter(each -> !heard.contains(each)).count();
        } finally {
            lock.unlock();
        }
    }

    /// Events that came again or in another order than that of their revisions.
    int disordered() {
        lock.lock();
        try {
            return disordered;
        } finally {
            lock.unlock();
        }
    }

    /// How often kine ended the watch, which went on behind its last event.
    int watchEnds() {
        lock.lock();
        try {
            return watchEnds;
        } finally {
            lock.unlock();
        }
    }

    int acknowledgedWrites() {
        lock.lock();
        try {
            return revisions.size();
        } finally {
            lock.unlock();
        }
    }

    private void stopWriting() throws IOException, InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            if (!thread.join(PATIENCE)) {
                throw new IOException("kine does not say what became of a write to " + prefix);
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        closed = true;
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        client.close();
    }
}
