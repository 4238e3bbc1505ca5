package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.agent.Assessment;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Warning.Severity;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Watch;
import dev.twonode.cli.output.StatusChanges;
import dev.twonode.cli.output.StatusView;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode status`.
@Command(
        name = "status",
        header = "Shows both nodes, what is wrong, and what to do about it.",
        description = {
            "",
            "Asks the agent beside the server that -s names and, at the address that it tells,"
                    + " its peer's. -s takes several addresses, so that one is left when the other"
                    + " is down: -s a:4222,b:4222. What a silent node was last known to do stands"
                    + " in brackets.",
            "",
            "Heard is how long ago its peer heard of a node. With -w on a terminal: q ends, r asks"
                    + " at once; elsewhere one line (or JSON object) comes for each change."
        },
        footer = {
            "  twonode status -s localhost:4222",
            "  twonode status -s a:4222,b:4222 -w            watch, whichever is up",
            "  twonode status --exit-code || page-somebody   7 degraded, 8 diverged",
            "  twonode status -w -o json | tee changes.jsonl"
        })
public final class Status implements Callable<Integer>, Connects {

    private static final Duration SHORTEST_WATCH = Duration.ofMillis(100);

    private final Environment environment;
    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    @Option(
            names = {"-w", "--watch"},
            arity = "0..1",
            fallbackValue = "1s",
            paramLabel = "TIME",
            description = "go on watching; TIME between two looks (default: 1s)")
    private @Nullable Span watch;

    @Option(
            names = "--exit-code",
            description = "exit with 7 when the pair is degraded, 8 when diverged")
    private boolean exitCode;

    @Option(names = "--local", description = "ask only the servers named by -s, not their peers")
    private boolean local;

    public Status(Environment environment) {
        this.environment = environment;
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        try (PairReader reader = connection.reader()) {
            return watch == null ? once(reader) : watch(reader, interval(watch.duration()));
        }
    }

    private int once(PairReader reader) {
        StatusView view = look(reader);
        output.print(view);
        Pair pair = view.assessment().pair();
        if (pair.seen().isEmpty()) {
            return Absence.failure(pair.unseen().getFirst()).code().number();
        }
        return exitCode ? judged(view.assessment()) : ExitCode.OK.number();
    }

    private int watch(PairReader reader, Duration interval) {
        Watch watching = new Watch(environment.streams(), environment.variables(), interval);
        if (output.isForPeople() && watching.hasScreen()) {
            Style style = output.style();
            watching.onScreen(() -> {
                StatusView view = look(reader);
                return width -> view.lines(new Style(style.colour(), style.ascii(), width));
            });
        } else {
            StatusChanges changes = new StatusChanges(output.format());
            watching.asLines(() -> changes.next(look(reader)));
        }
        return ExitCode.OK.number();
    }

    private StatusView look(PairReader reader) {
        Pair pair = local ? reader.readNamed() : reader.readBoth();
        return new StatusView(
                Assessment.of(pair), connection.bucket(), environment.clock().instant());
    }

    private static int judged(Assessment assessment) {
        Severity worst = assessment.worst().orElse(Severity.NOTE);
        return switch (worst) {
            case NOTE, TASK -> ExitCode.OK.number();
            case DEGRADED, CRITICAL -> ExitCode.DEGRADED.number();
            case DIVERGED -> ExitCode.DIVERGED.number();
        };
    }

    private static Duration interval(Duration asked) {
        if (asked.isZero()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--watch needs a time above zero",
                    "it is the time between two looks",
                    "give one, such as -w=1s, or -w alone");
        }
        return asked.compareTo(SHORTEST_WATCH) < 0 ? SHORTEST_WATCH : asked;
    }
}
