package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// `twonode orphans`: writes of an ended term that the new leader never had.
@Command(
        name = "orphans",
        header = "Shows writes that were exported because they were not taken over.",
        description = {
            "",
            "Orphans are messages that one node held and the other never had when it took the"
                    + " lead. They are exported on the node that held them before it copies its"
                    + " peer. Nothing here changes them."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  twonode orphans list -s localhost:4222",
            "  twonode orphans show NAME -s localhost:4222",
            "  twonode orphans list --state-dir /var/lib/twonode     without the agent"
        })
public final class Orphans implements Callable<Integer>, Connects {

    private final Environment environment;

    public Orphans(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        add(spec, "list", new OrphansList(environment));
        add(spec, "show", new OrphansShow(environment));
    }

    @Override
    public Integer call() {
        environment.streams().err().println("error: orphans needs 'list' or 'show'");
        environment.streams().err().println("  do:  see twonode orphans --help");
        return ExitCode.USAGE.number();
    }

    private static void add(CommandSpec spec, String name, Connects command) {
        CommandLine child = new CommandLine(command);
        command.addOptionsTo(child.getCommandSpec());
        spec.addSubcommand(name, child);
    }
}
