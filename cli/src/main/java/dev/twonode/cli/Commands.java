package dev.twonode.cli;

import dev.twonode.cli.bench.Bench;
import dev.twonode.cli.command.Acknowledge;
import dev.twonode.cli.command.Completion;
import dev.twonode.cli.command.History;
import dev.twonode.cli.command.Orphans;
import dev.twonode.cli.command.Promote;
import dev.twonode.cli.command.Rejoin;
import dev.twonode.cli.command.Report;
import dev.twonode.cli.command.Run;
import dev.twonode.cli.command.State;
import dev.twonode.cli.command.Status;
import dev.twonode.cli.command.StepDown;
import dev.twonode.cli.command.Version;
import dev.twonode.cli.demo.Demo;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Every command of `twonode`, in the order of the help.
final class Commands {

    /// One command.
    ///
    /// @param name what is typed
    /// @param aliases what may be typed instead; not shown
    /// @param maker makes the annotated command, a `Callable<Integer>`
    /// @param changesState whether it changes more than the screen, which the help says
    record Entry(
            String name,
            List<String> aliases,
            Function<Environment, Object> maker,
            boolean changesState) {

        boolean isCalled(String word) {
            return name.equals(word) || aliases.contains(word);
        }
    }

    private static final List<Entry> ALL =
            List.of(
                    changes("run", List.of(), Run::new),
                    looks("status", Status::new),
                    looks("state", State::new),
                    changes("stepdown", List.of("step-down", "sd"), StepDown::new),
                    changes("promote", List.of(), Promote::new),
                    changes("rejoin", List.of(), Rejoin::new),
                    looks("report", Report::new),
                    looks("history", History::new),
                    looks("orphans", Orphans::new),
                    changes("acknowledge", List.of("ack"), Acknowledge::new),
                    changes("demo", List.of(), Demo::new),
                    looks("completion", Completion::new),
                    changes("bench", List.of(), Bench::new),
                    looks("version", Version::new));

    private Commands() {}

    static List<Entry> all() {
        return ALL;
    }

    /// The command of that name or alias.
    static Optional<Entry> called(String word) {
        return ALL.stream().filter(entry -> entry.isCalled(word)).findFirst();
    }

    private static Entry looks(String name, Function<Environment, Object> maker) {
        return new Entry(name, List.of(), maker, false);
    }

    private static Entry changes(
            String name, List<String> aliases, Function<Environment, Object> maker) {
        return new Entry(name, aliases, maker, true);
    }
}
