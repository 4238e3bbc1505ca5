package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.output.OrphansView;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode orphans list`.
@Command(
        name = "list",
        header = "Lists the exports on one node.",
        description = {
            "",
            "Term is the one that wrote the first of the messages, so that of the leader that had"
                    + " them, not of the one that goes on without them; 0 is none that is known."
                    + " It stands in the name too, behind the time and before the sequences."
        },
        footer = {
            "  twonode orphans list -s localhost:4222",
            "  twonode orphans list --state-dir /var/lib/twonode"
        })
final class OrphansList implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "read this state folder instead of asking the agent")
    private @Nullable Path stateDir;

    OrphansList(Environment environment) {
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        if (stateDir != null) {
            output.print(new OrphansView(new OrphanSource.Folder(stateDir).list()));
        } else {
            try (PairReader reader = connection.reader()) {
                output.print(new OrphansView(new OrphanSource.Agent(reader).list()));
            }
        }
        return ExitCode.OK.number();
    }
}
