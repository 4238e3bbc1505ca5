package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.Compose;
import dev.twonode.cli.rig.Compose.Service;
import dev.twonode.cli.rig.Ground;
import dev.twonode.cli.rig.Installation;
import dev.twonode.cli.rig.Kubernetes;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.RigState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Nodes that are containers: NATS server, agent, kine and K3s each, as `compose.yaml` says. A copy
/// of it stands in the demo's folder, beside an `.env` with the ports, so that whoever stands there
/// too types the commands as they are printed.
final class ComposeBackend implements Backend {

    /// Between two looks at what runs, which take Docker a tenth of a second each.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration UP = Duration.ofMinutes(10);
    private static final Duration KUBERNETES = Duration.ofMinutes(4);

    private static final int KINE_PORT = 2379;
    private static final int KUBERNETES_PORT = 6443;
    private static final int APART = 100;

    private static final List<String> PASSED_ON = List.of("TWONODE_K3S_PRIVILEGED", "K3S_TOKEN");
    private static final String HEALTHY = "running, healthy";
    private static final String WORKLOAD = "workloads/nginx.yaml";

    private final Installation installation;
    private final Map<String, String> environment;
    private final Compose compose;
    private final Ledger ledger;
    private final Narrator say;
    private final Undo undo;
    private List<Service> seen = List.of();
    private long seenNanos = System.nanoTime() - LOOK.toNanos();

    /// A pair on free ports of which nothing was started yet, each node with a kine and a K3s.
    static RigState fresh() {
        RigState state = LocalBackend.fresh().on(Ground.COMPOSE).with(Kubernetes.K3S);
        int kine = KINE_PORT;
        int kubernetes = KUBERNETES_PORT;
        for (RigState.Node node : state.nodes()) {
            kine = NodeProcesses.freePort(kine, 0);
            kubernetes = NodeProcesses.freePort(kubernetes, 0);
            state = state.with(node.withPorts(new RigState.Ports(0, kine, kubernetes, 0)));
            kine++;
            kubernetes += APART;
        }
        return state;
    }

    /// @param environment the variables of this process
    ComposeBackend(
            Installation installation,
            Ledger ledger,
            Map<String, String> environment,
            Narrator say,
            Undo undo) {
        this.installation = installation;
        this.environment = environment;
        Path folder = ledger.folder().compose();
        this.compose = new Compose(folder, folder.resolve("compose.log"));
        this.ledger = ledger;
        this.say = say;
        this.undo = undo;
    }

    @Override
    public void bringUp(String node) {
        prepare();
        List<String> wanted = services(node, "nats", "kine", "k3s");
        type("up -d " + String.join(" ", wanted));
        List<String> before = running(node);
        undo.whole(() -> node, () -> kill(without(before, running(node))));
        undo.whole(() -> start(node, wanted));
        applyWorkload(node);
    }

    /// Docker starts the agent between the server and kine, each when the one before is healthy.
    private void start(String node, List<String> wanted) {
        Compose.Task task = compose.begin(with(List.of("up", "-d"), wanted));
        boolean good =
                say.await(
                        "the containers of node " + node + " run",
                        task::lastLine,
                        task::hasEnded,
                        task::isGood,
                        UP);
        looksOld();
        if (!good) {
            parts(node).forEach(this::complain);
        }
        task.finish();
    }

    /// Wherever the person stands.
    private void type(String arguments) {
        say.command("cd " + compose.folder());
        say.command("docker compose " + arguments);
    }

    private void complain(Part part) {
        if (!part.state().equals(HEALTHY)) {
            String words = compose.lastWords(part.name());
            String found = part.name() + " (" + part.state() + ")";
            say.wrong(words.isEmpty() ? found : found + ": " + words);
        }
    }

    /// Docker has started them with the rest.
    @Override
    public void bringUpBeside(String node) {}

    /// Docker starts what has ended again, and counts it.
    @Override
    public boolean kineWentOn(String node) {
        String kine = "kine" + number(node);
        boolean wentOn = running(node).contains(kine) && compose.restarts(kine) == 0;
        if (wentOn) {
            say.done(kine + " is the same process as ever");
        } else {
            say.wrong(
                    kine
                            + " has ended, whether Docker started it again or not; it said:\n  "
                            + compose.lastWords(kine).replace("\n", "\n  "));
        }
        return wentOn;
    }

    @Override
    public void kill(String node) {
        type("kill " + String.join(" ", all(node)));
        kill(running(node));
        say.done("the containers of node " + node + " are dead");
    }

    private void kill(List<String> services) {
        // Without a name, Docker would take all.
        if (!services.isEmpty()) {
            compose.run(with(List.of("kill"), services));
        }
        looksOld();
    }

    @Override
    public void end(String node) {
        // One after the other: what is stopped in one go, Docker stops in an order of its own.
        for (String service : all(node).reversed()) {
            compose.run(List.of("stop", service));
        }
        looksOld();
    }

    @Override
    public void erase() {
        if (Files.exists(compose.folder().resolve("compose.yaml"))) {
            compose.run(List.of("down", "--volumes", "--timeout", "0"));
            looksOld();
        }
    }

