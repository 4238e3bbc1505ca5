package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.config.GatewayConfig;
import dev.twonode.testing.Await;
import dev.twonode.testing.Cable;
import dev.twonode.testing.KineProcess;
import dev.twonode.testing.KubernetesProcesses;
import dev.twonode.testing.KubernetesProcesses.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Kubernetes knows after writes that it was told of are lost: nothing of them, once kine and
/// the API server were started again, as the hook asks for. Needs a build of Kubernetes, so it runs
/// only with `-Pkubernetes`.
@Tag("kubernetes")
class RevisionJumpKubernetesIT {

    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int LOST = 3;

    @TempDir private Path folder;

    /// The kine and the API server of node a, which is not the node that dies for good: both
    /// outlive the death of its server and agent, and know what is lost.
    private record Stack(KineProcess kine, KubernetesProcesses kubernetes)
            implements AutoCloseable {

        String read(String... arguments) throws IOException {
            Outcome outcome = kubernetes.kubectl(arguments);
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            return outcome.output().strip();
        }

        long create(String name) throws IOException {
            return Long.parseLong(
                    read(
                            "create",
                            "configmap",
                            name,
                            "-o",
                            "jsonpath={.metadata.resourceVersion}"));
        }

        List<String> names() throws IOException {
            return read("get", "configmaps", "-o", "name").lines().toList();
        }

        /// What a watch from a revision is told.
        String watch(long revision) throws IOException {
            return kubernetes
                    .kubectl(
                            "get",
                            "--raw",
                            "/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=3"
                                    + "&resourceVersion="
                                    + revision)
                    .output();
        }

        @Override
        public void close() {
            kubernetes.close();
            kine.close();
        }
    }

    private Stack stack(TestPair.Node node, String name) {
        Path place = folder.resolve(name);
        KineProcess kine = new KineProcess(node.gatewayUrl(), place).awaitListening();
        return new Stack(kine, new KubernetesProcesses(kine.url(), place.resolve("kubernetes")));
    }

    @Test
    void kubernetesForgetsWhatWasLostAndGoesOnBeyondIt() throws Exception {
        TestPair pair = TestPair.slow(folder);
        pair.clients =
                new TestPair.Clients(
                        GatewayConfig.Commit.LEADER,
                        1_000,
                        "echo $TWONODE_NODE >> " + folder.resolve("hooked"));
        try (pair;
                Cable toA = new Cable(pair.a.server.port())) {
            pair.b.peerUrl = toA.url();
            pair.a.start();
            pair.b.start();
            pair.b.awaitInSync();
            long lost;
            try (Stack before = stack(pair.a, "before")) {
                before.create("kept");
                long last = before.create("deleted");
                Await.await("b has both", BOUND, () -> latest(pair.b) >= last);
                toA.cutBack();
                lost = before.create("lost-0");
                for (int i = 1; i < LOST; i++) {
                    before.create("lost-" + i);
                }
                before.read("delete", "configmap", "deleted");
                pair.a.server.kill();
                pair.a.killAgent();
                toA.mendAnew();
                pair.b.awaitRole("leader");
                pair.a.server.restart();
                pair.a.start();
                pair.a.awaitInSync();
                Await.await("both hooks have run", BOUND, () -> hooked().contains("a"));
                // The API server still shows it from its memory: that is why the hook exists.
                assertThat(before.names()).contains("configmap/lost-0");
            }
            assertThat(hooked()).containsExactlyInAnyOrder("a", "b");
            assertGoesOn(pair, lost);
        }
    }

    private void assertGoesOn(TestPair pair, long lost) throws IOException {
        long next = pair.b.state().orElseThrow().path("lost").path("next").asLong();
        try (Stack after = stack(pair.a, "after")) {
            assertThat(after.names())
                    .contains("configmap/kept", "configmap/deleted")
                    .noneMatch(name -> name.contains("lost-"));
            Await.await(
                    "a watch from a lost revision is too old",
                    BOUND,
                    () -> after.watch(lost).contains("too old resource version"));
            long again = after.create("lost-0");
            assertThat(again).isGreaterThan(next);
            assertThat(after.create("new")).isGreaterThan(again);
            assertThat(after.watch(again)).contains("\"new\"").doesNotContain("too old");
        }
    }

    private List<String> hooked() throws IOException {
        Path file = folder.resolve("hooked");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static long latest(TestPair.Node node) {
        return node.state().map(state -> state.path("latestSeq").asLong()).orElse(0L);
    }
}
