package dev.twonode.cli.demo;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.command.LookMixin;
import dev.twonode.cli.rig.Ground;
import dev.twonode.cli.rig.Installation;
import dev.twonode.cli.rig.Kubernetes;
import dev.twonode.cli.rig.NatsLine;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Typed;
import dev.twonode.cli.rig.Waiting;
import dev.twonode.config.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `twonode demo STEP`.
@Command(
        name = "demo",
        customSynopsis = "twonode demo [OPTIONS] STEP",
        header =
                "Runs a pair on this machine and kills, swaps and restarts its nodes, step by"
                        + " step.",
        description = {
            "",
            "Starts two real NATS servers and two real agents in the background, and a writer that"
                + " writes to whichever node leads, all the time. Each step says what it does and"
                + " what one would type to do it by hand, checks the outcome, and ends with how"
                + " many writes were acknowledged, how many of them were lost, and how long writes"
                + " stopped. Steps may be typed in any terminal and more than once.",
            "",
            "start-leader, start-follower, kill-follower, restart-follower, swap-leader,"
                + " kill-leader and restart-leader tell the story in this order; all runs it from"
                + " start to end and cleans up. status looks, stop ends everything and keeps the"
                + " data, clean removes all of it.",
            "",
            "With --backend=compose the nodes are containers, each with a kine and a K3s as well;"
                    + " that needs Docker with its compose plugin."
        },
        subcommands = Probe.class,
        footer = {
            "  twonode demo all                run everything and clean up",
            "  twonode demo start-leader       begin step by step",
            "  twonode demo kill-leader        the other node takes over",
            "  twonode demo clean              end everything and remove its files",
            "  twonode demo all --backend=compose"
        })
public final class Demo implements Callable<Integer> {

    private static final Duration OTHER_STEP = Duration.ofMinutes(2);

    private final Environment environment;

