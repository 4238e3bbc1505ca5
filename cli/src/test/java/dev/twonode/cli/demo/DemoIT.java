package dev.twonode.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import dev.twonode.cli.rig.Spawner;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo as a person runs it.
class DemoIT {

    private static final int USUAL_PORT = 4222;
    private static final int FAILURE = 1;
    private static final int INTERRUPTED = 130;
    private static final int REFUSED = 3;
    private static final int USAGE = 2;
    private static final String WATCH = "$ watch ";
    private static final Pattern SUM =
            Pattern.compile("^  acknowledged [1-9][0-9,]* . lost (\\d+) .*longest pause .* p99 .*");
    private static final Pattern SUM_OF_KINE =
            Pattern.compile(
                    "^  through kine: acknowledged [1-9][0-9,]* . lost 0 . failed 0 . longest pause"
                            + " .* p99 .*");

    @TempDir Path temp;

    /// The demo uses a kine that is there, and fetches none.
    @BeforeAll
    static void kineIsThere() {
        Tools.path("kine");
    }

    private Path dir() {
        return temp.resolve("demo");
    }

    @AfterEach
    void nothingStaysBehind() {
        DemoProcess.run(dir(), "clean");
    }

    private List<ProcessHandle> processesOfThisDemo() {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        process.info()
                                .commandLine()
                                .filter(line -> line.contains(dir().toString()))
                                .isPresent())
                .toList();
    }

    private static List<String> sums(DemoProcess step) {
        return step.text().lines().filter(line -> SUM.matcher(line).find()).toList();
    }

    private static List<String> sumsOfKine(DemoProcess step) {
        return step.text().lines().filter(line -> SUM_OF_KINE.matcher(line).find()).toList();
    }

    private static void assertGood(DemoProcess step) {
        assertThat(step.await()).as(step.text()).isZero();
        assertThat(sums(step)).as(step.text()).hasSize(1);
        assertThat(sums(step).getFirst()).contains("lost 0");
        assertThat(sumsOfKine(step)).as(step.text()).hasSize(1);
    }

    @Test
    void theWholeStoryLosesNothingAndLeavesNothingBehind() {
        DemoProcess all = DemoProcess.begin(dir(), "all");

        assertThat(all.await()).as(all.text()).isZero();
        assertThat(all.text())
                .contains("Start the leader: node a")
                .contains("Start the follower: node b")
                .contains("Kill the follower: node b")
                .contains("Start the follower again: node b")
                .contains("Swap the leader: from node a to node b")
                .contains("Kill the leader: node b")
                .contains("Start the dead leader again: node b")
                .contains("The whole story")
                .contains("nats-server -c ")
                .contains(
                        "$ " + Tools.repositoryRoot() + "/cli/target/twonode/bin/twonode status -w")
                .contains("twonode stepdown -s localhost:")
                .contains("  or $ nats -s localhost:");
        assertThat(sums(all)).hasSize(8).allMatch(line -> line.contains("lost 0"));
        assertThat(sumsOfKine(all)).as(all.text()).hasSize(8);
        assertThat(all.text())
                .contains("kine --endpoint=nats://127.0.0.1:")
                .contains("kine a is the same process as ever (pid ")
                .contains("kine b is the same process as ever (pid ")
                .doesNotContain("kubectl");
        assertThat(all.text()).doesNotContain("✗", "WRONG", "next: ");
        assertThat(dir()).doesNotExist();
        assertThat(processesOfThisDemo()).isEmpty();
    }

    @Test
    void stepsAreTypedInAnyTerminalAndMoreThanOnce() {
        assertGood(DemoProcess.run(dir(), "start-leader"));
        DemoProcess again = DemoProcess.run(dir(), "start-leader");
        assertGood(again);
        assertThat(again.text())
                .contains("server a is already running (pid ")
                .contains("kine a is already running (pid ")
                .contains("agent a is already running (pid ");

        // Two terminals at once: one waits for the other and finds nothing left to do.
        DemoProcess one = DemoProcess.begin(dir(), "start-follower");
        DemoProcess two = DemoProcess.begin(dir(), "start-follower");
        assertGood(one);
        assertGood(two);
        assertThat(one.text() + two.text()).containsOnlyOnce("agent b started");

        endWriter();
        DemoProcess killed = DemoProcess.run(dir(), "kill-follower");
        assertGood(killed);
        assertThat(killed.text()).contains("a writer started");
        DemoProcess killedAgain = DemoProcess.run(dir(), "kill-follower");
        assertGood(killedAgain);
        assertThat(killedAgain.text()).contains("node b is dead already");

        DemoProcess refused = DemoProcess.run(dir(), "kill-leader");
        assertThat(refused.await()).isEqualTo(REFUSED);
        assertThat(refused.text()).contains("node b is down").contains("restart-follower");

        DemoProcess status = DemoProcess.run(dir(), "status");
        assertThat(status.await()).isZero();
        assertThat(status.text())
                .contains("leader in term")
                .contains("down")
                .contains("accepted")
                .contains("killed")
                .doesNotContain("not started");

        assertThat(DemoProcess.run(dir(), "stop").await()).isZero();
        assertThat(processesOfThisDemo()).isEmpty();
        assertThat(DemoProcess.run(dir(), "status").text())
                .contains("next: twonode demo start-leader (goes on from here)");
        assertGood(DemoProcess.run(dir(), "start-leader"));
        DemoProcess all = DemoProcess.run(dir(), "all");
        assertThat(all.await()).isEqualTo(REFUSED);
        assertThat(all.text()).contains("a demo is running");
    }

    @Test
    void theReportThatItSuggestsIsOneThatNatsHas() throws IOException, InterruptedException {
        Tools.path("nats");
        DemoProcess step = DemoProcess.run(dir(), "start-leader");
        assertGood(step);
        String suggested =
                step.text()
                        .lines()
                        .filter(line -> line.contains(WATCH))
                        .map(line -> line.substring(line.indexOf(WATCH) + WATCH.length()))
                        .findFirst()
                        .orElseThrow();

        Process report =
                new ProcessBuilder("sh", "-c", suggested).redirectErrorStream(true).start();
        String printed = new String(report.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(report.waitFor()).as(printed).isZero();
        assertThat(printed).contains("KV_kine");
    }

    /// Somebody else ends the writer.
    private void endWriter() {
        RigState state = new RigFolder(dir()).read().orElseThrow();
        Spawner.kill(Optional.ofNullable(state.writer()).orElseThrow());
    }

    @Test
    void aKineThatEndsByItselfIsNoticed() {
        assertGood(DemoProcess.run(dir(), "start-leader"));
        RigState state = new RigFolder(dir()).read().orElseThrow();
        assertGood(DemoProcess.run(dir(), "start-follower"));
        Spawner.kill(state.node("a").aliveBeside("kine").orElseThrow());

        DemoProcess swap = DemoProcess.run(dir(), "swap-leader");

        assertThat(swap.await()).isEqualTo(FAILURE);
        assertThat(swap.text()).contains("the kine of node a has ended");
        assertGood(DemoProcess.run(dir(), "restart-follower"));
    }

    @Test
    void anotherKubernetesThanTheDemoWasBegunWithIsRefused() {
        assertGood(DemoProcess.run(dir(), "start-leader"));

        DemoProcess other = DemoProcess.run(dir(), "start-follower", "--kubernetes=k3s");

        assertThat(other.await()).isEqualTo(REFUSED);
        assertThat(other.text()).contains("it was begun with --kubernetes=none");
    }

    @Test
    void anInterruptedStepTakesBackWhatItStarted() throws IOException, InterruptedException {
        DemoProcess step = DemoProcess.begin(dir(), "start-leader");
        step.awaitText("agent a started");

        step.interrupt();

        assertThat(step.await()).as(step.text()).isEqualTo(INTERRUPTED);
        assertThat(step.text()).contains("interrupted");
        assertThat(processesOfThisDemo()).isEmpty();
        assertThat(new RigFolder(dir()).read().orElseThrow().running()).isEmpty();
        assertGood(DemoProcess.run(dir(), "start-leader"));
    }

    @Test
    void anInterruptedStoryRemovesEverything() throws IOException, InterruptedException {
        DemoProcess all = DemoProcess.begin(dir(), "all");
        all.awaitText("Start the follower");

        all.interrupt();

        assertThat(all.await()).isEqualTo(INTERRUPTED);
        assertThat(processesOfThisDemo()).isEmpty();
        assertThat(dir().resolve("a")).doesNotExist();
    }

    @Test
    void takenPortsArePassedOverAndTheNewOnesRemembered() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            if (NodeProcesses.isFree(USUAL_PORT)) {
                taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), USUAL_PORT));
            }
            assertGood(DemoProcess.run(dir(), "start-leader"));
        }
        RigState state = new RigFolder(dir()).read().orElseThrow();
        assertThat(state.node("a").port()).isNotEqualTo(USUAL_PORT);

        assertThat(DemoProcess.run(dir(), "stop").await()).isZero();
        assertGood(DemoProcess.run(dir(), "start-leader"));
        assertThat(new RigFolder(dir()).read().orElseThrow().node("a").port())
                .isEqualTo(state.node("a").port());
    }

    @Test
    void whatTheDemoDidNotMakeIsNotRemoved() throws IOException {
        Path foreign = Files.createDirectories(dir().resolve("a"));

        DemoProcess clean = DemoProcess.run(dir(), "clean");

        assertThat(clean.await()).isEqualTo(REFUSED);
        assertThat(clean.text()).contains(dir().toString());
        assertThat(foreign).exists();
    }

    @Test
    void aStepThatIsNoneIsAUsageErrorThatListsTheSteps() {
        DemoProcess step = DemoProcess.run(dir(), "kill-everything");

        assertThat(step.await()).isEqualTo(USAGE);
        assertThat(step.text()).contains("kill-everything").contains("swap-leader");
    }
}
