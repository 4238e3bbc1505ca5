package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.Installation;
import dev.twonode.cli.rig.Kubernetes;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.NodeProcesses.ServerExtras;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Nodes that are processes of this machine, and survive the command that started them. Every start
/// is noted in the folder and in [Undo] before anything else happens.
final class LocalBackend implements Backend {

    private static final String NOT_STARTED = "not started";

    private static final int FIRST_PORT = 4222;
    private static final int FIRST_GATEWAY = 4240;
    private static final int FIRST_KINE = 2379;
    private static final int FIRST_API = 6443;

    /// K3s takes ports beside the one that it is given.
    private static final int APART = 10;

    private static final Duration POLITE = Duration.ofSeconds(20);

    private final NodeProcesses processes;
    private final Ledger ledger;
    private final Narrator say;
    private final Undo undo;
    private final LocalKine kine;
    private final LocalKubernetes kubernetes;

    LocalBackend(NodeProcesses processes, Ledger ledger, Narrator say, Undo undo) {
        this.processes = processes;
        this.ledger = ledger;
        this.say = say;
        this.undo = undo;
        this.kine = new LocalKine(processes, ledger, say, undo);
        this.kubernetes = new LocalKubernetes(processes.installation(), ledger, say, undo);
    }

    /// A pair on free ports of which nothing was started yet.
    static RigState fresh() {
        int portOfA = NodeProcesses.freePort(FIRST_PORT, 0);
        return RigState.fresh(portOfA, NodeProcesses.freePort(portOfA + 1, portOfA));
    }

    /// The same, with a gateway on each node, and with what else this machine has.
    ///
    /// @param wanted the Kubernetes that is wanted
    static RigState fresh(Installation installation, Kubernetes wanted, MachineK3s machine) {
        RigState state = fresh();
        boolean hasKine = installation.here("kine").isPresent();
        Kubernetes found = LocalKubernetes.choose(installation, wanted, hasKine, machine);
        int gateway = FIRST_GATEWAY;
        int nextKine = FIRST_KINE;
        int nextApi = FIRST_API;
        for (RigState.Node node : state.nodes()) {
            gateway = NodeProcesses.freePort(gateway, 0);
            int kine = hasKine ? NodeProcesses.freePort(nextKine, 0) : 0;
            int api = found == Kubernetes.NONE ? 0 : NodeProcesses.freePort(nextApi, 0);
            int controllers = api == 0 ? 0 : NodeProcesses.freePort(api + 2, 0);
            state = state.with(node.withPorts(new RigState.Ports(gateway, kine, api, controllers)));
            gateway++;
            nextKine = kine + 1;
            nextApi = controllers + APART;
        }
        return state.with(found);
    }

    @Override
    public void bringUpBeside(String name) {
        kine.bringUp(name);
        kubernetes.bringUp(name);
    }

    @Override
    public boolean kineWentOn(String name) {
        return kine.wentOn(name);
    }

    @Override
    public void bringUp(String name) {
        startServer(ledger.state().node(name));
        startAgent(ledger.state().node(name));
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
                        ledger.change(
                                node.withServer(
                                        processes.startServer(node, program, ServerExtras.NONE))),
                () -> endServer(node.name(), false));
        say.done(
                "server "
                        + node.name()
                        + " takes connections on "
                        + node.address()
                        + " (pid "
                        + pid(ledger.state().node(node.name()).aliveServer())
                        + ")",
                since(began));
    }

    private void startAgent(RigState.Node node) {
        Optional<ProcessTag> running = node.aliveAgent();
        if (running.isPresent()) {
            say.done("agent " + node.name() + " is already running (pid " + pid(running) + ")");
            return;
        }
        RigState.Node peer = ledger.state().peerOf(node.name());
        boolean designated = ledger.state().isDesignated(node.name());
        say.command(
                "twonode " + String.join(" ", processes.agentArguments(node, peer, designated)));
        undo.whole(
                () -> ledger.change(node.withAgent(processes.startAgent(node, peer, designated))),
                () -> endAgent(node.name(), false));
        say.done(
                "agent "
                        + node.name()
                        + " started (pid "
                        + pid(ledger.state().node(node.name()).aliveAgent())
                        + ")");
    }

    @Override
    public void kill(String name) {
        RigState.Node node = ledger.state().node(name);
        List<ProcessTag> all = new ArrayList<>();
        node.aliveAgent().ifPresent(all::add);
        node.aliveServer().ifPresent(all::add);
        all.addAll(node.aliveBeside());
        say.command(
                "kill -9 " + all.stream().map(LocalBackend::pid).collect(Collectors.joining(" ")));
        Spawner.kill(all);
        ledger.change(node.withNothing());
        say.done("all of node " + name + " is dead");
    }

    @Override
    public void end(String name) {
        kubernetes.end(name);
        kine.end(name);
        endAgent(name, true);
        endServer(name, true);
    }

    private void endAgent(String name, boolean polite) {
        RigState.Node node = ledger.state().node(name);
        node.aliveAgent().ifPresent(process -> end(process, polite));
        ledger.change(node.withAgent(null));
    }

    private void endServer(String name, boolean polite) {
        RigState.Node node = ledger.state().node(name);
        node.aliveServer().ifPresent(process -> end(process, polite));
        ledger.change(node.withServer(null));
    }

    private static void end(ProcessTag process, boolean polite) {
        if (polite) {
            Spawner.stop(process, POLITE);
        } else {
            Spawner.kill(process);
        }
    }

    @Override
    public void erase() {
        ledger.state().running().forEach(Spawner::kill);
        MachineK3s.beside(ledger.folder().root()).removeLinks();
    }

    @Override
    public boolean isUp(String node) {
        return ledger.state().node(node).isUp();
    }

    @Override
    public boolean anythingRuns() {
        return ledger.state().nodes().stream()
                .anyMatch(node ->
                        node.aliveServer().isPresent()
                                || node.aliveAgent().isPresent()
                                || !node.aliveBeside().isEmpty());
    }

    @Override
    public List<Part> parts(String name) {
        RigState.Node node = ledger.state().node(name);
        List<Part> parts = new ArrayList<>();
        String gone = node.killedAs() == null ? NOT_STARTED : "killed";
        parts.add(part("server " + name, Optional.ofNullable(node.server()), gone));
        parts.add(part("agent " + name, Optional.ofNullable(node.agent()), gone));
        node.beside()
                .forEach((program, process) ->
                        parts.add(part(program + " " + name, Optional.of(process))));
        return parts;
    }

    /// A process and whether it runs.
    static Part part(String name, Optional<ProcessTag> process) {
        return part(name, process, NOT_STARTED);
    }

    private static Part part(String name, Optional<ProcessTag> process, String gone) {
        return new Part(
                name,
                process.map(tag -> tag.isAlive() ? "runs (pid " + tag.pid() + ")" : "ended")
                        .orElse(gone));
    }

    @Override
    public String lastWords(String node) {
        return NodeProcesses.tail(processes.agentLog(node));
    }

    @Override
    public String serverLog(String node) {
        return processes.serverLog(node).toString();
    }

    @Override
    public List<String> views(String node) {
        return kubernetes.views(node);
    }

    @Override
    public boolean knowsWorkload(String node) {
        return kubernetes.knowsWorkload(node);
    }

    private static String pid(ProcessTag process) {
        return Long.toString(process.pid());
    }

    private static String pid(Optional<ProcessTag> process) {
        return process.map(LocalBackend::pid).orElse("gone");
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
