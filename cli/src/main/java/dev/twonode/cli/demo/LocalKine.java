package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The kine of each local node, where the demo has one. It knows only the gateway beside it.
final class LocalKine {

    private static final String KINE = "kine";
    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration POLITE = Duration.ofSeconds(10);

    private final NodeProcesses processes;
    private final Ledger ledger;
    private final Narrator say;
    private final Undo undo;

    LocalKine(NodeProcesses processes, Ledger ledger, Narrator say, Undo undo) {
        this.processes = processes;
        this.ledger = ledger;
        this.say = say;
        this.undo = undo;
    }

    private RigState.Node node(String name) {
        return ledger.state().node(name);
    }

    private boolean isWanted(String name) {
        return node(name).ports().kine() != 0;
    }

    /// Starts it unless it runs, and waits until it takes connections.
    void bringUp(String name) {
        RigState.Node node = node(name);
        Optional<ProcessTag> running = node.aliveBeside(KINE);
        if (!isWanted(name)) {
            say.explain(
                    "There is no kine on this machine, so the demo does without; demo-scripts/tools"
                            + " in a checkout fetches one.");
            return;
        }
        if (running.isPresent()) {
            say.done("kine %s is already running (pid %d)".formatted(name, running.get().pid()));
            return;
        }
        String endpoint = node.kineEndpoint();
        Path program = processes.installation().kine();
        say.command("kine " + String.join(" ", NodeProcesses.kineArguments(node, endpoint)));
        undo.whole(
                () ->
                        ledger.change(
                                node.withBeside(
                                        KINE, processes.startKine(node, program, endpoint))),
                () -> kill(name));
        int port = node.ports().kine();
        boolean takes =
                say.await(
                        "kine %s takes connections on localhost:%d".formatted(name, port),
                        () -> "",
                        () -> !runs(name) || NodeProcesses.takes(port),
                        () -> runs(name),
                        START);
        if (!takes) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "the kine of node " + name + " did not start",
                    NodeProcesses.tail(processes.kineLog(name)),
                    "");
        }
    }

    private boolean runs(String name) {
        return node(name).aliveBeside(KINE).isPresent();
    }

    /// Looks whether it is still the process that was started.
    boolean wentOn(String name) {
        if (!isWanted(name)) {
            return true;
        }
        Optional<ProcessTag> started = Optional.ofNullable(node(name).beside().get(KINE));
        if (started.isEmpty()) {
            return true;
        }
        if (!started.get().isAlive()) {
            say.wrong(
                    "the kine of node %s has ended; %s"
                            .formatted(name, NodeProcesses.tail(processes.kineLog(name))));
            return false;
        }
        say.done(
                "kine %s is the same process as ever (pid %d)"
                        .formatted(name, started.get().pid()));
        return true;
    }

    /// Ends it in order.
    void end(String name) {
        node(name).aliveBeside(KINE).ifPresent(process -> Spawner.stop(process, POLITE));
        ledger.change(node(name).withBeside(KINE, null));
    }

    private void kill(String name) {
        node(name).aliveBeside(KINE).ifPresent(Spawner::kill);
        ledger.change(node(name).withBeside(KINE, null));
    }
}
