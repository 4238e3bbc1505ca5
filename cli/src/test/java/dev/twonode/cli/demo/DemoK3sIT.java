package dev.twonode.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the demo does with a `k3s` on the PATH.
class DemoK3sIT {

    private static final int FAILURE = 1;
    private static final int REFUSED = 3;

    @TempDir Path temp;

    private PlayedK3s k3s = new PlayedK3s(Path.of(""));

    @BeforeEach
    void aMachine() throws IOException {
        assumeThat(Path.of("/etc/rancher/k3s")).as("a real K3s").doesNotExist();
        k3s = new PlayedK3s(temp);
        k3s.andTakesNoWorkload();
    }

    private DemoProcess run(String step, String kubernetes) throws IOException {
        return DemoProcess.run(temp.resolve("demo"), k3s.variables(), step, kubernetes);
    }

    @AfterEach
    void nothingStaysBehind() throws IOException {
        run("clean", "--kubernetes=auto");
    }

    @Test
    void itSaysWhatK3sSaidWhenThatTakesNoWorkload() throws IOException {
        DemoProcess start = run("start-leader", "--kubernetes=k3s");

        assertThat(start.await()).as(start.text()).isEqualTo(FAILURE);
        assertThat(start.text())
                .contains("Kubernetes of node a takes no workload")
                .contains("k3s: no workload is taken today");
    }

    @Test
    void itIsRefusedWhereK3sWasBefore() throws IOException {
        Path theirs = k3s.andWasHereBefore();

        DemoProcess start = run("start-leader", "--kubernetes=k3s");

        assertThat(start.await()).as(start.text()).isEqualTo(REFUSED);
        assertThat(start.text()).contains(theirs + " belongs to a K3s of this machine");
        assertThat(theirs).hasContent("of somebody");
        assertThat(temp.resolve("demo/a")).doesNotExist();
    }

    @Test
    void itIsLeftOutByItselfWhereK3sWasBefore() throws IOException {
        k3s.andWasHereBefore();

        DemoProcess start = run("start-leader", "--kubernetes=auto");

        assertThat(start.await()).as(start.text()).isZero();
        assertThat(start.text()).contains("kine a").doesNotContain("k3s");
    }
}
