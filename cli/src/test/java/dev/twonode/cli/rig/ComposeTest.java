package dev.twonode.cli.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.Compose.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeTest {

    private static final String NATS =
            "{\"Service\":\"nats1\",\"State\":\"running\",\"Health\":\"healthy\",\"Pid\":1}";
    private static final String KINE =
            "{\"Service\":\"kine1\",\"State\":\"exited\",\"Health\":\"\"}";

    @TempDir Path temp;

    @Test
    void servicesAreReadOneToALine() throws IOException {
        assertThat(Compose.parse(NATS + "\n" + KINE + "\n"))
                .containsExactly(
                        new Service("nats1", "running", "healthy"),
                        new Service("kine1", "exited", ""));
    }

    @Test
    void servicesAreReadFromAnArray() throws IOException {
        assertThat(Compose.parse("[" + NATS + "," + KINE + "]"))
                .extracting(Service::runs)
                .containsExactly(true, false);
    }

    @Test
    void noContainersAreNoServices() throws IOException {
        assertThat(Compose.parse("")).isEmpty();
        assertThat(new Compose(temp.resolve("none"), temp.resolve("log")).services()).isEmpty();
    }

    @Test
    void theHealthOfWhatHasEndedIsNotTold() {
        assertThat(new Service("a", "running", "starting").inWords())
                .isEqualTo("running, starting");
        assertThat(new Service("a", "running", "").inWords()).isEqualTo("running");
        assertThat(new Service("a", "exited", "unhealthy").inWords()).isEqualTo("exited");
    }

    @Test
    void aCommandThatFailsNamesItsLog() {
        Path log = temp.resolve("log");
        Compose nowhere = new Compose(temp, log);

        assertThatThrownBy(() -> nowhere.run(List.of("up", "-d")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("docker compose");
    }

    @Test
    void anEngineThatGrantsNoPrivilegesIsToldFromAMissingImage() {
        assertThat(
                        Compose.remedy(
                                "runc create failed: unable to apply caps: operation not"
                                        + " permitted"))
                .contains("demo clean", "TWONODE_K3S_PRIVILEGED=false")
                .doesNotContain("registry");
        assertThat(
                        Compose.remedy(
                                "Error response from daemon: Get \"https://registry-1.docker.io\""))
                .contains("demo-scripts/images");
    }
}
