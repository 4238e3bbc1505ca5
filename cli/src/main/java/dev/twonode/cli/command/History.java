package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.output.HistoryView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `twonode history`.
@Command(
        name = "history",
        header = "Shows who led when, and why that changed.",
        description = {
            "",
            "The terms that own messages of the stream, and the node's last changes of state."
                    + " TSV holds the terms only."
        },
        footer = {
            "  twonode history -s localhost:4222",
            "  twonode history --last 5",
            "  twonode history -o json | jq .terms"
        })
public final class History implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    @Option(
            names = "--last",
            paramLabel = "N",
            converter = Whole.AtLeastOne.class,
            description = "only the last N terms and the last N events (default: all)")
    private int last = Integer.MAX_VALUE;

    public History(Environment environment) {
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
            output.printWhole(HistoryView.of(Absence.firstSeen(reader.readNamed()).state(), last));
        }
        return ExitCode.OK.number();
    }
}
