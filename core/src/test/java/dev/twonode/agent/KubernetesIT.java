package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import dev.twonode.testing.KineProcess;
import dev.twonode.testing.KubernetesProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Kubernetes API server on a real kine on one node's gateway, while the leader changes.
/// Takes minutes and a build of Kubernetes, so it runs only with `-Pkubernetes`.
@Tag("kubernetes")
class KubernetesIT {

    private static final System.Logger LOG = System.getLogger(KubernetesIT.class.getName());
    private static final Duration BOUND = Duration.ofMinutes(2);
    private static final int EACH_TIME = 8;

    private final List<Long> calls = new ArrayList<>();

    @TempDir private Path folder;

    @Test
    void kubernetesDoesNotNoticeThatTheLeaderIsSwappedAndKilled() throws Exception {
        try (TestPair pair = TestPair.inSync(folder);
                KineProcess kine =
                        new KineProcess(pair.b.gatewayUrl(), folder.resolve("kine"))
                                .awaitListening();
                KubernetesProcesses kubernetes =
                        new KubernetesProcesses(kine.url(), folder.resolve("kubernetes"))) {
            String holder = awaitLeaseHolder(kubernetes);
            Path seen = kubernetes.watch("get", "configmaps", "--watch", "-o", "name");
            int written = create(kubernetes, 0);
            for (int round = 0; round < 4; round++) {
                pair.handOver();
                written = create(kubernetes, written);
            }
            Await.await("a leads", BOUND, () -> leadsIn(pair.a));
            pair.b.awaitInSync();
            pair.a.server.kill();
            pair.a.killAgent();
            written = create(kubernetes, written);
            LOG.log(System.Logger.Level.INFO, "kubectl calls: {0} ms", calls);
            pair.b.awaitRole("leader");
            pair.a.server.restart();
            pair.a.start();
            pair.a.awaitInSync();
            written = create(kubernetes, written);

            assertEachWasSeenOnce(seen, written);
            assertThat(awaitLeaseHolder(kubernetes)).isEqualTo(holder);
            assertControllersWork(kubernetes);
            assertThat(kubernetes.isRunning()).as(kubernetes.log("controller-manager")).isTrue();
            assertThat(kine.isRunning()).as(kine.log()).isTrue();
        }
    }

    private static boolean leadsIn(TestPair.Node node) {
        return node.role().equals("leader");
    }

    /// Creates config maps one after the other; each call has to succeed.
    private int create(KubernetesProcesses kubernetes, int from) throws IOException {
        for (int number = from; number < from + EACH_TIME; number++) {
            long begun = System.nanoTime();
            KubernetesProcesses.Outcome outcome =
                    kubernetes.kubectl(
                            "create", "configmap", name(number), "--from-literal=n=" + number);
            calls.add((System.nanoTime() - begun) / 1_000_000);
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        }
        return from + EACH_TIME;
    }

    private static String name(int number) {
        return "written-" + number;
    }

    /// A watch that was opened before the first change of leader shows every object once, in order.
    private static void assertEachWasSeenOnce(Path seen, int written) throws IOException {
        List<String> expected =
                IntStream.range(0, written).mapToObj(n -> "configmap/" + name(n)).toList();
        Await.await(
                "the watch shows the newest object",
                BOUND,
                () -> Files.readAllLines(seen).contains(expected.getLast()));
        assertThat(Files.readAllLines(seen))
                .filteredOn(line -> line.contains("/written-"))
                .isEqualTo(expected);
    }

    private static String awaitLeaseHolder(KubernetesProcesses kubernetes) {
        return Await.awaitValue(
                "the controller manager holds its lease",
                BOUND,
                () -> {
                    KubernetesProcesses.Outcome lease =
                            kubernetes.kubectl(
                                    "-n",
                                    "kube-system",
                                    "get",
                                    "lease",
                                    "kube-controller-manager",
                                    "-o",
                                    "jsonpath={.spec.holderIdentity} {.spec.leaseTransitions}");
                    return lease.exitCode() == 0 && !lease.output().isBlank()
                            ? Optional.of(lease.output())
                            : Optional.empty();
                });
    }

    /// A controller that lost its watches or its lease would make no pods.
    private static void assertControllersWork(KubernetesProcesses kubernetes) throws IOException {
        KubernetesProcesses.Outcome created =
                kubernetes.kubectl("create", "deployment", "web", "--image=nginx", "--replicas=2");
        assertThat(created.exitCode()).as(created.output()).isZero();
        Await.await(
                "two pods are made for the deployment",
                BOUND,
                () -> pods(kubernetes).filter(pod -> pod.startsWith("pod/web-")).count() == 2);
    }

    private static Stream<String> pods(KubernetesProcesses kubernetes) throws IOException {
        return kubernetes.kubectl("get", "pods", "-o", "name").output().lines();
    }
}
