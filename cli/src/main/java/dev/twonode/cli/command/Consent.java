package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.console.Questions;
import picocli.CommandLine.Option;

/// The operator's yes to a change: typed at the terminal, or given beforehand.
final class Consent {

    private final Environment environment;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask; needed where there is no terminal")
    private boolean yes;

    @Option(
            names = {"-n", "--dry-run"},
            description = "only say what would happen")
    private boolean dryRun;

    Consent(Environment environment) {
        this.environment = environment;
    }

    boolean isDryRun() {
        return dryRun;
    }

    /// Returns only with a yes.
    ///
    /// @param what what is about to happen, as a question
    /// @param command the command's name, for the advice
    void require(String what, String command) {
        if (yes) {
            return;
        }
        Questions questions = new Questions(environment.streams());
        if (!questions.canAsk()) {
            throw new Failure(
                    ExitCode.USAGE,
                    command + " changes which node serves, and there is no terminal to ask at",
                    "",
                    "give --yes, or --dry-run to see what would happen");
        }
        if (!questions.isYes(what)) {
            throw new Failure(
                    ExitCode.REFUSED, command + " not confirmed; nothing changed", "", "");
        }
    }
}
