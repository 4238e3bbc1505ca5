package dev.twonode.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo with its nodes in containers, K3s included. A stand-in for that is made from programs
/// that take ten minutes to build, so it is played only where they are here already.
@NeedsDocker
final class ComposeDemoIT {
    private static final List<String> KUBERNETES =
            List.of("kube-apiserver", "kube-controller-manager");
    private static final Path LAUNCHER = Path.of("../cli/target/twonode/bin/twonode");
    private static final int MINUTES = 8;
    private static final int STEPS = 7;
    private static final Pattern SUM =
            Pattern.compile("^  acknowledged [1-9][0-9,]* . lost 0 . longest pause .* p99 .*");
    private static final Pattern SUM_OF_KINE =
            Pattern.compile(
                    "^  through kine: acknowledged [1-9][0-9,]* . lost 0 . failed 0 . longest pause"
                            + " .* p99 .*");

    /// What a step printed and how it ended.
    private record Outcome(int exitCode, String text) {

        long linesLike(Pattern pattern) {
            return text.lines().filter(line -> pattern.matcher(line).find()).count();
        }
    }

    private Path dir;

    @BeforeAll
    static void imagesAreThere() throws Exception {
        List<String> here = new ArrayList<>(List.of("./tools", "--here"));
        here.addAll(KUBERNETES);
        if (run(here).text().lines().count() < KUBERNETES.size()) {
            String reason = "no Kubernetes is built here, so the demo in containers was not tried";
            System.err.println("SKIPPED ComposeDemoIT: " + reason);
            assumeTrue(false, reason);
        }
        DockerCompose.buildImages("nats", "kine", "k3s", "twonode");
    }

    @BeforeEach
    void folderOfItsOwn(@TempDir Path temp) {
        dir = temp.resolve("demo");
    }

    @AfterEach
    void nothingStaysBehind() throws Exception {
        demo("clean");
    }

    private Outcome demo(String step, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "demo", step));
        command.addAll(List.of(options));
        command.addAll(List.of("--dir", dir.toString(), "--pace", "0s"));
        return run(command);
    }

    /// `docker compose` as somebody types it in the demo's folder.
    private String compose(String... arguments) throws Exception {
        Path project = dir.resolve("compose/compose.yaml");
        List<String> command =
                new ArrayList<>(List.of("docker", "compose", "-f", project.toString()));
        command.addAll(List.of(arguments));
        Outcome outcome = run(command);
        assertThat(outcome.exitCode()).as(outcome.text()).isZero();
        return outcome.text();
    }

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("demo-", ".out");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            // Many an engine that runs tests starts no privileged containers, and the stand-in for
            // K3s needs none.
            builder.environment().put("TWONODE_K3S_PRIVILEGED", "false");
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroy();
                throw new AssertionError("goes on: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    @Test
    void theWholeStoryLosesNothingThroughTheServersAndThroughKine() throws Exception {
        Outcome all = demo("all", "--backend=compose");

        assertThat(all.exitCode()).as(all.text()).isZero();
        assertThat(all.linesLike(SUM)).as(all.text()).isEqualTo(STEPS + 1);
        assertThat(all.linesLike(SUM_OF_KINE)).as(all.text()).isEqualTo(STEPS + 1);
        assertThat(all.text())
                .contains("docker compose kill nats2 twonode2 kine2 k3s2")
                .contains("kine1 is the same process as ever")
                .contains("kine2 is the same process as ever")
                .contains("Kubernetes of node b knows the deployment nginx")
                .doesNotContain("✗", "WRONG");
        assertThat(dir).doesNotExist();
    }

    @Test
    void theFirstNodeMayDieAsLeaderToo() throws Exception {
        assertGood(demo("start-leader", "--backend=compose"));
        assertGood(demo("start-follower"));

        Outcome killed = demo("kill-leader");

        assertGood(killed);
        assertThat(killed.text()).contains("docker compose kill nats1 twonode1 kine1 k3s1");
        assertGood(demo("restart-leader"));
    }

    @Test
    void aKineThatDockerStartedAgainIsNoticed() throws Exception {
        assertGood(demo("start-leader", "--backend=compose"));
        compose("exec", "-T", "kine1", "kill", "1");

        Outcome again = demo("start-leader");

        assertThat(again.exitCode()).as(again.text()).isEqualTo(1);
        assertThat(again.text()).contains("kine1 has ended");
    }

    @Test
    void nothingHasToBeKilledWhenTheDemoStops() throws Exception {
        assertGood(demo("start-leader", "--backend=compose"));

        assertThat(demo("stop").exitCode()).isZero();

        assertThat(compose("ps", "--all", "--format", "{{.Service}} {{.ExitCode}}").lines())
                .containsExactlyInAnyOrder("nats1 0", "twonode1 0", "kine1 0", "k3s1 0");
    }

    private static void assertGood(Outcome step) {
        assertThat(step.exitCode()).as(step.text()).isZero();
        assertThat(step.linesLike(SUM)).as(step.text()).isOne();
        assertThat(step.linesLike(SUM_OF_KINE)).as(step.text()).isOne();
    }
}
