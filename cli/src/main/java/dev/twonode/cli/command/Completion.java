package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `twonode completion`.
@Command(
        name = "completion",
        header = "Prints the completion script for a shell.",
        description = {
            "",
            "The same scripts are under share/ of the installation, where packages put them;"
                    + " copying one saves the start of a JVM in each new shell."
        },
        footer = {
            "  source <(twonode completion bash)                              this bash only",
            "  twonode completion bash > ~/.local/share/bash-completion/completions/twonode",
            "  twonode completion zsh > \"$${fpath[1]}/_twonode\"                zsh, then:"
                    + " compinit",
            "  twonode completion fish > ~/.config/fish/completions/twonode.fish"
        })
public final class Completion implements Callable<Integer> {

    private final Environment environment;

    @Parameters(paramLabel = "SHELL", description = "one of ${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.BASH;

    public Completion(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Path home = Path.of(System.getProperty("twonode.home", ""));
        Path script = home.resolve("share").resolve(shell.script());
        try {
            environment.streams().out().print(Files.readString(script));
            return ExitCode.OK.number();
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "the completion script for " + shell + " is not there",
                    script.toAbsolutePath() + " cannot be read",
                    "start twonode by its launcher, bin/twonode of its folder tree",
                    e);
        }
    }
}
