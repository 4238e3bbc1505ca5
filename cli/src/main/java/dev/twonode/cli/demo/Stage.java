package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.NodeProcesses.ServerExtras;
import dev.twonode.cli.rig.Pair;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The demo's pair during one step: what runs, and the ways to start and end it. Every start is
/// noted in the folder and in [Undo] before anything else happens.
final class Stage implements AutoCloseable {

    static final String BUCKET = "kine";

    private static final int FIRST_PORT = 4222;
    private static final Duration POLITE = Duration.ofSeconds(20);

    private final RigFolder folder;
    private final NodeProcesses processes;
    private final Narrator say;
    private final Undo undo;
    private final Function<String, Line> connector;
    private RigState state;
    private @Nullable Pair pair;

    /// @param connector makes a connection to the server at an address
    Stage(NodeProcesses processes, Narrator say, Undo undo, Function<String, Line> connector) {
        this.folder = processes.folder();
        this.processes = processes;
        this.say = say;
        this.undo = undo;
        this.connector = connector;
        this.state = folder.read().orElseGet(Stage::fresh);
    }

    private static RigState fresh() {
        int portOfA = NodeProcesses.freePort(FIRST_PORT, 0);
        return RigState.fresh(portOfA, NodeProcesses.freePort(portOfA + 1, portOfA));
    }

    RigState state() {
        return state;
    }

    RigFolder folder() {
        return folder;
    }

    NodeProcesses processes() {
        return processes;
    }

    /// The connections to both servers, made when first needed.
    Pair pair() {
        @Nullable Pair open = pair;
        if (open == null) {
            open = new Pair(state.nodes(), BUCKET, connector);
            pair = open;
        }
        return open;
    }

    /// Starts the server and the agent of a node, those that do not run yet.
    void bringUp(String name) {
        startServer(state.node(name));
        startAgent(state.node(name));
    }

    private void startServer(RigState.Node node) {
        Optional<ProcessTag> running = node.aliveServer();
        if (running.isPresent()) {
            say.done("server " + node.name() + " is already running (pid " + pid(running) + ")");
            return;
        }
        if (!NodeProcesses.isFree(node.port())) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "the NATS server of node " + node.name() + " cannot start",
                    "port " + node.port() + ", which this demo uses, is taken by another program",
                    "stop that program, or begin anew on other ports: twonode demo clean");
        }
        Path program = processes.installation().natsServer();
        say.command("nats-server -c " + processes.serverConfig(node.name()));
        long began = System.nanoTime();
        undo.whole(
                () ->
                        change(
                                node.withServer(
                                        processes.startServer(node, program, ServerExtras.NONE))),
                () -> endServer(node.name(), false));
        say.done(
                "server "
                        + node.name()
                        + " takes connections on "
                        + node.address()
                        + " (pid "
                        + pid(state.node(node.name()).aliveServer())
                        + ")",
                since(began));
    }

    private void startAgent(RigState.Node node) {
        Optional<ProcessTag> running = node.aliveAgent();
        if (running.isPresent()) {
            say.done("agent " + node.name() + " is already running (pid " + pid(running) + ")");
            return;
        }
        RigState.Node peer = state.peerOf(node.name());
        boolean designated = state.isDesignated(node.name());
        say.command(
                "twonode " + String.join(" ", processes.agentArguments(node, peer, designated)));
        undo.whole(
                () -> change(node.withAgent(processes.startAgent(node, peer, designated))),
                () -> endAgent(node.name(), false));
        say.done(
                "agent "
                        + node.name()
                        + " started (pid "
                        + pid(state.node(node.name()).aliveAgent())
                        + ")");
    }

    /// Whether the writer runs.
    boolean writerRuns() {
        return Optional.ofNullable(state.writer()).filter(ProcessTag::isAlive).isPresent();
    }

    /// Starts the writer in the background unless it runs.
    void startWriter() {
        if (writerRuns()) {
            return;
        }
        List<String> command =
                List.of(
                        processes.installation().launcher().toString(),
                        "demo",
                        "probe",
                        "--dir",
                        folder.root().toString());
        undo.whole(
                () -> change(state.withWriter(Spawner.start(command, folder.writerLog()))),
                this::endWriter);
        say.done(
                "a writer started; it writes to whichever node leads (pid "
                        + pid(Optional.ofNullable(state.writer()))
                        + ")");
    }

    /// Ends the agent and the server of a node at once, as a power cut would.
    void kill(String name, String role) {
        RigState.Node node = state.node(name);
        undo.whole(() -> {
            node.aliveAgent().ifPresent(Spawner::kill);
            node.aliveServer().ifPresent(Spawner::kill);
            change(node.killedAs(role));
        });
    }

    /// Ends a node in order, or at once.
    void endAgent(String name, boolean polite) {
        RigState.Node node = state.node(name);
        node.aliveAgent().ifPresent(process -> end(process, polite));
        change(node.withAgent(null));
    }

    /// Ends the server of a node in order, or at once.
    void endServer(String name, boolean polite) {
        RigState.Node node = state.node(name);
        node.aliveServer().ifPresent(process -> end(process, polite));
        change(node.withServer(null));
    }

    /// Ends the writer. It keeps no promise that an end at any moment could break.
    void endWriter() {
        Optional.ofNullable(state.writer()).ifPresent(process -> end(process, true));
        change(state.withWriter(null));
    }

    /// Removes what an earlier demo left behind, and begins with free ports.
    void eraseLeftovers() {
        erase();
        state = fresh();
    }

    /// Ends everything at once and removes what the demo keeps in its folder.
    void erase() {
        state.running().forEach(Spawner::kill);
        if (folder.read().isPresent()) {
            folder.delete();
        }
    }

    /// Remembers which node leads.
    void nowLeads(String name) {
        if (!state.leads().equals(name)) {
            change(state.withLeader(name));
        }
    }

    @Override
    public void close() {
        if (pair != null) {
            pair.close();
        }
    }

    private RigState change(RigState.Node node) {
        return change(state.with(node));
    }

    private RigState change(RigState changed) {
        folder.write(changed);
        state = changed;
        return changed;
    }

    private static void end(ProcessTag process, boolean polite) {
        if (polite) {
            Spawner.stop(process, POLITE);
        } else {
            Spawner.kill(process);
        }
    }

    private static String pid(Optional<ProcessTag> process) {
        return process.map(tag -> Long.toString(tag.pid())).orElse("gone");
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
