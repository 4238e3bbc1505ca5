package dev.twonode.cli.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Knows which node leads, from what both agents say: their `status` messages as they come, and
/// their `state` asked again and again, quickly while there is doubt.
final class LeaderWatch implements AutoCloseable {

    /// Who leads.
    ///
    /// @param index which of the nodes
    /// @param term the number of its term
    /// @param committed the highest sequence that it calls committed
    record Leader(int index, long term, long committed) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CALM = Duration.ofMillis(100);

    /// A change is told at once by `status`; this is for what was said while a connection was down.
    private static final Duration DOUBT = Duration.ofMillis(20);

    private static final Duration ANSWER = Duration.ofMillis(250);

    private final List<Line> lines;
    private final String prefix;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final long[] leftTerm;
    private @Nullable Leader leader;

    /// The newest term that anybody led. Whoever says that it leads an older one does not know yet
    /// that it was overtaken.
    private long newestTerm;

    private boolean doubted = true;
    private volatile boolean closed;

    /// @param lines one connection per node
    LeaderWatch(List<Line> lines, String bucket) {
        this.lines = List.copyOf(lines);
        this.prefix = "twonode." + bucket + ".";
        this.leftTerm = new long[lines.size()];
    }

    /// Begins to watch.
    void start() {
        for (int i = 0; i < lines.size(); i++) {
            int index = i;
            lines.get(i).listen(prefix + "status", body -> heard(index, body));
            lines.get(i).listen(prefix + "progress", body -> progressed(index, body));
            Thread.ofVirtual().name("watch-" + i).start(() -> ask(index));
        }
    }

    /// The present leader, waiting for one up to a bound.
    Optional<Leader> leader(Duration bound) throws InterruptedException {
        long left = bound.toNanos();
        lock.lock();
        try {
            while (leader == null && left > 0) {
                left = news.awaitNanos(left);
            }
            return Optional.ofNullable(leader);
        } finally {
            lock.unlock();
        }
    }

    /// Whether this one still leads, as far as is known. A newer term of the same node counts.
    boolean stillLeads(Leader known) {
        lock.lock();
        try {
            return leader != null && leader.index() == known.index();
        } finally {
            lock.unlock();
        }
    }

    /// A write to the leader did not go through: ask often until somebody is known to lead. What
    /// was heard before does not count any more.
    void doubt(Leader known) {
        lock.lock();
        try {
            if (leader != null
                    && leader.index() == known.index()
                    && leader.term() == known.term()) {
                leader = null;
                doubted = true;
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void ask(int index) {
        byte[] nothing = {};
        while (!closed) {
            try {
                byte[] answer =
                        lines.get(index)
                                .request(prefix + "state", Map.of(), nothing)
                                .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
                heard(index, answer);
            } catch (ExecutionException | TimeoutException e) {
                silent(index);
            } catch (InterruptedException e) {
                return;
            }
            pause();
        }
    }

    private void pause() {
        lock.lock();
        try {
            // While calm, a doubt wakes it up early.
            long left = (doubted ? DOUBT : CALM).toNanos();
            boolean before = doubted;
            while (left > 0 && !closed && doubted == before) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void heard(int index, byte[] body) {
        Optional<JsonNode> message = parse(body);
        if (message.isEmpty()) {
            return;
        }
        JsonNode status = message.get();
        long term = status.path("term").asLong();
        if (status.path("isLeader").asBoolean()) {
            leads(index, term, status.path("commitSeq").asLong());
        } else {
            silentSince(index, term);
        }
    }

    private void leads(int index, long term, long committed) {
        lock.lock();
        try {
            if (term < leftTerm[index] || term < newestTerm) {
                return;
            }
            newestTerm = term;
            @Nullable Leader known = leader;
            boolean newer = known == null || term > known.term();
            boolean same = known != null && known.index() == index && known.term() == term;
            if (newer || same) {
                long seq =
                        same && known != null ? Math.max(known.committed(), committed) : committed;
                leader = new Leader(index, term, seq);
                doubted = false;
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void silent(int index) {
        lock.lock();
        try {
            if (leader != null && leader.index() == index) {
                doubted = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /// The agent says that it does not lead: the term it led, if any, is over.
    private void silentSince(int index, long term) {
        lock.lock();
        try {
            if (leader != null && leader.index() == index && term >= leader.term()) {
                leftTerm[index] = Math.max(leftTerm[index], leader.term());
                leader = null;
                doubted = true;
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The follower says on the leader's server how far it is: everything up to there is on both.
    private void progressed(int index, byte[] body) {
        Optional<JsonNode> message = parse(body);
        if (message.isEmpty()) {
            return;
        }
        long term = message.get().path("term").path("number").asLong();
        long sequence = message.get().path("seq").asLong();
        lock.lock();
        try {
            @Nullable Leader known = leader;
            if (known != null
                    && known.index() == index
                    && known.term() == term
                    && sequence > known.committed()) {
                leader = new Leader(index, term, sequence);
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static Optional<JsonNode> parse(byte[] body) {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
