package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.probe.Keys;
import dev.twonode.cli.probe.StreamImage;
import dev.twonode.cli.probe.StreamReader;
import dev.twonode.cli.probe.Verdict;
import dev.twonode.cli.probe.WriteHistory;
import dev.twonode.cli.probe.WriteLog;
import dev.twonode.cli.probe.Writer;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.NatsLine;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.Pair;
import dev.twonode.cli.rig.RigState;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A pair of real processes to which things happen, and a writer that remembers what it was told.
final class FaultPair implements AutoCloseable {

    static final String BUCKET = "kine";

    private static final ObjectMapper JSON = new ObjectMapper();

    /// A fault that needs longer to heal has not healed by itself. Busy machines need some of it.
    private static final Duration HEALING = Duration.ofSeconds(45);

    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final long LARGEST_LOG = 256L << 20;

    final Machine a;
    final Machine b;
    private final Pair pair;
    private final Terms terms = new Terms();
    private final Path folder;
    private final Path writes;
    private @Nullable Writer writer;
    private @Nullable Thread writing;
    private long faultAt = System.nanoTime();

    /// Two nodes with direct ways to each other.
    FaultPair(Path folder) {
        this(folder, NatsServerProcess.configure().start(), NatsServerProcess.configure().start());
        a.use(b.server().url(), List.of("--leader"));
        b.use(a.server().url(), List.of());
    }

    /// Two nodes whose agents are still to be told their ways.
    FaultPair(Path folder, NatsServerProcess serverOfA, NatsServerProcess serverOfB) {
        a = new Machine("a", serverOfA, folder.resolve("a"));
        b = new Machine("b", serverOfB, folder.resolve("b"));
        this.folder = folder;
        writes = folder.resolve("writes.log");
        pair = new Pair(RigState.fresh(a.port(), b.port()).nodes(), BUCKET, NatsLine::open);
        terms.listenOn(pair.line("a"));
        terms.listenOn(pair.line("b"));
    }