    @Override
    public boolean isUp(String node) {
        return running(node).containsAll(services(node, "nats", "twonode"));
    }

    @Override
    public boolean anythingRuns() {
        return look().stream().anyMatch(Service::runs);
    }

    @Override
    public List<Part> parts(String node) {
        return all(node).stream()
                .map(name ->
                        new Part(
                                name,
                                look().stream()
                                        .filter(one -> one.name().equals(name))
                                        .findFirst()
                                        .map(Service::inWords)
                                        .orElse("not started")))
                .toList();
    }

    @Override
    public String lastWords(String node) {
        return "the last lines of its agent:\n  "
                + compose.lastWords("twonode" + number(node)).replace("\n", "\n  ");
    }

    @Override
    public String serverLog(String node) {
        return "docker compose logs nats" + number(node) + " in " + compose.folder();
    }

    @Override
    public List<String> views(String node) {
        return List.of(
                "cd " + compose.folder(),
                "watch docker compose ps",
                typed(node) + "-n kube-system get leases -w",
                typed(node) + "get pods -w");
    }

    @Override
    public boolean knowsWorkload(String node) {
        say.command(typed(node) + "get deployment nginx");
        return say.await(
                "Kubernetes of node " + node + " knows the deployment nginx",
                () -> "",
                () -> kubectl(node, List.of("get", "deployment", "nginx"), "").isPresent(),
                KUBERNETES);
    }

    private void applyWorkload(String node) {
        boolean ready =
                say.await(
                        "Kubernetes of node " + node + " is ready",
                        () -> "",
                        () -> kubectl(node, List.of("get", "--raw=/readyz"), "").isPresent(),
                        KUBERNETES);
        say.command(typed(node) + "apply -f " + compose.folder().resolve(WORKLOAD));
        Optional<String> applied =
                ready ? kubectl(node, List.of("apply", "-f", "-"), workload()) : Optional.empty();
        if (applied.isEmpty()) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "Kubernetes of node " + node + " does not take the workload",
                    "kubectl apply failed, see " + compose.log(),
                    "docker compose logs k3s" + number(node) + " in " + compose.folder());
        }
        say.done(applied.get().strip());
    }

    private String typed(String node) {
        return "KUBECONFIG=" + compose.folder().resolve(kubeconfig(node)) + " kubectl ";
    }

    private Optional<String> kubectl(String node, List<String> arguments, String input) {
        List<String> kubectl = List.of("kubectl", "--kubeconfig", "/output/" + kubeconfig(node));
        return compose.execute("k3s" + number(node), with(kubectl, arguments), input);
    }

    private String workload() {
        try {
            return Files.readString(compose.folder().resolve(WORKLOAD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes the project's files, and remembers that this demo runs on containers.
    private void prepare() {
        Path folder = compose.folder();
        if (Files.exists(folder.resolve(".env"))) {
            return;
        }
        ledger.change(ledger.state());
        copy(installation.compose(), folder);
        RigState state = ledger.state();
        Map<String, String> variables = new TreeMap<>();
        variables.put("COMPOSE_PROJECT_NAME", "twonode-" + mark(folder));
        variables.put("TWONODE_TREE", installation.home().toString());
        for (RigState.Node node : state.nodes()) {
            int number = number(node.name());
            RigState.Ports ports = node.ports();
            variables.put("TWONODE_PORT_NATS" + number, Integer.toString(node.port()));
            variables.put("TWONODE_PORT_KINE" + number, Integer.toString(ports.kine()));
            variables.put("TWONODE_PORT_K3S" + number, Integer.toString(ports.kubernetes()));
        }
        // What was said at the start holds in every terminal.
        PASSED_ON.forEach(name ->
                Optional.ofNullable(environment.get(name))
                        .ifPresent(value -> variables.put(name, value)));
        compose.configure(variables);
    }

    /// Tells the demo of one folder from that of another on the same Docker engine.
    private static String mark(Path folder) {
        byte[] path = folder.toString().getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(path).toString().substring(0, 8);
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + to, e);
        }
    }

    private List<Service> look() {
        if (System.nanoTime() - seenNanos >= LOOK.toNanos()) {
            seen = compose.services();
            seenNanos = System.nanoTime();
        }
        return seen;
    }

    private void looksOld() {
        seenNanos = System.nanoTime() - LOOK.toNanos();
    }

    private List<String> running(String node) {
        List<String> names = look().stream().filter(Service::runs).map(Service::name).toList();
        return all(node).stream().filter(names::contains).toList();
    }

    private List<String> all(String node) {
        return services(node, "nats", "twonode", "kine", "k3s");
    }

    private List<String> services(String node, String... names) {
        return Stream.of(names).map(name -> name + number(node)).toList();
    }

    private int number(String node) {
        return ledger.state().isDesignated(node) ? 1 : 2;
    }

    private String kubeconfig(String node) {
        return ledger.state().isDesignated(node)
                ? "kubeconfig-leader.yaml"
                : "kubeconfig-follower.yaml";
    }

    private static List<String> without(List<String> these, List<String> all) {
        return all.stream().filter(one -> !these.contains(one)).toList();
    }

    private static List<String> with(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }
}
