package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.output.StateView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// `twonode state`.
@Command(
        name = "state",
        header = "Shows what one node says of itself.",
        description = {
            "",
            "Asks the agent beside the server that -s names. For both nodes and for what to do"
                    + " about a problem see 'twonode status'."
        },
        footer = {
            "  twonode state                                 the node on this machine",
            "  twonode state -s b.example:4222 -o json       another one, for a script",
            "  twonode state -o json | jq -r .role           leader or follower"
        })
public final class State implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    public State(Environment environment) {
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
            output.print(new StateView(Absence.firstSeen(reader.readNamed()).state()));
        }
        return ExitCode.OK.number();
    }
}
