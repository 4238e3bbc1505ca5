package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream or a peer that is not what a pair needs: the node says so, and touches nothing.
class StrangePeerIT {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String NOWHERE = "nats://127.0.0.1:1";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // each test begins with it
    private FaultPair pair;

    @AfterEach
    void end() {
        pair.close();
    }

    private void startServers(NatsServerProcess.Settings settingsOfB) {
        pair = new FaultPair(folder, NatsServerProcess.configure().start(), settingsOfB.start());
        pair.a.use(pair.b.server().url(), List.of("--leader"));
        pair.b.use(pair.a.server().url(), List.of());
    }

    private JsonNode stream(Machine one) {
        return pair.api(one, "STREAM.INFO.KV_kine", "").orElseThrow();
    }

    @Test
    void aBucketThatIsNotKines() {
        foreign(
                "{\"name\":\"KV_kine\",\"description\":\"Holds kine key/values\","
                        + "\"subjects\":[\"$KV.kine.>\"],\"storage\":\"file\","
                        + "\"max_msgs_per_subject\":5,\"discard\":\"new\",\"allow_direct\":true,"
                        + "\"allow_rollup_hdrs\":true,\"deny_delete\":true,\"num_replicas\":1,"
                        + "\"max_age\":3600000000000}",
                "max_age");
    }

    @Test
    void aStreamOfOtherSubjects() {
        foreign(
                "{\"name\":\"KV_kine\",\"subjects\":[\"orders.>\"],\"storage\":\"file\"}",
                "kine uses 2 to 64");
    }

    @Test
    void aBucketThatAcknowledgesBeforeItWrites() {
        foreign(
                "{\"name\":\"KV_kine\",\"description\":\"Holds kine key/values\","
                        + "\"subjects\":[\"$KV.kine.>\"],\"storage\":\"file\","
                        + "\"max_msgs_per_subject\":10,\"discard\":\"new\",\"allow_direct\":true,"
                        + "\"allow_rollup_hdrs\":true,\"deny_delete\":true,\"num_replicas\":1,"
                        + "\"persist_mode\":\"async\"}",
                "persist_mode is set to \"async\"");
    }

    @Test
    void aBucketThatKeepsOneMessageOfAKey() {
        foreign(kineBucket(1), "max_msgs_per_subject is 1, kine uses 2 to 64");
    }

    @Test
    void aMirror() {
        startServers(NatsServerProcess.configure());
        create(pair.a, "ORIGIN", "{\"name\":\"ORIGIN\",\"subjects\":[\"origin.>\"]}");
        refuses(
                "{\"name\":\"KV_kine\",\"description\":\"Holds kine key/values\","
                        + "\"storage\":\"file\",\"max_msgs_per_subject\":10,\"discard\":\"new\","
                        + "\"allow_direct\":true,\"mirror\":{\"name\":\"ORIGIN\"}}",
                "it is a mirror of the stream ORIGIN");
    }

    @Test
    void aBucketIntoWhichTheServerCopiesAnotherStream() {
        startServers(NatsServerProcess.configure());
        create(pair.a, "ORIGIN", "{\"name\":\"ORIGIN\",\"subjects\":[\"origin.>\"]}");
        String sourced = kineBucket(10).replaceFirst("}$", ",\"sources\":[{\"name\":\"ORIGIN\"}]}");
        refuses(sourced, "copies the stream ORIGIN into it");
    }

    /// What kine itself creates, with that `revHistory`.
    private static String kineBucket(int history) {
        return "{\"name\":\"KV_kine\",\"description\":\"Holds kine key/values\","
                + "\"subjects\":[\"$KV.kine.>\"],\"storage\":\"file\",\"max_msgs_per_subject\":"
                + history
                + ",\"discard\":\"new\",\"allow_direct\":true,\"allow_rollup_hdrs\":true,"
                + "\"deny_delete\":true,\"num_replicas\":1}";
    }

    private void create(Machine one, String stream, String config) {
        JsonNode created = pair.api(one, "STREAM.CREATE." + stream, config).orElseThrow();
        assertThat(created.has("error")).as(created.toString()).isFalse();
    }

    private void foreign(String config, String why) {
        startServers(NatsServerProcess.configure());
        refuses(config, why);
    }

    private void refuses(String config, String why) {
        create(pair.a, "KV_kine", config);
        JsonNode before = stream(pair.a);

        pair.a.startAgent();

        JsonNode state = pair.awaitHealth(pair.a, "stream-edited");
        assertThat(state.path("next").asText()).contains(why, "nats stream edit");
        assertThat(stream(pair.a).path("config")).isEqualTo(before.path("config"));
        assertThat(stream(pair.a).path("state")).isEqualTo(before.path("state"));
        AgentProcess status = pair.twonode("status", "-s", pair.a.server().url());
        assertThat(status.log()).contains(why);
    }

    /// kine may have been told to keep more or less than it does by itself.
    @Test
    void aBucketThatKineMadeWithAnotherHistoryIsCopiedWithIt() {
        startServers(NatsServerProcess.configure());
        create(pair.a, "KV_kine", kineBucket(3));
        for (int i = 0; i < 5; i++) {
            assertThat(pair.put(pair.a, "key", "value " + i)).isPresent();
        }

        pair.heal();

        for (Machine one : List.of(pair.a, pair.b)) {
            assertThat(stream(one).path("config").path("max_msgs_per_subject").asInt())
                    .as(one.name)
                    .isEqualTo(3);
        }
        pair.assertSame();
        Machine heir = pair.follower();
        // A follower that got no processor for a while is not in sync at that moment.
        pair.request(pair.leader(), "stepdown", "{\"waitMs\":10000}");
        pair.awaitLeads(heir);
        JsonNode opened = stream(heir).path("config");
        assertThat(opened.path("max_msgs_per_subject").asInt()).isEqualTo(3);
        assertThat(opened.path("subjects").path(0).asText()).isEqualTo("$KV.kine.>");
    }