    @Parameters(
            paramLabel = "STEP",
            arity = "0..1",
            converter = Step.Reader.class,
            description = "what to do: ${COMPLETION-CANDIDATES}")
    private @Nullable Step step;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "where the demo keeps its files (default: $XDG_STATE_HOME/twonode/demo, else"
                            + " ~/.local/state/twonode/demo)")
    private @Nullable Path dir;

    @Option(
            names = "--backend",
            paramLabel = "WHERE",
            description =
                    "what the nodes run on: ${COMPLETION-CANDIDATES} (default: as the demo in this"
                            + " folder was begun, else local)")
    private @Nullable Ground ground;

    @Option(
            names = "--kubernetes",
            paramLabel = "WHICH",
            description =
                    "what runs on the kine of each local node: ${COMPLETION-CANDIDATES} (default:"
                            + " as the demo in this folder was begun, else auto: k3s or"
                            + " kube-apiserver where one is on this machine already)")
    private @Nullable Kubernetes kubernetes;

    @Option(
            names = "--pace",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "time to look at the outcome of each step (default: ${DEFAULT-VALUE})")
    private String pace = "2s";

    @Mixin private final LookMixin look;

    public Demo(Environment environment) {
        this.environment = environment;
        this.look = new LookMixin(environment);
    }

    @Override
    public Integer call() {
        Step chosen = Step.required(step);
        RigFolder folder = DemoFolder.of(dir, environment.variables());
        Narrator say =
                new Narrator(
                        environment.streams().out(),
                        look.style(),
                        environment.streams().terminals().out(),
                        chosen != Step.ALL);
        Undo undo =
                new Undo(() -> {
                    say.hush();
                    environment.streams().err().println("\ninterrupted: tidying up");
                });
        if (chosen == Step.STATUS) {
            return look(folder, say, undo).number();
        }
        try (RigFolder.Lock _ = lock(folder, say);
                Stage stage = stage(folder, say, undo)) {
            undo.arm();
            ExitCode code = carryOut(chosen, stage, say, undo);
            if (code == ExitCode.OK || chosen != Step.ALL) {
                undo.keep();
            }
            return code.number();
        } finally {
            undo.revert();
        }
    }

    private ExitCode look(RigFolder folder, Narrator say, Undo undo) {
        try (Stage stage = stage(folder, say, undo)) {
            return new StatusStep(stage, say, new Proof(stage, say)).run();
        }
    }

    private Stage stage(RigFolder folder, Narrator say, Undo undo) {
        Installation installation = Installation.current();
        Ledger ledger = new Ledger(folder, () -> fresh(wantedGround(), installation, folder));
        Ground found = ledger.state().ground();
        if (ground != null && ground != found) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "the demo in " + folder.root() + " does not run with --backend=" + ground,
                    "it was begun with --backend=" + found,
                    "twonode demo clean first, or choose another folder with --dir");
        }
        if (kubernetes != null
                && kubernetes != Kubernetes.AUTO
                && kubernetes != ledger.state().kubernetes()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "the demo in "
                            + folder.root()
                            + " does not run with --kubernetes="
                            + kubernetes,
                    found == Ground.COMPOSE
                            ? "its containers bring their own"
                            : "it was begun with --kubernetes=" + ledger.state().kubernetes(),
                    "leave the option out, or twonode demo clean first");
        }
        Backend backend =
                switch (found) {
                    case LOCAL ->
                            new LocalBackend(
                                    new NodeProcesses(installation, folder, List.of()),
                                    ledger,
                                    say,
                                    undo);
                    case COMPOSE ->
                            new ComposeBackend(
                                    installation, ledger, environment.variables(), say, undo);
                };
        return new Stage(ledger, backend, say, undo, NatsLine::open);
    }

    private Ground wantedGround() {
        return ground == null ? Ground.LOCAL : ground;
    }

    /// What a demo begins with that is not begun yet.
    private RigState fresh(Ground on, Installation installation, RigFolder folder) {
        if (on == Ground.COMPOSE) {
            return ComposeBackend.fresh();
        }
        Kubernetes wanted = kubernetes == null ? Kubernetes.AUTO : kubernetes;
        return LocalBackend.fresh(installation, wanted, MachineK3s.beside(folder.root()));
    }

    private ExitCode carryOut(Step step, Stage stage, Narrator say, Undo undo) {
        Proof proof = new Proof(stage, say);
        Typed typed = Typed.of(Installation.current(), environment.variable("PATH"));
        Steps steps = new Steps(stage, say, proof, typed, duration(pace));
        return switch (step) {
            case START_LEADER -> steps.startLeader();
            case START_FOLLOWER -> steps.startFollower();
            case KILL_FOLLOWER -> steps.killFollower();
            case RESTART_FOLLOWER -> steps.restartFollower();
            case SWAP_LEADER -> steps.swapLeader();
            case KILL_LEADER -> steps.killLeader();
            case RESTART_LEADER -> steps.restartLeader();
            case STOP -> steps.stop();
            case CLEAN -> steps.clean();
            case ALL -> {
                RigState begun =
                        fresh(stage.state().ground(), Installation.current(), stage.folder());
                yield new WholeStory(stage, say, undo, steps, proof).run(begun);
            }
            case STATUS -> throw new IllegalStateException("looking needs no lock");
        };
    }

    /// Steps change the same folder, so one waits for the other.
    private static RigFolder.Lock lock(RigFolder folder, Narrator say) {
        Optional<RigFolder.Lock> free = folder.tryLock();
        if (free.isPresent()) {
            return free.get();
        }
        say.explain("Another step is at work in " + folder.root() + "; waiting for it.");
        List<RigFolder.Lock> got = new ArrayList<>();
        Waiting.until(
                () -> {
                    folder.tryLock().ifPresent(got::add);
                    return !got.isEmpty();
                },
                OTHER_STEP);
        if (got.isEmpty()) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "another step of the demo is still at work",
                    "it holds the lock in " + folder.root(),
                    "wait for it or end it, then type the step again");
        }
        return got.getFirst();
    }

    private static Duration duration(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.USAGE, "--pace cannot be read", String.valueOf(e.getMessage()), "");
        }
    }
}
