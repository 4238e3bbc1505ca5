package dev.twonode.cli;

import dev.twonode.cli.command.Connects;
import dev.twonode.cli.command.Shell;
import dev.twonode.cli.command.Span;
import dev.twonode.cli.command.Version;
import dev.twonode.cli.console.Colours;
import dev.twonode.cli.output.Format;
import dev.twonode.cli.rig.Ground;
import dev.twonode.logging.Log;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// The entry point of `twonode`.
@Command(
        name = "twonode",
        header = "Keeps the kine bucket of two NATS servers the same, one of them leading.",
        description = {
            "",
            "Each of the two machines runs a NATS server, and beside it an agent (twonode run)."
                    + " Every other command asks the agents; those marked [changes state] also"
                    + " change something."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  twonode demo all                       see it work, on this machine alone",
            "  twonode status -s localhost:4222 -w    watch both nodes",
            "  twonode stepdown -s localhost:4222     hand the lead over to the peer",
            "  twonode help stepdown                  all about one command"
        })
public final class TwoNode implements Callable<Integer> {

    private final Environment environment;

    @Option(
            names = {"-V", "--version"},
            description = "show the version")
    private boolean version;

    private TwoNode(Environment environment) {
        this.environment = environment;
    }

    public static void main(String[] args) {
        if (!List.of(args).contains("--verbose")) {
            Log.silence();
        }
        System.exit(run(Environment.ofProcess(), args));
    }

    /// Runs one command to its end.
    ///
    /// @return the exit code
    public static int run(Environment environment, String... args) {
        int code = commandLine(environment, args).execute(args);
        environment.streams().out().flush();
        Optional<String> loss = environment.streams().loss();
        if (loss.isPresent() && code == ExitCode.OK.number()) {
            environment
                    .streams()
                    .err()
                    .println("error: the output could not be written: " + loss.get());
            return ExitCode.FAILURE.number();
        }
        environment.streams().err().flush();
        return code;
    }

    /// The model with every command, for the generator of the completion scripts.
    public static CommandLine everything(Environment environment) {
        return commandLine(environment);
    }

    @Override
    public Integer call() {
        if (version) {
            environment.streams().out().println("twonode " + Version.number());
        } else {
            everything(environment).usage(environment.streams().out());
        }
        return ExitCode.OK.number();
    }

    private static CommandLine commandLine(Environment environment, String... args) {
        CommandLine root = new CommandLine(new TwoNode(environment));
        root.getCommandSpec().addOption(helpOption());
        Optional<Commands.Entry> named = named(args);
        if (named.isPresent()) {
            add(root, named.get(), environment);
        } else if (!List.of(args).equals(List.of("--version"))) {
            root.addSubcommand("help", new HelpCommand());
            Commands.all().forEach(entry -> add(root, entry, environment));
        }
        FailureHandler failures = new FailureHandler(environment, args);
        return root.setOut(environment.streams().out())
                .setErr(environment.streams().err())
                .registerConverter(Span.class, Span.CONVERTER)
                .registerConverter(Shell.class, new Choice<>(List.of(Shell.values())))
                .registerConverter(Ground.class, new Choice<>(List.of(Ground.values())))
                .registerConverter(Format.class, new Choice<>(List.of(Format.values())))
                .registerConverter(Colours.class, new Choice<>(List.of(Colours.values())))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(environment, args)))
                .setUsageHelpWidth(helpWidth(environment, args))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /// Looks only at the first word: an option with a value before the command makes this miss,
    /// which costs time and nothing else.
    private static Optional<Commands.Entry> named(String... args) {
        return args.length == 0 ? Optional.empty() : Commands.called(args[0]);
    }

    private static void add(CommandLine root, Commands.Entry entry, Environment environment) {
        Object body = entry.maker().apply(environment);
        CommandLine command = new CommandLine(body);
        if (body instanceof Connects connects) {
            connects.addOptionsTo(command.getCommandSpec());
        }
        root.addSubcommand(entry.name(), command, entry.aliases().toArray(String[]::new));
        dress(command.getCommandSpec());
        if (entry.changesState()) {
            String[] header = command.getCommandSpec().usageMessage().header();
            header[0] += " [changes state]";
            command.getCommandSpec().usageMessage().header(header);
        }
    }

    /// What every command has in common.
    private static void dress(CommandSpec spec) {
        spec.addOption(
                OptionSpec.builder("--verbose")
                        .type(boolean.class)
                        .description("show the stack of an unexpected failure")
                        .build());
        spec.addOption(helpOption());
        spec.usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .parameterListHeading("%nArguments:%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.table())
                .footerHeading("%nExamples:%n");
        spec.subcommands().values().forEach(child -> dress(child.getCommandSpec()));
    }

    private static OptionSpec helpOption() {
        return OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("show this help")
                .build();
    }

    /// Asking the terminal takes a moment, so only for texts that will be shown.
    private static int helpWidth(Environment environment, String... args) {
        List<String> words = List.of(args);
        boolean shown =
                words.isEmpty()
                        || words.contains("-h")
                        || words.contains("--help")
                        || words.getFirst().equals("help");
        return shown ? Math.clamp(environment.width(), 80, 110) : 80;
    }

    /// Help texts go to standard output; the scheme of picocli is one for all streams.
    private static Ansi ansi(Environment environment, String... args) {
        boolean on =
                asked(args).on(environment.variables(), environment.streams().terminals().out());
        return on ? Ansi.ON : Ansi.OFF;
    }

    /// The value of `--color`, looked for before parsing since the help and usage errors need it.
    static Colours asked(String... args) {
        List<String> words = Arrays.asList(args);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String value =
                    word.startsWith("--color=")
                            ? word.substring("--color=".length())
                            : word.equals("--color") && i + 1 < words.size()
                                    ? words.get(i + 1)
                                    : "";
            for (Colours colours : Colours.values()) {
                if (colours.toString().equalsIgnoreCase(value)) {
                    return colours;
                }
            }
        }
        return Colours.AUTO;
    }
}
