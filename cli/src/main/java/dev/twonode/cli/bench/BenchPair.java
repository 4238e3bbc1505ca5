package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.probe.Accepted;
import dev.twonode.cli.probe.Keys;
import dev.twonode.cli.probe.StreamReader;
import dev.twonode.cli.probe.Verdict;
import dev.twonode.cli.probe.WriteHistory;
import dev.twonode.cli.probe.WriteLog;
import dev.twonode.cli.probe.Writer;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.NatsLine;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.NodeProcesses.ServerExtras;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.Pair;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A pair under measurement: two servers, two agents, and a writer in this process.
final class BenchPair implements AutoCloseable {

    static final String BUCKET = "kine";

    /// The node that does not lead first.
    static final String SECOND = "b";

    private static final String KINE = "kine";
    private static final Duration ROLE = Duration.ofMinutes(2);

    /// So long a pair must have been in sync before it is disturbed.
    private static final Duration CALM = Duration.ofMillis(500);

    private static final long LARGEST_LOG = 256L << 20;

    private final NodeProcesses processes;
    private final Path natsServer;
    private final Pair pair;
    private RigState state;
    private boolean kept;
    private @Nullable Thread writing;
    private @Nullable Writer writer;

    /// @param keep whether to leave the folder where it is
    BenchPair(NodeProcesses processes, boolean keep) {
        this(processes, keep, bare());
    }

    private BenchPair(NodeProcesses processes, boolean keep, RigState state) {
        this.processes = processes;
        this.kept = keep;
        this.natsServer = processes.installation().natsServer();
        this.state = state;
        this.pair = new Pair(state.nodes(), BUCKET, NatsLine::open);
        // So that an interrupted run leaves nothing behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::clear, "bench-end"));
    }

    private static RigState bare() {
        int portOfA = NodeProcesses.freePort(14_222, 0);
        return RigState.fresh(portOfA, NodeProcesses.freePort(portOfA + 1, portOfA));
    }

    /// A pair whose agents have gateways, and where there is room for a kine on each.
    static BenchPair withGateways(NodeProcesses processes, boolean keep) {
        RigState state = bare();
        int port = 14_240;
        for (RigState.Node node : state.nodes()) {
            int gateway = NodeProcesses.freePort(port, 0);
            int kine = NodeProcesses.freePort(gateway + 1, 0);
            port = kine + 1;
            state = state.with(node.withPorts(new RigState.Ports(gateway, kine, 0, 0)));
        }
        return new BenchPair(processes, keep, state);
    }

    Pair pair() {
        return pair;
    }

    RigState.Node node(String name) {
        return state.node(name);
    }

    String peerOf(String name) {
        return state.peerOf(name).name();
    }

    /// Starts the server of a node.
    void startServer(String name) {
        startServer(name, ServerExtras.NONE);
    }

    /// Starts the server of a node, told more than usual, and waits for its JetStream.
    void startServer(String name, ServerExtras extra) {
        change(node(name).withServer(processes.startServer(node(name), natsServer, extra)));
        await(
                () -> Api.ask(pair.line(name), "$JS.API.INFO", "").isPresent(),
                () -> "the server of node " + name + " does not answer");
    }

    /// Starts the agent of a node.
    void startAgent(String name) {
        RigState.Node node = node(name);
        ProcessTag agent = processes.startAgent(node, state.peerOf(name), state.isDesignated(name));
        change(node.withAgent(agent));
    }

    /// Starts the agent of a node with another way to its peer.
    void startAgent(String name, String peerUrl) {
        RigState.Node node = node(name);
        RigState.Node peer = state.peerOf(name);
        List<String> command =
                new ArrayList<>(processes.agentArguments(node, peer, state.isDesignated(name)));
        command.replaceAll(word -> word.equals(peer.url()) ? peerUrl : word);
        command.addFirst(processes.installation().launcher().toString());
        change(node.withAgent(Spawner.start(command, processes.agentLog(name))));
    }

    /// Starts the kine of a node and waits until it takes connections.
    ///
    /// @param endpoint where it finds its bucket
    void startKine(String name, String endpoint) {
        Path kine = processes.installation().kine();
        change(node(name).withBeside(KINE, processes.startKine(node(name), kine, endpoint)));
        int port = node(name).ports().kine();
        await(
                () -> !kineRuns(name) || NodeProcesses.takes(port),
                () -> "the kine of node " + name + " takes no connections");
        await(() -> kineRuns(name), () -> "the kine of node " + name + " has ended");
    }

    void killKine(String name) {
        node(name).aliveBeside(KINE).ifPresent(Spawner::kill);
        change(node(name).withBeside(KINE, null));
    }

    boolean kineRuns(String name) {
        return node(name).aliveBeside(KINE).isPresent();
    }

    /// Starts both nodes, the designated one first, and waits until they are in sync.
    void start() {
        startServer("a");
        startServer("b");
        startAgent("a");
        await("a", NodeState::leads);
        startAgent("b");
        awaitInSync("b");
    }

