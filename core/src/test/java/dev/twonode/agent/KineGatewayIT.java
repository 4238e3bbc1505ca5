package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import dev.twonode.testing.KineProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real kine behind the gateway of each node, while the leader changes.
class KineGatewayIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void handoversAreNoMoreThanAPauseForKine() throws Exception {
        List<Long> pauses = new ArrayList<>();
        try (TestPair pair = TestPair.inSync(folder);
                KineProcess kineA = kine(pair.a);
                KineProcess kineB = kine(pair.b);
                EtcdChain one = new EtcdChain(kineA.url(), "one");
                EtcdChain two = new EtcdChain(kineB.url(), "two")) {
            for (int round = 0; round < 6; round++) {
                grow(one, two);
                one.takeMicros();
                two.takeMicros();
                pair.handOver();
                grow(one, two);
                pauses.add(one.takeMicros().getLast() / 1_000);
                pauses.add(two.takeMicros().getLast() / 1_000);
            }
            assertWhole(kineA, one);
            assertWhole(kineB, two);
        } finally {
            report("kine, handover", pauses);
        }
    }

    @Test
    void killOfTheLeadersNodeIsNoMoreThanAPauseForTheOthersKine() throws Exception {
        List<Long> pauses = new ArrayList<>();
        try (TestPair pair = TestPair.inSync(folder);
                KineProcess kineB = kine(pair.b);
                EtcdChain two = new EtcdChain(kineB.url(), "two")) {
            for (int round = 0; round < 2; round++) {
                grow(two);
                two.takeMicros();
                pair.a.server.kill();
                pair.a.killAgent();
                pair.b.awaitRole("leader");
                grow(two);
                pauses.add(two.takeMicros().getLast() / 1_000);
                pair.a.server.restart();
                pair.a.start();
                pair.a.awaitRole("follower");
                pair.a.awaitInSync();
                if (round == 0) {
                    pair.handOver();
                    pair.b.awaitInSync();
                }
            }
            assertWhole(kineB, two);
        } finally {
            report("kine, kill -9 of the node", pauses);
        }
    }

    /// As for an upgrade, on either node, and without a word to anybody.
    @Test
    void theKineOfOneNodeIsReplacedWhileTheClientsOfTheOthersGoOn() throws Exception {
        try (TestPair pair = TestPair.inSync(folder);
                KineProcess kineB = kine(pair.b);
                EtcdChain two = new EtcdChain(kineB.url(), "two")) {
            for (int round = 0; round < 2; round++) {
                try (KineProcess old = kine(pair.a);
                        EtcdChain one = new EtcdChain(old.url(), "one" + round)) {
                    grow(one, two);
                    assertWhole(old, one);
                }
                grow(two);
                try (KineProcess fresh = kine(pair.a);
                        EtcdChain one = new EtcdChain(fresh.url(), "another" + round)) {
                    grow(one, two);
                    assertWhole(fresh, one);
                }
                pair.handOver();
            }
            assertWhole(kineB, two);
        }
    }

    private KineProcess kine(TestPair.Node node) {
        return new KineProcess(node.gatewayUrl(), folder.resolve("kine-" + node.name))
                .awaitListening();
    }

    private static void grow(EtcdChain... chains) {
        for (EtcdChain chain : chains) {
            int before = chain.size();
            Await.await(
                    "writes go on",
                    BOUND,
                    () -> chain.size() > before + 30 || !chain.failures().isEmpty());
            assertThat(chain.failures()).isEmpty();
        }
    }

    private static void assertWhole(KineProcess kine, EtcdChain chain) throws Exception {
        chain.stop();
        assertThat(chain.failures()).isEmpty();
        assertThat(chain.acknowledged()).isSorted().doesNotHaveDuplicates();
        assertThat(chain.value()).isEqualTo("value " + chain.size());
        assertThat(kine.isRunning()).as(kine.log()).isTrue();
    }

    private static void report(String what, List<Long> pauses) {
        System.getLogger("pauses").log(System.Logger.Level.INFO, "{0}: {1} ms", what, pauses);
    }
}
