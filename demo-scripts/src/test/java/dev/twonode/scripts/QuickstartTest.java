package dev.twonode.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.scripts.Sandbox.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuickstartTest {
    /// Leaves a launcher as the build does, one that prints how it was called.
    private static final String BUILD =
            """
            echo "mvn $*" >&2
            mkdir -p cli/target/twonode/bin
            printf '#!/bin/sh\\necho twonode "$@"\\n' >cli/target/twonode/bin/twonode
            chmod +x cli/target/twonode/bin/twonode
            """;

    private Sandbox machine;
    private Path checkout;

    @BeforeEach
    void checkoutWithTools(@TempDir Path root) throws IOException {
        machine = new Sandbox(root);
        checkout = root.resolve("my checkout");
        Path scripts = Files.createDirectories(checkout.resolve("demo-scripts"));
        Files.copy(Path.of("quickstart"), scripts.resolve("quickstart"));
        Sandbox.executable(scripts.resolve("tools"), "echo nats-server /somewhere/nats-server");
    }

    private Outcome quickstart(String... arguments) throws Exception {
        return Sandbox.outcomeOf(
                machine.start(checkout.resolve("demo-scripts/quickstart"), arguments));
    }

    @Test
    void buildsFindsTheToolsAndRunsTheWholeDemo() throws Exception {
        machine.install("bin", "mvn", BUILD);

        Outcome outcome = quickstart();

        assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
        assertThat(outcome.output()).containsExactly("twonode demo all --pace 0s");
        assertThat(outcome.errors())
                .containsSubsequence("mvn -B -ntp -DskipTests package", "/somewhere/nats-server");
    }

    @Test
    void leavesAPersonTimeToLook() throws Exception {
        machine.install("bin", "mvn", BUILD);
        Path onTerminal =
                machine.install(
                        "bin",
                        "terminal",
                        "exec /usr/bin/script -qec \"'"
                                + checkout
                                + "/demo-scripts/quickstart'\" /dev/null");

        assertThat(Sandbox.outcomeOf(machine.start(onTerminal)).output())
                .contains("twonode demo all --pace 5s");
    }

    @Test
    void saysWhatItIsDoingAndPassesNoEscapesOn() throws Exception {
        machine.install("bin", "mvn", "printf '\\033[0m\\033[1;31mlate\\033[0m\\n'\n" + BUILD);

        Outcome outcome = quickstart();

        assertThat(outcome.output()).containsExactly("twonode demo all --pace 0s");
        assertThat(outcome.errors())
                .containsSubsequence(
                        "quickstart: building twonode",
                        "late",
                        "quickstart: looking for",
                        "quickstart: playing the demo")
                .doesNotContain("\u001b");
    }

    @Test
    void saysWhichModuleIsBuiltAndNothingElseThatIsNoTrouble() throws Exception {
        String chatter =
                """
                echo '[INFO] Scanning for projects...'
                echo '[INFO] Building twonode core 0.1.0-SNAPSHOT             [2/5]'
                echo '[INFO] Building jar: core.jar'
                echo '[WARNING] something is deprecated'
                echo '[ERROR] something is wrong'
                """;
        machine.install("bin", "mvn", chatter + BUILD);

        assertThat(quickstart().errors())
                .contains("\nquickstart: building twonode core [2/5]\n[ERROR] something is wrong\n")
                .doesNotContain("INFO", "jar", "deprecated");
    }

    @Test
    void handsItsArgumentsToTheDemo() throws Exception {
        machine.install("bin", "mvn", BUILD);

        assertThat(quickstart("--pace", "2s").output())
                .containsExactly("twonode demo all --pace 2s");
    }

    @Test
    void namesWhatToInstallWhenThereIsNoMaven() throws Exception {
        Outcome outcome = quickstart();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("Install Maven 3.8.6 or newer", "JDK 25");
    }

    @Test
    void stopsWhenTheBuildFails() throws Exception {
        machine.install("bin", "mvn", "exit 1");

        Outcome outcome = quickstart();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).contains("the build failed");
    }

    @Test
    void stopsWhenAToolIsMissing() throws Exception {
        machine.install("bin", "mvn", BUILD);
        Sandbox.executable(checkout.resolve("demo-scripts/tools"), "exit 1");

        Outcome outcome = quickstart();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
    }
}
