package dev.twonode.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Environment;
import dev.twonode.cli.TwoNode;
import dev.twonode.cli.agent.AgentClients;
import dev.twonode.cli.command.Shell;
import dev.twonode.cli.console.Streams;
import dev.twonode.cli.console.Terminals;
import dev.twonode.config.Surroundings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompletionCommandTest {

    private static final String HOME = "twonode.home";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void forgetTheTree() {
        System.clearProperty(HOME);
    }

    @ParameterizedTest
    @EnumSource
    void commandPrintsTheShippedScript(Shell shell) throws IOException {
        System.setProperty(HOME, Path.of("src/main").toAbsolutePath().toString());

        assertThat(run("completion", shell.toString())).isZero();
        assertThat(out.toString()).isEqualTo(Files.readString(Shipped.script(shell)));
    }

    @Test
    void outsideATreeTheFileThatIsMissingIsNamed() {
        System.setProperty(HOME, "/nonexistent");

        assertThat(run("completion", "zsh")).isEqualTo(1);
        assertThat(err.toString())
                .contains("/nonexistent/share/zsh/site-functions/_twonode", "bin/twonode");
    }

    @Test
    void unknownShellIsAUsageError() {
        assertThat(run("completion", "tcsh")).isEqualTo(2);
        assertThat(err.toString()).contains("'tcsh' is none of bash, zsh, fish");
    }

    private int run(String... args) {
        Streams streams =
                new Streams(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        new BufferedReader(new StringReader("")),
                        Terminals.NONE,
                        true);
        return TwoNode.run(
                new Environment(
                        Surroundings.ofProcess(),
                        streams,
                        AgentClients.overNats(),
                        InstantSource.system()),
                args);
    }
}
