package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody changes the bucket's stream by hand, on a pair that is in sync.
class EditedStreamIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir private Path folder;

    private TestPair pair;
    private Map<Long, String> before;

    @BeforeEach
    void aLeadsAndFollowerHoldsTheSame() {
        pair = new TestPair(folder);
        pair.a.start();
        pair.b.start();
        pair.b.awaitRole("follower");
        pair.b.awaitInSync();
        long last = 0;
        for (int i = 0; i < 10; i++) {
            last = pair.a.put("key" + i, "value " + i);
        }
        pair.b.awaitSequence(last);
        before = pair.a.messages();
    }

    @AfterEach
    void end() {
        pair.close();
    }

    private static void update(TestPair.Node node, JsonNode config) {
        JsonNode answer = node.api("STREAM.UPDATE.KV_kine", config.toString());
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
    }

    private static void awaitHealth(TestPair.Node node, String health) {
        Await.await(
                node.name + " says " + health,
                BOUND,
                () -> node.state().orElseThrow().path("health").asText().equals(health));
    }

    private void awaitSame() {
        Await.await("both hold the same", BOUND, () -> pair.a.messages().equals(pair.b.messages()));
    }

    @Test
    void aLeaderWhoseStreamIsDeletedGivesWayToTheFollowerThatHoldsEverything() {
        pair.a.api("STREAM.DELETE.KV_kine", "{}");

        pair.b.awaitRole("leader");
        pair.a.awaitRole("follower");
        pair.a.awaitInSync();
        assertThat(pair.b.messages()).isEqualTo(before);
        awaitSame();
    }

    @Test
    void aFollowerWhoseStreamIsDeletedGetsItBack() {
        pair.b.api("STREAM.DELETE.KV_kine", "{}");

        awaitSame();
        pair.b.awaitInSync();
        assertThat(pair.b.messages()).isEqualTo(before);
        assertThat(pair.a.role()).isEqualTo("leader");
    }

    @Test
    void aFollowerThatWasPurgedIsFilledAgain() {
        pair.b.api("STREAM.PURGE.KV_kine", "{}");

        awaitSame();
        assertThat(pair.b.messages()).isEqualTo(before);
        assertThat(pair.a.role()).isEqualTo("leader");
    }

    @Test
    void aPurgeOfTheLeaderReachesTheFollower() {
        pair.a.api("STREAM.PURGE.KV_kine", "{\"keep\":3}");
        assertThat(pair.a.messages()).hasSize(3);

        awaitSame();
        assertThat(pair.b.messages()).hasSize(3);
    }

    @Test
    void aFenceThatIsTakenOffByHandIsPutBack() {
        update(pair.b, pair.a.shape());
        Await.await("the fence is back", BOUND, () -> pair.b.shape().has("subject_transform"));

        pair.b.awaitInSync();
        awaitSame();
        assertThat(pair.a.role()).isEqualTo("leader");
        assertThat(pair.a.messages()).isEqualTo(before);
    }

    @Test
    void aLeaderWhoseStreamIsReconfiguredWaitsAndTheFollowerLeads() {
        ObjectNode right = pair.a.shape();
        update(
                pair.a,
                right.deepCopy()
                        .put("description", "somebody's")
                        .put("max_age", 3_600_000_000_000L));

        pair.b.awaitRole("leader");
        awaitHealth(pair.a, "stream-edited");
        assertThat(pair.a.state().orElseThrow().path("next").asText())
                .contains("description", "nats stream edit");
        assertThat(pair.a.messages()).isEqualTo(before);
        assertThat(pair.b.messages()).isEqualTo(before);

        update(pair.a, right.deepCopy().put("max_age", 3_600_000_000_000L));
        Await.await(
                "what is left to put back is said",
                BOUND,
                () -> pair.a.state().orElseThrow().path("next").asText().contains("max_age"));

        update(pair.a, right);
        pair.a.awaitInSync();
        awaitSame();
    }

    /// Some changes the server does not take back.
    @Test
    void aStreamThatCannotBePutBackIsRemovedAndCopiedAnewWhereTheOtherNodeLeads() {
        ObjectNode right = pair.a.shape();
        update(pair.a, right.deepCopy().put("sealed", true));

        pair.b.awaitRole("leader");
        awaitHealth(pair.a, "stream-edited");
        assertThat(pair.a.api("STREAM.UPDATE.KV_kine", right.toString()).has("error")).isTrue();
        Await.await(
                "the way out is said",
                BOUND,
                () ->
                        pair.a
                                .state()
                                .orElseThrow()
                                .path("next")
                                .asText()
                                .contains("(nats stream rm): b leads"));

        pair.a.api("STREAM.DELETE.KV_kine", "");
        pair.a.awaitInSync();
        awaitSame();
        assertThat(pair.a.messages()).isEqualTo(before);
    }

    private static int history(TestPair.Node node) {
        return node.shape().path("max_msgs_per_subject").asInt();
    }

    @Test
    void aHistoryThatIsChangedOnTheLeaderReachesTheFollower() {
        update(pair.a, pair.a.shape().put("max_msgs_per_subject", 20));

        Await.await("b keeps as much", BOUND, () -> history(pair.b) == 20);
        pair.b.awaitInSync();
        awaitSame();
        assertThat(pair.b.messages()).isEqualTo(before);
        assertThat(pair.a.role()).isEqualTo("leader");
    }

    @Test
    void aHistoryThatIsChangedOnTheFollowerIsChangedBack() {
        update(pair.b, pair.b.shape().put("max_msgs_per_subject", 3));

        Await.await("b keeps as much", BOUND, () -> history(pair.b) == 10);
        pair.b.awaitInSync();
        assertThat(pair.b.messages()).isEqualTo(before);
        assertThat(pair.a.role()).isEqualTo("leader");
    }

    @Test
    void aFollowerWhoseServerHasAnotherStreamOnTheSubjectsLeavesTheLeadToItsPeer() {
        String other = "{\"name\":\"OTHER\",\"subjects\":[\"$KV.kine.>\"],\"storage\":\"memory\"}";
        assertThat(pair.b.api("STREAM.CREATE.OTHER", other).has("error")).isFalse();
        pair.a.ask("stepdown", TestPair.PATIENTLY);

        pair.a.awaitRole("leader");
        pair.b.awaitRole("follower");
        pair.b.awaitInSync();
        JsonNode state = pair.a.state().orElseThrow();
        assertThat(state.has("lost")).as(state.toString()).isFalse();
        assertThat(pair.b.state().orElseThrow().path("events").toString())
                .contains("the own server does not open the stream");
        pair.a.put("more", "value");
        awaitSame();

        pair.b.api("STREAM.DELETE.OTHER", "");
        pair.a.ask("stepdown", TestPair.PATIENTLY);
        pair.b.awaitRole("leader");
        pair.a.awaitInSync();
        awaitHealth(pair.b, "ok");
        awaitSame();
        assertThat(pair.b.messages()).containsAllEntriesOf(before).hasSize(11);
    }

    @Test
    void aFollowerWhoseStreamIsReconfiguredWaitsUntilItIsPutBack() {
        ObjectNode right = pair.b.shape();
        update(pair.b, right.deepCopy().put("max_bytes", 1_000_000));

        awaitHealth(pair.b, "stream-edited");
        assertThat(pair.b.state().orElseThrow().path("next").asText())
                .contains("max_bytes", "nats stream edit");
        assertThat(pair.b.messages()).isEqualTo(before);
        assertThat(pair.a.role()).isEqualTo("leader");
        pair.a.put("meanwhile", "written");

        update(pair.b, right);
        pair.b.awaitInSync();
        awaitSame();
    }
}