    /// Runs a command as an operator does, to its end.
    AgentProcess twonode(String... arguments) {
        try {
            return AgentProcess.run(Files.createTempFile(folder, "said-", ".out"), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts both nodes and waits until they are a pair.
    void start() {
        a.startAll();
        await(a, NodeState::leads, "leads");
        b.startAll();
        awaitWhole();
    }

    /// Makes the pair whole whatever was left of it.
    void heal() {
        a.startAll();
        b.startAll();
        awaitWhole();
        awaitCalm();
    }

    /// Makes the pair whole whatever was left of it, and begins to write.
    void recover() {
        a.startAll();
        b.startAll();
        awaitWhole();
        startWriter();
        awaitWrites();
        awaitCalm();
        faultAt = System.nanoTime();
    }

    /// Waits until the pair was whole for a while: on a machine that is too busy a second fault,
    /// before the first is healed, would be another test.
    private void awaitCalm() {
        long[] since = {System.nanoTime()};
        Await.await(
                "the pair is calm",
                HEALING,
                () -> {
                    if (!isWhole()) {
                        since[0] = System.nanoTime();
                    }
                    return System.nanoTime() - since[0] >= CALM.toNanos();
                });
    }

    Machine machine(String name) {
        return name.equals("a") ? a : b;
    }

    Machine peerOf(Machine one) {
        return one == a ? b : a;
    }

    Line line(Machine one) {
        return pair.line(one.name);
    }

    /// The node that leads.
    Machine leader() {
        return Await.awaitValue(
                "a node leads",
                HEALING,
                () ->
                        pair.leads("a")
                                ? Optional.of(a)
                                : pair.leads("b") ? Optional.of(b) : Optional.empty());
    }

    Machine follower() {
        return peerOf(leader());
    }

    Optional<NodeState> state(Machine one) {
        return pair.ask(one.name);
    }

    /// What the agent of a node answers to a request.
    Optional<JsonNode> request(Machine one, String what, String body) {
        return pair.request(one.name, what, body, Duration.ofSeconds(20));
    }

    /// Waits until a node says something of itself.
    void await(Machine one, Predicate<NodeState> condition, String what) {
        try {
            Await.await(
                    "node " + one.name + " " + what,
                    HEALING,
                    () -> pair.ask(one.name).filter(condition).isPresent());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + situation(), e);
        }
    }

    /// Waits until a node says that word of itself.
    JsonNode awaitHealth(Machine one, String health) {
        try {
            return Await.awaitValue(
                    one.name + " says " + health,
                    HEALING,
                    () ->
                            request(one, "state", "")
                                    .filter(state -> state.path("health").asText().equals(health)));
        } catch (AssertionError e) {
            throw new AssertionError(situation(), e);
        }
    }

    void awaitLeads(Machine one) {
        await(one, NodeState::leads, "leads");
    }

    /// Waits until one node leads and the other is in sync.
    void awaitWhole() {
        try {
            Await.await("one node leads and the other is in sync", HEALING, this::isWhole);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + situation(), e);
        }
    }

    private boolean isWhole() {
        Optional<NodeState> one = pair.ask("a");
        Optional<NodeState> other = pair.ask("b");
        return one.isPresent()
                && other.isPresent()
                && one.get().leads() != other.get().leads()
                && one.get().inSync()
                && other.get().inSync();
    }

    String situation() {
        return "a: %s%nb: %s%n%s%n%s"
                .formatted(pair.inWords("a"), pair.inWords("b"), a.tail(), b.tail());
    }

    /// What every fault ends with: one leads, the other is in sync, both hold the same messages,
    /// and nothing that was acknowledged is lost.
    ///
    /// @param what the fault in words, for the report
    void assertHealed(String what) {
        awaitWhole();
        long whole = System.nanoTime();
        awaitWrites();
        stopWriter();
        assertSame();
        Verdict verdict = verdict();
        assertThat(verdict.isGood()).as(what + ": " + verdict.complaints()).isTrue();
        assertThat(terms.conflicts()).as(what + ": terms with two leaders").isEmpty();
        System.out.printf(
                "%s: whole after %.1f s, longest pause of writes %.2f s, acknowledged %d in all,"
                        + " lost %d, only on a lost leader %d%n",
                what,
                (whole - faultAt) / 1e9,
                verdict.longestPause() / 1e9,
                verdict.acknowledged(),
                verdict.lost(),
                verdict.onlyOnLostLeader());
    }

    /// Both streams are the same, message by message. Nobody writes, but what a lease that runs out
    /// makes a kine remove.
    void assertSame() {
        List<StreamImage> images =
                Await.awaitValue(
                        "both streams are read while they end alike",
                        HEALING,
                        () -> {
                            long end = last(a);
                            if (end < 0 || last(b) != end) {
                                return Optional.empty();
                            }
                            StreamImage one = new StreamReader(line(a), BUCKET).read();
                            StreamImage other = new StreamReader(line(b), BUCKET).read();
                            boolean still = last(a) == end && last(b) == end;
                            return still ? Optional.of(List.of(one, other)) : Optional.empty();
                        });
        assertThat(images.getLast().entries())
                .as(situation())
                .isEqualTo(images.getFirst().entries());
    }

    /// Last sequence of a node's stream, as its server says; -1 when it does not.
    long last(Machine one) {
        return info(one).map(info -> info.path("state").path("last_seq").asLong()).orElse(-1L);
    }

    private Optional<JsonNode> info(Machine one) {
        return api(one, "STREAM.INFO.KV_" + BUCKET, "").filter(info -> info.has("state"));
    }

    /// Sends a request to the JetStream API of a node's server.
    Optional<JsonNode> api(Machine one, String what, String body) {
        return call(one, "$JS.API." + what, body);
    }

    /// Writes straight to a node's server, as a client that knows no better.
    ///
    /// @return the sequence, empty when the write was not accepted
    Optional<Long> put(Machine one, String key, String value) {
        return call(one, "$KV." + BUCKET + "." + key, value)
                .filter(answer -> !answer.has("error"))
                .map(answer -> answer.path("seq").asLong());
    }

    private Optional<JsonNode> call(Machine one, String subject, String body) {
        try {
            byte[] answer =
                    line(one)
                            .request(subject, Map.of(), body.getBytes(StandardCharsets.UTF_8))
                            .get(10, TimeUnit.SECONDS);
            return Optional.ofNullable(JSON.readTree(answer));
        } catch (ExecutionException | TimeoutException | IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Begins to write, unless it does already.
    private void startWriter() {
        if (writer != null) {
            return;
        }
        try {
            WriteLog log = new WriteLog(writes, LARGEST_LOG);
            long next = history().total() + 1;
            Writer one =
                    new Writer(
                            List.of("a", "b"),
                            List.of(pair.line("a"), pair.line("b")),
                            BUCKET,
                            log,
                            new Writer.Pace(next, INTERVAL));
            writer = one;
            writing = one.begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stopWriter() {
        Writer one = writer;
        Thread thread = writing;
        if (one == null || thread == null) {
            return;
        }
        one.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        writer = null;
    }

    /// Waits until some more writes were accepted.
    void awaitWrites() {
        long before = history().total();
        Await.await("writes go on", HEALING, () -> history().total() >= before + 20);
    }

    private WriteHistory history() {
        try {
            return WriteHistory.read(writes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Verdict verdict() {
        WriteHistory history = history();
        try {
            return Verdict.of(
                    history,
                    new StreamReader(line(leader()), BUCKET).read(),
                    new Keys(BUCKET),
                    faultAt);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stopWriter();
        pair.close();
        a.close();
        b.close();
    }
}
