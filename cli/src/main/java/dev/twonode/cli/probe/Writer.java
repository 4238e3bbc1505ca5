package dev.twonode.cli.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.probe.Keys.Revisions;
import dev.twonode.cli.probe.LeaderWatch.Leader;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Writes one value after the other to whichever node leads, each guarded by the sequence of the
/// key's last write, and notes what the server answered.
public final class Writer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXPECTED = "Nats-Expected-Last-Subject-Sequence";

    /// How long one look at the answer takes before the leader is looked at again.
    private static final Duration GLANCE = Duration.ofMillis(5);

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LEADER = Duration.ofMillis(200);

    private static final int WRONG_LAST_SEQUENCE = 10_071;
    private static final int NO_MESSAGE = 10_037;

    private final List<String> nodes;
    private final List<Line> lines;
    private final String stream;
    private final Keys keys;
    private final WriteLog log;
    private final LeaderWatch watch;
    private final long intervalNanos;
    private final @Nullable Revisions[] known = new Revisions[Keys.COUNT];
    private @Nullable Leader followed;
    private long number;
    private volatile boolean closed;

    /// @param nodes names of the nodes
    /// @param lines a connection to each, in the same order
    /// @param log where to note what was accepted
    public Writer(List<String> nodes, List<Line> lines, String bucket, WriteLog log, Pace pace) {
        this.nodes = List.copyOf(nodes);
        this.lines = List.copyOf(lines);
        this.stream = "KV_" + bucket;
        this.keys = new Keys(bucket);
        this.log = log;
        this.watch = new LeaderWatch(lines, bucket);
        this.intervalNanos = pace.interval().toNanos();
        this.number = pace.first();
    }

    /// Where and how fast the numbers run.
    ///
    /// @param first number of the first write
    /// @param interval from one write to the next; zero for as fast as they are answered
    public record Pace(long first, Duration interval) {}

    /// Writes on a thread of its own until closed, and closes the log then.
    public Thread begin() {
        return Thread.ofPlatform()
                .name("writer")
                .daemon()
                .start(() -> {
                    try (log) {
                        run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// Writes until closed.
    public void run() throws InterruptedException {
        watch.start();
        long next = System.nanoTime();
        while (!closed) {
            Leader leader = watch.leader(LEADER).orElse(null);
            if (leader == null) {
                continue;
            }
            follow(leader);
            int key = (int) (number % Keys.COUNT);
            if (known[key] == null && !learn(leader, key)) {
                watch.doubt(leader);
                continue;
            }
            write(leader, key);
            next = Math.max(next + intervalNanos, System.nanoTime() - intervalNanos);
            Waiting.rest(Duration.ofNanos(next - System.nanoTime()));
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }

    private void follow(Leader leader) {
        @Nullable Leader before = followed;
        if (before == null || before.index() != leader.index() || before.term() != leader.term()) {
            log.leader(nodes.get(leader.index()), leader.term());
        }
        followed = leader;
        log.committed(leader.committed());
    }

    private void write(Leader leader, int key) throws InterruptedException {
        @Nullable Revisions before = known[key];
        if (before == null) {
            return;
        }
        byte[] payload = keys.value(key, number, before);
        long sent = System.nanoTime();
        CompletableFuture<byte[]> reply =
                lines.get(leader.index())
                        .request(
                                keys.subject(key),
                                Map.of(EXPECTED, Long.toString(before.last())),
                                payload);
        try {
            byte[] answer = await(leader, reply);
            long now = System.nanoTime();
            answered(key, answer, new Sent(leader, before, sent, now, Keys.digest(payload)));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof Line.NotDelivered)) {
                unknown(key);
            }
            watch.doubt(leader);
        } catch (TimeoutException e) {
            unknown(key);
            watch.doubt(leader);
        }
    }

    private record Sent(Leader leader, Revisions before, long at, long answered, long digest) {}

    private void answered(int key, byte[] answer, Sent sent) {
        JsonNode json = parse(answer);
        long sequence = json.path("seq").asLong();
        if (json.has("error") || sequence <= 0) {
            // Not stored. A wrong last sequence means that this key's last write was lost with its
            // leader, or that a write without an answer was stored after all.
            known[key] = null;
            if (json.path("error").path("err_code").asInt() != WRONG_LAST_SEQUENCE) {
                watch.doubt(sent.leader());
            }
            return;
        }
        log.accepted(number, key, sequence, sent.at(), sent.answered(), sent.digest());
        known[key] = sent.before().written(sequence);
        number++;
    }

    private void unknown(int key) {
        log.unknown(number, key);
        known[key] = null;
        number++;
    }

    /// Waits for an answer as long as the asked node leads.
    private byte[] await(Leader leader, CompletableFuture<byte[]> reply)
            throws InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + ANSWER.toNanos();
        while (true) {
            try {
                return reply.get(GLANCE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (closed || !watch.stillLeads(leader) || System.nanoTime() - end >= 0) {
                    reply.cancel(false);
                    throw e;
                }
            }
        }
    }

    /// Reads what the leader has under a key.
    private boolean learn(Leader leader, int key) throws InterruptedException {
        byte[] request =
                "{\"last_by_subj\":\"%s\"}"
                        .formatted(keys.subject(key))
                        .getBytes(StandardCharsets.UTF_8);
        try {
            JsonNode json =
                    parse(
                            await(
                                    leader,
                                    lines.get(leader.index())
                                            .request(
                                                    "$JS.API.STREAM.MSG.GET." + stream,
                                                    Map.of(),
                                                    request)));
            if (json.path("error").path("err_code").asInt() == NO_MESSAGE) {
                known[key] = Revisions.NONE;
                return true;
            }
            JsonNode message = json.path("message");
            long sequence = message.path("seq").asLong();
            if (sequence <= 0) {
                return false;
            }
            known[key] = Revisions.of(message.path("data").binaryValue(), sequence);
            return true;
        } catch (ExecutionException | TimeoutException | IOException e) {
            return false;
        }
    }

    private static JsonNode parse(byte[] body) {
        try {
            @Nullable JsonNode json = JSON.readTree(body);
            return json == null ? JSON.createObjectNode() : json;
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }
}
