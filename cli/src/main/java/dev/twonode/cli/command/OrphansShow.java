package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.output.OrphanLinesView;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `twonode orphans show`.
@Command(
        name = "show",
        header = "Shows the messages of one export.",
        description = {
            "",
            "Line 0 describes the export; each other line is one message as a JSON object."
        },
        footer = {
            "  twonode orphans show 20261123T070000.123Z-5-101-105.jsonl -s localhost:4222",
            "  twonode orphans show NAME --offset 100 --limit 100"
        })
final class OrphansShow implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    @Parameters(paramLabel = "NAME", description = "as 'twonode orphans list' names it")
    private String name = "";

    @Option(
            names = "--offset",
            paramLabel = "N",
            converter = Whole.AtLeastZero.class,
            description = "lines to leave out (default: 0)")
    private long offset;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = Whole.AtLeastOne.class,
            description = "lines to show (default: 100)")
    private int limit = 100;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "read this state folder instead of asking the agent")
    private @Nullable Path stateDir;

    OrphansShow(Environment environment) {
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
            show(new OrphanSource.Folder(stateDir));
        } else {
            try (PairReader reader = connection.reader()) {
                show(new OrphanSource.Agent(reader));
            }
        }
        return ExitCode.OK.number();
    }

    private void show(OrphanSource source) {
        output.print(new OrphanLinesView(name, source.show(name, offset, limit)));
    }
}
