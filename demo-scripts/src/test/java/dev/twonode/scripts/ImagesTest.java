package dev.twonode.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.scripts.Sandbox.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script that builds stand-ins, with a Docker that only notes what it is told.
final class ImagesTest {
    /// Knows no image yet, and prints each command.
    private static final String DOCKER =
            """
            case $1 in
            info) ;;
            image) exit 1 ;;
            *) echo "docker $*" >&2 ;;
            esac
            """;

    private Sandbox machine;

    @BeforeEach
    void emptyMachine(@TempDir Path root) throws IOException {
        machine = new Sandbox(root);
    }

    private Outcome images(String... arguments) throws Exception {
        return Sandbox.outcomeOf(machine.start(Path.of("images").toAbsolutePath(), arguments));
    }

    @Test
    void namesWhatToInstallWhenThereIsNoDocker() throws Exception {
        Outcome outcome = images();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("docker is missing", "install Docker");
    }

    @Test
    void saysThatTheEngineDoesNotAnswer() throws Exception {
        machine.install("bin", "docker", "exit 1");

        Outcome outcome = images();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("no Docker engine answers", "docker info");
    }

    @Test
    void namesWhatToInstallWhenThereIsNoBusybox() throws Exception {
        machine.install("bin", "docker", DOCKER);

        Outcome outcome = images("nats");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("busybox is missing", "busybox-static");
    }

    @Test
    void anUnknownNameIsAUsageError() throws Exception {
        machine.install("bin", "docker", DOCKER);

        Outcome outcome = images("postgres");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errors()).contains("unknown image 'postgres'", "[nats]");
    }

    @Test
    void anImageOfSomebodyElseIsLeftAsItIs() throws Exception {
        machine.install("bin", "docker", "[ \"$1\" != build ] || exit 1");
        machine.install("bin", "busybox", "exit 0");

        Outcome outcome = images("nats", "kine");

        assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
        assertThat(outcome.errors())
                .contains("nats:", "rancher/kine:", "is here already and left as it is")
                .doesNotContain("building");
    }

    @Test
    void theTreeOfTheBuildIsAskedForWhenItIsMissing() throws Exception {
        machine.install("bin", "docker", DOCKER);
        machine.install("bin", "busybox", "exit 0");
        machine.set("TWONODE_TREE", machine.root().resolve("none").toString());

        Outcome outcome = images("twonode");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("bin/twonode is missing", "mvn -DskipTests package");
    }
}