    @Test
    void aServerThatGetsAnotherNameIsStillTheSame() {
        startServers(NatsServerProcess.configure().name("before"));
        pair.start();
        for (int i = 0; i < 5; i++) {
            assertThat(pair.put(pair.a, "key" + i, "value")).isPresent();
        }

        for (Machine one : List.of(pair.b, pair.a)) {
            pair.awaitWhole();
            one.server().restart(NatsServerProcess.configure().name("renamed-" + one.name));
            pair.awaitWhole();
        }

        pair.assertSame();
        assertThat(pair.last(pair.a)).isEqualTo(5);
        for (Machine one : List.of(pair.a, pair.b)) {
            JsonNode state = pair.request(one, "state", "").orElseThrow();
            assertThat(state.path("orphans").asInt()).as(one.name).isZero();
            assertThat(state.path("lost").isMissingNode()).as(one.name).isTrue();
        }
    }

    @Test
    void aPeersServerThatIsLookedForWhereNothingListens() {
        startServers(NatsServerProcess.configure());

        saysWhereBIs(NOWHERE, NOWHERE + " refused the connection");
    }

    @Test
    void aPeersServerThatIsLookedForWhereAnotherOneIs() {
        startServers(NatsServerProcess.configure());
        try (NatsServerProcess other = NatsServerProcess.start()) {
            saysWhereBIs(other.url(), "what answers at " + other.url() + " is another server");
        }
    }

    private void saysWhereBIs(String peerUrl, String why) {
        pair.a.use(peerUrl, List.of("--leader", "--retry-interval=500ms"));
        pair.a.startAgent();
        pair.b.startAgent();

        String there = pair.b.server().url();
        pair.a.agent().awaitLog("does not reach its NATS server: " + why);
        JsonNode state = pair.request(pair.a, "state", "").orElseThrow();
        assertThat(state.path("next").asText()).contains("Node b is heard", why, there);
        assertThat(state.at("/peer/serverUrl").asText()).isEqualTo(there);
        assertThat(state.at("/peer/failure").asText()).contains(why);
        assertThat(state.at("/peer/elsewhere").asBoolean()).isTrue();
        AgentProcess status = pair.twonode("status", "-s", pair.a.server().url());
        assertThat(status.log().replaceAll("\\s+", " "))
                .contains("a hears b but does not reach its NATS server", "--peer-url", there)
                .doesNotContain("start its NATS server");
    }

    @Test
    void aPeerThatWasGivenAnotherBucket() {
        startServers(NatsServerProcess.configure());
        pair.b.use(pair.a.server().url(), List.of("--bucket=knie", "--peer-retries=0"));
        pair.a.startAgent();
        pair.b.startAgent();
        pair.awaitLeads(pair.a);

        String[] ask = {"status", "-s", pair.b.server().url(), "--bucket=knie"};
        Await.await(
                "b says so itself",
                BOUND,
                () ->
                        pair.twonode(ask)
                                .log()
                                .replaceAll("\\s+", " ")
                                .contains("no agent of this bucket was heard"));
        assertThat(pair.twonode(ask).log().replaceAll("\\s+", " "))
                .contains("b is joining", "the one there has the bucket kine")
                .contains("one of them has the wrong --bucket")
                .doesNotContain("ends by itself");
    }

    @Test
    void aDeadFollowerOfALeaderThatStopsAlone() {
        startServers(NatsServerProcess.configure());
        pair.a.use(pair.b.server().url(), List.of("--leader", "--when-alone=stop"));
        pair.b.use(pair.a.server().url(), List.of("--when-alone=stop"));
        pair.start();

        pair.b.kill();

        JsonNode state = pair.awaitHealth(pair.a, "shows-nothing");
        assertThat(state.path("isLeader").asBoolean()).isTrue();
        assertThat(state.path("inSync").asBoolean()).isFalse();
        AgentProcess status = pair.twonode("status", "-s", pair.a.server().url());
        assertThat(status.awaitExit()).isZero();
        assertThat(status.log().replaceAll("\\s+", " "))
                .contains("!! a shows nothing until b is back (--when-alone stop)")
                .contains("start its NATS server and its agent")
                .doesNotContain("serves meanwhile");
        pair.b.startAll();
        pair.awaitWhole();
    }

    @Test
    void aFollowerWhoseServerTakesOnlySmallMessages() {
        startServers(NatsServerProcess.configure().extra("max_payload: 64KB"));
        pair.start();
        assertThat(pair.put(pair.a, "small", "x".repeat(1_000))).isPresent();
        Await.await("it is copied", BOUND, () -> pair.last(pair.b) == 1);

        assertThat(pair.put(pair.a, "large", "x".repeat(200 << 10))).isPresent();

        pair.b.agent().awaitLog("max_payload");
        pair.await(pair.a, one -> one.leads() && one.alone(), "leads alone");
        JsonNode behind = pair.awaitHealth(pair.b, "behind");
        assertThat(behind.path("next").asText()).contains("max_payload");
        assertThat(pair.put(pair.a, "more", "x")).isPresent();
        assertThat(pair.last(pair.b)).isEqualTo(1);
    }
}
