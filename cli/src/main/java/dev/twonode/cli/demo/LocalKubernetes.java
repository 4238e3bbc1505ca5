package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.Installation;
import dev.twonode.cli.rig.Kubernetes;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The Kubernetes of each local node, where the demo has one. It knows only the kine beside it.
final class LocalKubernetes {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration COMMAND = Duration.ofSeconds(30);
    private static final Duration POLITE = Duration.ofSeconds(20);
    private static final int LINES_SHOWN = 6;
    private static final String K3S = "k3s";
    private static final String API_SERVER = "kube-apiserver";
    private static final String CONTROLLERS = "kube-controller-manager";
    private static final String KUBECTL = "kubectl";

    private final Installation installation;
    private final Ledger ledger;
    private final Narrator say;
    private final Undo undo;

    LocalKubernetes(Installation installation, Ledger ledger, Narrator say, Undo undo) {
        this.installation = installation;
        this.ledger = ledger;
        this.say = say;
        this.undo = undo;
    }

    /// What can be had of what is wanted.
    static Kubernetes choose(
            Installation installation, Kubernetes wanted, boolean hasKine, MachineK3s machine) {
        boolean usable = hasKine && Spawner.onPath(KUBECTL).isPresent();
        boolean k3s = usable && Spawner.onPath(K3S).isPresent();
        Optional<Path> trace = machine.trace();
        if (wanted == Kubernetes.K3S && trace.isPresent()) {
            throw inTheWay(trace.get());
        }
        return switch (wanted) {
            case NONE -> Kubernetes.NONE;
            case AUTO ->
                    k3s && trace.isEmpty()
                            ? Kubernetes.K3S
                            : usable && hasApiServer(installation)
                                    ? Kubernetes.APISERVER
                                    : Kubernetes.NONE;
            case K3S -> required(k3s, wanted, "kine, kubectl and k3s have to be on this machine");
            case APISERVER ->
                    required(
                            usable && hasApiServer(installation),
                            wanted,
                            "kine, kubectl, kube-apiserver and kube-controller-manager have to be"
                                    + " on this machine");
        };
    }

    private static boolean hasApiServer(Installation installation) {
        return installation.here(API_SERVER).isPresent()
                && installation.here(CONTROLLERS).isPresent();
    }

