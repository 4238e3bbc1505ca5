package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueOptions;
import io.nats.client.Nats;
import io.nats.client.api.KeyValueEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole agents, real servers, and a client that knows nothing but the gateway's address.
@SuppressWarnings("try") // closing a client is never interrupted here
class GatewayPairIT {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final KeyValueOptions PATIENT =
            KeyValueOptions.builder()
                    .jetStreamOptions(JetStreamOptions.builder().requestTimeout(BOUND).build())
                    .build();

    @TempDir private Path folder;

    @Test
    void clientsOfBothNodesReachTheLeader() throws Exception {
        try (TestPair pair = TestPair.inSync(folder);
                Connection a = Nats.connect(pair.a.gatewayUrl());
                Connection b = Nats.connect(pair.b.gatewayUrl())) {
            long first = a.keyValue("kine").put("x", bytes("one"));
            KeyValueEntry seen = b.keyValue("kine").get("x");

            assertThat(seen.getRevision()).isEqualTo(first);
            long second = b.keyValue("kine").update("x", bytes("two"), first);
            assertThat(a.keyValue("kine").get("x").getRevision()).isEqualTo(second);
            assertThat(a.keyValue("kine").history("x")).hasSize(2);
        }
    }

    @Test
    void whatTheFollowerDoesNotHaveIsShownOnlyOnceTheLeaderIsAloneByRight() throws Exception {
        try (TestPair pair = TestPair.inSync(folder);
                Connection client = Nats.connect(pair.a.gatewayUrl())) {
            KeyValue patient = client.keyValue("kine", PATIENT);
            patient.put("x", bytes("on both"));
            pair.b.server.pause();
            long early = pair.a.put("x", "on one");
            CompletableFuture<KeyValueEntry> read =
                    CompletableFuture.supplyAsync(() -> read(patient, "x"));
            Await.holdsFor("it is not shown", Duration.ofMillis(200), () -> !read.isDone());

            Await.await("the leader is alone", BOUND, () -> isAlone(pair.a));
            assertThat(read.get(10, TimeUnit.SECONDS).getRevision()).isEqualTo(early);
            pair.b.server.resume();
        }
    }

    private static KeyValueEntry read(KeyValue bucket, String key) {
        try {
            return bucket.get(key);
        } catch (IOException | JetStreamApiException e) {
            throw new CompletionException(e);
        }
    }

    private static boolean isAlone(TestPair.Node node) {
        return node.state().map(state -> state.path("alone").asBoolean()).orElse(false);
    }

    @Test
    void handoversLoseNothingAndFailNothing() throws Exception {
        List<Long> pauses = new ArrayList<>();
        try (TestPair pair = TestPair.inSync(folder);
                Chain one = new Chain(pair.a.gatewayUrl(), "one");
                Chain two = new Chain(pair.b.gatewayUrl(), "two")) {
            for (int round = 0; round < 6; round++) {
                grow(one, two);
                one.takeLongestMillis();
                two.takeLongestMillis();
                pair.handOver();
                grow(one, two);
                pauses.add(one.takeLongestMillis());
                pauses.add(two.takeLongestMillis());
            }
            assertWhole(pair, one, two);
        } finally {
            report("handover", pauses);
        }
    }

    @Test
    void killOfTheLeadersNodeLosesNothingThatWasAcknowledged() throws Exception {
        List<Long> pauses = new ArrayList<>();
        try (TestPair pair = TestPair.inSync(folder);
                Chain two = new Chain(pair.b.gatewayUrl(), "two")) {
            grow(two);
            two.takeLongestMillis();
            pair.a.server.kill();
            pair.a.killAgent();
            pair.b.awaitRole("leader");
            grow(two);
            pauses.add(two.takeLongestMillis());
            pair.a.server.restart();
            pair.a.start();
            pair.a.awaitInSync();
            grow(two);
            assertWhole(pair, two);
        } finally {
            report("kill -9 of the node", pauses);
        }
    }

    @Test
    void killOfTheLeadersServerMovesItsOwnClientsToo() throws Exception {
        List<Long> pauses = new ArrayList<>();
        try (TestPair pair = TestPair.inSync(folder);
                Chain one = new Chain(pair.a.gatewayUrl(), "one");
                Chain two = new Chain(pair.b.gatewayUrl(), "two")) {
            grow(one, two);
            one.takeLongestMillis();
            two.takeLongestMillis();
            pair.a.server.kill();
            pair.b.awaitRole("leader");
            grow(one, two);
            pauses.add(one.takeLongestMillis());
            pauses.add(two.takeLongestMillis());
            pair.a.server.restart();
            pair.a.awaitInSync();
            assertWhole(pair, one, two);
        } finally {
            report("kill -9 of the server", pauses);
        }
    }

    private static void grow(Chain... chains) {
        for (Chain chain : chains) {
            int before = chain.size();
            Await.await(
                    "writes go on " + chain.failures(),
                    BOUND,
                    () -> chain.size() > before + 30 || !chain.failures().isEmpty());
            assertThat(chain.failures()).isEmpty();
        }
    }

    /// Every acknowledged write is in both streams, at its place.
    private static void assertWhole(TestPair pair, Chain... chains) throws Exception {
        long last = 0;
        for (Chain chain : chains) {
            chain.stop();
            assertThat(chain.failures()).isEmpty();
            assertThat(chain.acknowledged()).isSorted();
            last = Math.max(last, chain.acknowledged().getLast());
        }
        for (TestPair.Node node : List.of(pair.a, pair.b)) {
            node.awaitSequence(last);
        }
    }

    private static void report(String what, List<Long> pauses) {
        System.getLogger("pauses").log(System.Logger.Level.INFO, "{0}: {1} ms", what, pauses);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
