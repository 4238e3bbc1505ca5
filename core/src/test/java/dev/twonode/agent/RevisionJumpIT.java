package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.config.GatewayConfig;
import dev.twonode.testing.Await;
import dev.twonode.testing.Cable;
import dev.twonode.testing.EtcdClient;
import dev.twonode.testing.EtcdClient.Entry;
import dev.twonode.testing.EtcdClient.Outcome;
import dev.twonode.testing.EtcdWatch;
import dev.twonode.testing.KineProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client of the real kine sees of writes that it was told of and that are lost: the stream
/// goes on beyond them, and whoever asks for them is told that they are compacted.
class RevisionJumpIT {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int MAX_LOSS = 40;

    /// For ten thousand placeholders on a machine that is busy with much else.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    @Test
    void whatAHastyLeaderAcknowledgedAndLostIsCompactedAndNeverUsedAgain() throws Exception {
        TestPair pair = TestPair.slow(folder);
        pair.clients = hasty();
        try (pair;
                Cable toA = new Cable(pair.a.server.port())) {
            pair.b.peerUrl = toA.url();
            pair.a.start();
            pair.b.start();
            pair.b.awaitInSync();
            Lost lost = writeAndLose(pair, toA);
            pair.b.awaitRole("leader");
            JsonNode told = awaitTold(pair.b);
            assertThat(told.path("from").asLong()).isLessThanOrEqualTo(lost.revisions.getFirst());
            assertThat(told.path("to").asLong()).isGreaterThanOrEqualTo(lost.revisions.getLast());
            assertThat(told.path("bounded").asBoolean()).isTrue();
            assertThat(told.path("restarted").asText()).isEqualTo("by-hook");
            assertThat(hooked()).containsExactly("b %d %d true".formatted(from(told), to(told)));

            assertClientsAreToldThatItIsLost(pair, lost, told.path("next").asLong());
            assertTheOtherNodeFollowsExactly(pair);
            assertThat(hooked()).contains("a %d %d true".formatted(from(told), to(told)));
        }
    }

    /// What was acknowledged and is on one node only.
    private record Lost(List<Long> revisions, long deletedAt, String deletedKey) {}