    ProcessTag server(String name) {
        return node(name).aliveServer().orElseThrow();
    }

    ProcessTag agent(String name) {
        return node(name).aliveAgent().orElseThrow();
    }

    /// The node that leads a pair at rest, waiting until there is one: both are in sync, and a
    /// moment later still so.
    String settled() {
        String[] leader = {""};
        await(
                () -> {
                    leader[0] = leads("a") ? "a" : "b";
                    boolean before = isInSync(leader[0]);
                    Waiting.rest(before ? CALM : Duration.ZERO);
                    return before && isInSync(leader[0]);
                },
                () -> "a: %s, b: %s".formatted(pair.inWords("a"), pair.inWords("b")));
        return leader[0];
    }

    private boolean isInSync(String leader) {
        return pair.ask(leader).filter(one -> one.leads() && !one.alone()).isPresent()
                && pair.ask(peerOf(leader)).filter(one -> !one.leads() && one.inSync()).isPresent();
    }

    private boolean leads(String name) {
        return pair.leads(name);
    }

    /// Waits until a follower and its leader say that they are in sync.
    void awaitInSync(String follower) {
        await(follower, one -> !one.leads() && one.inSync());
        await(peerOf(follower), one -> one.leads() && !one.alone());
    }

    /// Waits until a node says something of itself.
    void await(String name, Predicate<NodeState> condition) {
        await(
                () -> pair.ask(name).filter(condition).isPresent(),
                () -> "node " + name + " did not get there: " + pair.inWords(name));
    }

    private void await(BooleanSupplier condition, Supplier<String> otherwise) {
        if (!Waiting.until(condition, ROLE)) {
            kept = true;
            throw new Failure(
                    ExitCode.FAILURE,
                    "the benchmark cannot go on",
                    otherwise.get(),
                    "look into the logs in " + processes.folder().root());
        }
    }

    /// Last sequence of the stream of a node, as its server says.
    long lastSequence(String name) {
        return stream(name).map(info -> info.path("state").path("last_seq").asLong()).orElse(-1L);
    }

    private Optional<JsonNode> stream(String name) {
        return Api.ask(pair.line(name), "$JS.API.STREAM.INFO.KV_" + BUCKET, "")
                .filter(info -> info.has("state"));
    }

    /// Begins to write, one write after the other.
    void startWriter(Duration interval) {
        List<String> names = state.nodes().stream().map(RigState.Node::name).toList();
        List<Line> lines = names.stream().map(pair::line).toList();
        WriteLog log;
        try {
            log = new WriteLog(processes.folder().writes(), LARGEST_LOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Writer one = new Writer(names, lines, BUCKET, log, new Writer.Pace(1, interval));
        writer = one;
        writing = one.begin();
    }

    void stopWriter() throws InterruptedException {
        if (writer != null && writing != null) {
            writer.close();
            writing.join();
        }
        writer = null;
    }

    /// Waits for the first write that another node than `old` accepted after a moment.
    ///
    /// @return milliseconds from that moment to its acceptance
    long firstWriteElsewhere(String old, long sinceNanos) {
        long[] found = {-1};
        await(
                () -> {
                    Waiting.rest(Duration.ofMillis(50));
                    found[0] = firstWriteElsewhere(history(), old, sinceNanos);
                    return found[0] >= 0;
                },
                () ->
                        "nobody but node %s accepted a write; a: %s, b: %s"
                                .formatted(old, pair.inWords("a"), pair.inWords("b")));
        return found[0];
    }

    private static long firstWriteElsewhere(WriteHistory history, String old, long sinceNanos) {
        for (Accepted write : history.writes()) {
            if (write.acceptedNanos() - sinceNanos > 0
                    && !history.reigns().get(write.reign()).node().equals(old)) {
                return Math.round((write.acceptedNanos() - sinceNanos) / 1e6);
            }
        }
        return -1;
    }

    WriteHistory history() {
        try {
            return WriteHistory.read(processes.folder().writes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What became of all writes so far.
    Verdict verdict() throws InterruptedException {
        WriteHistory history = history();
        try {
            return Verdict.of(
                    history,
                    new StreamReader(pair.line(settled()), BUCKET).read(),
                    new Keys(BUCKET),
                    0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends a process of a node at once.
    void killServer(String name) {
        Spawner.kill(server(name));
    }

    /// Ends server and agent at once.
    void killNode(String name) {
        Spawner.kill(List.of(agent(name), server(name)));
    }

    void killAgent(String name) {
        Spawner.kill(agent(name));
    }

    private void killAll() {
        state.running().forEach(Spawner::kill);
    }

    private void change(RigState.Node node) {
        state = state.with(node);
        processes.folder().write(state);
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
        pair.close();
        clear();
    }

    private void clear() {
        killAll();
        if (!kept) {
            processes.folder().delete();
        }
    }
}