    private static Kubernetes required(boolean there, Kubernetes wanted, String needs) {
        if (!there) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "the demo cannot run with --kubernetes=" + wanted,
                    needs,
                    "demo-scripts/tools kine kube-apiserver kube-controller-manager in a checkout"
                            + " makes all but kubectl and k3s; or leave the option out");
        }
        return wanted;
    }

    private static Failure inTheWay(Path trace) {
        return new Failure(
                ExitCode.REFUSED,
                "the demo does not run with --kubernetes=" + Kubernetes.K3S,
                trace
                        + " belongs to a K3s of this machine: the demo's would take its settings"
                        + " and replace its file for kubectl",
                "leave the option out, or use --backend=compose, where K3s is in containers");
    }

    private boolean isWanted() {
        return ledger.state().kubernetes() != Kubernetes.NONE;
    }

    private RigState.Node node(String name) {
        return ledger.state().node(name);
    }

    /// Starts it unless it runs, waits until it is ready, and gives it something to run.
    void bringUp(String name) {
        if (!isWanted()) {
            return;
        }
        KubernetesFiles files = files();
        files.prepare();
        if (ledger.state().kubernetes() == Kubernetes.K3S) {
            start(name, K3S, Spawner.onPath(K3S), files.k3s(node(name)));
            awaitReady(name);
        } else {
            start(name, API_SERVER, installation.here(API_SERVER), files.apiServer(node(name)));
            awaitReady(name);
            start(name, CONTROLLERS, installation.here(CONTROLLERS), files.controllers(node(name)));
        }
        apply(name);
    }

    private KubernetesFiles files() {
        return new KubernetesFiles(ledger.folder(), ledger.state());
    }

    private void start(String name, String program, Optional<Path> found, List<String> arguments) {
        Optional<ProcessTag> running = node(name).aliveBeside(program);
        if (running.isPresent()) {
            say.done(
                    "%s %s is already running (pid %d)"
                            .formatted(program, name, running.get().pid()));
            return;
        }
        Path path =
                found.orElseThrow(() ->
                        new Failure(
                                ExitCode.FAILURE,
                                program + " is not on this machine any more",
                                "this demo was begun with it",
                                "twonode demo clean, then begin anew"));
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(arguments);
        undo.whole(
                () ->
                        ledger.change(
                                node(name)
                                        .withBeside(
                                                program,
                                                Spawner.start(command, log(name, program)))),
                () -> kill(name, program));
        say.done(
                "%s %s started (pid %d)"
                        .formatted(
                                program,
                                name,
                                node(name).aliveBeside(program).map(ProcessTag::pid).orElse(0L)));
    }

    private String server() {
        return ledger.state().kubernetes() == Kubernetes.K3S ? K3S : API_SERVER;
    }

    private Path log(String name, String program) {
        return ledger.folder().of(name).resolve(program + ".log");
    }

    private void awaitReady(String name) {
        String program = server();
        boolean ready =
                say.await(
                        "Kubernetes of node " + name + " is ready",
                        () -> "",
                        () ->
                                node(name).aliveBeside(program).isEmpty()
                                        || kubectl(name, List.of("get", "--raw=/readyz"))
                                                .isPresent(),
                        () -> node(name).aliveBeside(program).isPresent(),
                        READY);
        if (!ready) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "the Kubernetes of node " + name + " did not start",
                    NodeProcesses.tail(log(name, program)),
                    "");
        }
    }

    private void apply(String name) {
        String file = installation.compose().resolve("workloads/nginx.yaml").toString();
        say.command(typed(name) + "apply -f " + file);
        String applied =
                kubectl(name, List.of("apply", "-f", file))
                        .orElseThrow(() ->
                                new Failure(
                                        ExitCode.FAILURE,
                                        "Kubernetes of node " + name + " takes no workload",
                                        "kubectl apply failed",
                                        NodeProcesses.tail(log(name, server()))));
        say.done(applied.strip());
    }

    /// Looks whether the workload is known, and shows it and the leases.
    boolean knowsWorkload(String name) {
        if (!isWanted()) {
            return true;
        }
        show(name, List.of("-n", "kube-system", "get", "leases"));
        show(name, List.of("get", "pods"));
        say.command(typed(name) + "get deployment nginx");
        return say.await(
                "Kubernetes of node " + name + " knows the deployment nginx",
                () -> "",
                () -> kubectl(name, List.of("get", "deployment", "nginx")).isPresent(),
                READY);
    }

    private void show(String name, List<String> arguments) {
        say.command(typed(name) + String.join(" ", arguments));
        kubectl(name, arguments).stream()
                .flatMap(String::lines)
                .limit(LINES_SHOWN)
                .forEach(say::quote);
    }

    /// What a person types to watch it.
    List<String> views(String name) {
        return isWanted()
                ? List.of(typed(name) + "-n kube-system get leases -w", typed(name) + "get pods -w")
                : List.of();
    }

    private String typed(String name) {
        return "KUBECONFIG=" + files().kubeconfig(name) + " kubectl ";
    }

    private Optional<String> kubectl(String name, List<String> arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(KUBECTL, "--kubeconfig", files().kubeconfig(name).toString()));
        command.add("--request-timeout=" + COMMAND.toSeconds() + "s");
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(COMMAND.toMillis(), TimeUnit.MILLISECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "interrupted during kubectl", "", "", e);
        }
    }

    /// Ends it in order.
    void end(String name) {
        for (String program : List.of(CONTROLLERS, API_SERVER, K3S)) {
            node(name).aliveBeside(program).ifPresent(each -> Spawner.stop(each, POLITE));
            forget(name, program);
        }
    }

    private void kill(String name, String program) {
        node(name).aliveBeside(program).ifPresent(Spawner::kill);
        forget(name, program);
    }

    private void forget(String name, String program) {
        Map<String, ProcessTag> beside = node(name).beside();
        if (beside.containsKey(program)) {
            ledger.change(node(name).withBeside(program, null));
        }
    }
}