    private Lost writeAndLose(TestPair pair, Cable toA) throws Exception {
        try (KineProcess kine = kine(pair.a, "old");
                EtcdClient etcd = new EtcdClient(kine.url(), Duration.ofSeconds(1))) {
            List<Long> kept = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                kept.add(etcd.create("/registry/kept/" + i, "kept").revision());
            }
            etcd.compact(0, kept.getFirst()).revision();
            long level = etcd.list("/registry/").revision();
            Await.await("b is level", BOUND, () -> latest(pair.b) >= level);

            toA.cutBack();
            List<Long> lost = new ArrayList<>();
            long deleted = etcd.delete("/registry/kept/3", kept.get(3)).revision();
            lost.add(deleted);
            Outcome last = etcd.create("/registry/lost/0", "lost");
            for (int i = 1; last instanceof Outcome.Done(long revision); i++) {
                lost.add(revision);
                last = etcd.create("/registry/lost/" + i, "lost");
            }
            assertThat(last).as("held beyond --max-loss").isInstanceOf(Outcome.Unknown.class);
            assertThat(lost).hasSizeBetween(10, MAX_LOSS);
            pair.a.server.kill();
            pair.a.killAgent();
            toA.mendAnew();
            return new Lost(lost, deleted, "/registry/kept/3");
        }
    }

    private void assertClientsAreToldThatItIsLost(TestPair pair, Lost lost, long next)
            throws Exception {
        try (KineProcess kine = kine(pair.b, "fresh");
                EtcdClient etcd = new EtcdClient(kine.url())) {
            Await.await(
                    "kine has read the compaction key",
                    BOUND,
                    () -> isCompacted(etcd, lost.revisions.getFirst()));
            for (long revision : lost.revisions) {
                assertThat(isCompacted(etcd, revision)).as("revision %d", revision).isTrue();
            }
            for (long seen : List.of(lost.revisions.getFirst(), lost.revisions.getLast() + 1)) {
                try (EtcdWatch watch = etcd.watch("/registry/", seen)) {
                    Await.await("the watch is told", BOUND, () -> watch.compactedAt() != 0);
                    assertThat(watch.compactedAt()).isEqualTo(next);
                    assertThat(watch.events()).isEmpty();
                }
            }
            EtcdClient.Listing now = etcd.list("/registry/kept/");
            assertThat(now.revision()).isGreaterThanOrEqualTo(next);
            assertThat(now.entries()).extracting(Entry::key).contains(lost.deletedKey).hasSize(20);

            try (EtcdWatch watch = etcd.watch("/registry/", now.revision() + 1).awaitOpen()) {
                long created = etcd.create("/registry/new", "new").revision();
                assertThat(created).isGreaterThan(next);
                long updated = etcd.update("/registry/new", "newer", created).revision();
                etcd.delete("/registry/new", updated).revision();
                Await.await("three events", BOUND, () -> watch.events().size() == 3);
            }
            assertThat(etcd.compact(1, next + 1)).isInstanceOf(Outcome.Conflict.class);
            assertThat(etcd.compact(2, next + 1)).isInstanceOf(Outcome.Done.class);
        }
    }

    private void assertTheOtherNodeFollowsExactly(TestPair pair) throws Exception {
        pair.a.server.restart();
        pair.a.start();
        pair.a.awaitRole("follower");
        pair.a.awaitInSync();
        pair.a.awaitSequence(lastStored(pair.b));
        assertThat(pair.a.messages()).isEqualTo(pair.b.messages());
        assertThat(pair.a.state().orElseThrow().path("orphans").asInt()).isPositive();
        awaitTold(pair.a);
        try (KineProcess kine = kine(pair.a, "other");
                EtcdClient etcd = new EtcdClient(kine.url())) {
            etcd.create("/registry/both", "there").revision();
        }
    }

    @Test
    void aForcedPromotionGoesBeyondEverythingThatItsPeerMayHaveShown() throws Exception {
        try (TestPair pair = TestPair.inSync(folder)) {
            long known;
            try (KineProcess kine = kine(pair.a, "old");
                    EtcdClient etcd = new EtcdClient(kine.url())) {
                long kept = etcd.create("/registry/kept", "kept").revision();
                Await.await("b has it", BOUND, () -> latest(pair.b) >= kept);
                pair.b.killAgent();
                Await.await("a is alone", BOUND, () -> isAlone(pair.a));
                known = etcd.create("/registry/lost", "lost").revision();
            }
            pair.a.server.kill();
            pair.a.killAgent();
            pair.b.start();
            pair.b.awaitRole("waiting");
            String force = "{\"force\":true,\"confirm\":\"b\"}";
            pair.b.ask("promote", force);
            Await.await("b leads", PATIENCE, () -> pair.b.role().equals("leader"));

            JsonNode told = awaitTold(pair.b);
            assertThat(told.path("bounded").asBoolean()).isFalse();
            assertThat(told.path("restarted").asText()).isEqualTo("by-hand");
            assertThat(told.path("to").asLong()).isGreaterThanOrEqualTo(known);
            assertThat(pair.b.state().orElseThrow().path("next").asText())
                    .contains("Restart kine and then the API server", "twonode acknowledge");
            acknowledge(pair.b, told.path("term").asLong());
            try (KineProcess kine = kine(pair.b, "fresh");
                    EtcdClient etcd = new EtcdClient(kine.url())) {
                Await.await("it is compacted", BOUND, () -> isCompacted(etcd, known));
                assertThat(etcd.get("/registry/kept")).isPresent();
                assertThat(etcd.get("/registry/lost")).isEmpty();
                assertThat(etcd.create("/registry/new", "new").revision())
                        .isGreaterThan(told.path("next").asLong());
            }
        }
    }

    private static void acknowledge(TestPair.Node node, long term) {
        assertThat(acknowledged(node, "").path("error").asText()).contains("lost.term");
        JsonNode other = acknowledged(node, "{\"term\":%d}".formatted(term - 1));
        assertThat(other.path("code").asText()).isEqualTo("not-needed");
        assertThat(told(node).path("restarted").asText()).isEqualTo("by-hand");

        JsonNode done = acknowledged(node, "{\"term\":%d}".formatted(term));

        assertThat(done.path("ok").asBoolean()).as(done.toString()).isTrue();
        JsonNode state = node.state().orElseThrow();
        assertThat(state.path("lost").path("restarted").asText()).isEqualTo("by-hook");
        assertThat(state.path("next").asText()).doesNotContain("Restart");
        assertThat(state.path("events").toString()).contains("as an operator says");
    }

    private static JsonNode acknowledged(TestPair.Node node, String body) {
        return node.ask("acknowledge", body).orElseThrow();
    }

    private static JsonNode told(TestPair.Node node) {
        return node.state().orElseThrow().path("lost");
    }

    private TestPair.Clients hasty() {
        String hook =
                "echo \"$TWONODE_NODE $TWONODE_LOST_FROM $TWONODE_LOST_TO $TWONODE_LOST_BOUNDED\""
                        + " >> "
                        + folder.resolve("hooked");
        return new TestPair.Clients(GatewayConfig.Commit.LEADER, MAX_LOSS, hook);
    }

    private List<String> hooked() throws IOException {
        return Files.readAllLines(folder.resolve("hooked"));
    }

    private static long from(JsonNode told) {
        return told.path("from").asLong();
    }

    private static long to(JsonNode told) {
        return told.path("to").asLong();
    }

    /// What the node says of the loss once whoever has to know was told.
    private static JsonNode awaitTold(TestPair.Node node) {
        return Await.awaitValue(
                node.name + " says what is lost",
                BOUND,
                () ->
                        node.state()
                                .map(state -> state.path("lost"))
                                .filter(lost -> lost.path("restarted").asText().startsWith("by-")));
    }

    private static boolean isAlone(TestPair.Node node) {
        return node.state().map(state -> state.path("alone").asBoolean()).orElse(false);
    }

    private static long latest(TestPair.Node node) {
        return node.state().map(state -> state.path("latestSeq").asLong()).orElse(0L);
    }

    /// A leader's own report may be a heartbeat behind what its clients have written.
    private static long lastStored(TestPair.Node node) {
        return node.api("STREAM.INFO.KV_kine", "").path("state").path("last_seq").asLong();
    }

    private static boolean isCompacted(EtcdClient etcd, long revision) {
        EtcdClient.ReadFailed failure =
                catchThrowableOfType(
                        EtcdClient.ReadFailed.class, () -> etcd.list("/registry/", revision));
        return failure != null && failure.isCompacted();
    }

    private KineProcess kine(TestPair.Node node, String name) {
        return new KineProcess(node.gatewayUrl(), folder.resolve("kine-" + name)).awaitListening();
    }
}
