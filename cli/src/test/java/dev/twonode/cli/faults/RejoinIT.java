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

/// Two nodes of which only an operator can say whose content stays: every command that is printed
/// for that leads there.
class RejoinIT {

    private static final int REFUSED = 3;
    private static final int DIVERGED = 8;
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String NOWHERE = "nats://127.0.0.1:1";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // each test begins with it
    private FaultPair pair;

    @AfterEach
    void end() {
        pair.close();
    }

    private void startServers() {
        pair = new FaultPair(folder, NatsServerProcess.start(), NatsServerProcess.start());
    }

    @Test
    void aPeerOfAnotherPairGivesWayToTheOneThatLeads() {
        startTwoPairs();

        JsonNode state = pair.awaitHealth(pair.b, "other-pair");
        assertThat(state.path("next").asText()).contains("pair", "twonode rejoin");
        assertThat(pair.state(pair.a).orElseThrow().leads()).isTrue();
        assertThat(pair.put(pair.a, "a5", "value")).isPresent();
        assertThat(pair.last(pair.b)).isEqualTo(5);
        assertDiverged(pair.b.server().url(), "belong to different pairs", "twonode rejoin");
        decide(pair.a, "a");
        pair.awaitWhole();
        pair.assertSame();
        assertThat(pair.last(pair.a)).isEqualTo(6);
    }

    @Test
    void aLeaderOfAnotherPairGivesWayOnceItWaits() {
        startTwoPairs();
        pair.awaitHealth(pair.b, "other-pair");

        JsonNode directly = pair.request(pair.b, "rejoin", "{\"keep\":\"b\"}").orElseThrow();
        assertThat(directly.path("error").asText()).contains("a leader does not give way");
        for (Machine named : List.of(pair.a, pair.b)) {
            AgentProcess refused =
                    pair.twonode("rejoin", "-s", named.server().url(), "--keep=b", "--yes");
            assertThat(refused.awaitExit()).as(refused.log()).isEqualTo(REFUSED);
            assertThat(refused.log().replaceAll("\\s+", " "))
                    .contains("start the agent of a again, and then: twonode rejoin --keep=b");
        }

        pair.a.agent().terminate();
        pair.a.agent().awaitExit();
        pair.a.startAgent();
        pair.awaitHealth(pair.a, "other-pair");
        decide(pair.b, "b");
        pair.awaitLeads(pair.b);
        pair.awaitWhole();
        pair.assertSame();
        assertThat(pair.last(pair.b)).isEqualTo(5);
        assertThat(pair.request(pair.a, "state", "").orElseThrow().path("orphans").asInt())
                .isEqualTo(1);
    }

    /// Node a leads, and b meets it.
    private void startTwoPairs() {
        startServers();
        pair.a.use(NOWHERE, List.of("--leader", "--retry-interval=500ms"));
        pair.b.use(NOWHERE, List.of("--leader", "--retry-interval=500ms"));
        for (Machine one : List.of(pair.a, pair.b)) {
            one.startAgent();
            pair.awaitLeads(one);
            for (int i = 0; i < 5; i++) {
                assertThat(pair.put(one, one.name + i, "value")).isPresent();
            }
        }
        pair.a.killAgent();
        pair.b.killAgent();
        pair.a.use(pair.b.server().url(), List.of());
        pair.b.use(pair.a.server().url(), List.of());
        pair.a.startAgent();
        pair.awaitLeads(pair.a);

        pair.b.startAgent();
    }

    private void decide(Machine named, String keep) {
        AgentProcess decided =
                pair.twonode("rejoin", "-s", named.server().url(), "--keep=" + keep, "--yes");
        assertThat(decided.awaitExit()).as(decided.log()).isZero();
    }

    @Test
    void twoHistoriesThatWaitForAnOperatorEndTheCommandsWithEight() {
        diverge();
        String both = pair.a.server().url() + "," + pair.b.server().url();
        assertDiverged(both, "different histories", "twonode rejoin -s", "--keep=NAME");
        assertDiverged(pair.a.server().url(), "different histories", "rejoin");
        assertThat(pair.last(pair.a)).isEqualTo(2);

        decide(pair.b, "b");

        pair.awaitWhole();
        pair.assertSame();
        AgentProcess after = pair.twonode("status", "-s", both, "--exit-code");
        assertThat(after.awaitExit()).as(after.log()).isZero();
    }

    @Test
    void whatDivergedFromALeaderIsKeptByWhatTheRefusalNames() {
        diverge();
        AgentProcess refused =
                pair.twonode("rejoin", "-s", pair.a.server().url(), "--keep=a", "--yes");
        assertThat(refused.awaitExit()).as(refused.log()).isEqualTo(REFUSED);
        assertThat(refused.log().replaceAll("\\s+", " "))
                .contains("stop the agent of b, then: twonode promote --force --confirm=a")
                .contains("start the agent of b again, and then: twonode rejoin --keep=a");

        pair.b.agent().terminate();
        pair.b.agent().awaitExit();
        AgentProcess promoted =
                pair.twonode("promote", "--force", "--confirm=a", "-s", pair.a.server().url());
        assertThat(promoted.awaitExit()).as(promoted.log()).isZero();
        pair.awaitLeads(pair.a);
        pair.b.startAgent();
        pair.awaitHealth(pair.b, "diverged");
        decide(pair.b, "a");

        pair.awaitWhole();
        pair.assertSame();
        assertThat(pair.leader()).isEqualTo(pair.a);
        assertThat(pair.request(pair.b, "state", "").orElseThrow().path("orphans").asInt())
                .isEqualTo(1);
    }

    /// Node b leads, and a waits with a write that b never saw.
    private void diverge() {
        startServers();
        pair.a.use(pair.b.server().url(), List.of("--leader", "--on-divergence=stop"));
        pair.b.use(pair.a.server().url(), List.of("--on-divergence=stop"));
        pair.start();
        assertThat(pair.put(pair.a, "both", "value")).isPresent();
        pair.awaitWhole();
        Await.await("it is copied", BOUND, () -> pair.last(pair.b) == 1);
        pair.a.kill();
        pair.awaitLeads(pair.b);
        write(pair.b, "only-there");
        // A server that is started without its agent shows the face that it had.
        pair.a.server().restart();
        write(pair.a, "only-here");

        pair.a.startAgent();

        pair.awaitHealth(pair.a, "diverged");
    }

    private void write(Machine one, String key) {
        Await.await("a write", BOUND, () -> pair.put(one, key, "value").isPresent());
    }

    private void assertDiverged(String servers, String... words) {
        AgentProcess status = pair.twonode("status", "-s", servers, "--exit-code");
        assertThat(status.log()).contains(words);
        assertThat(status.awaitExit()).as(status.log()).isEqualTo(DIVERGED);
        AgentProcess json = pair.twonode("status", "-s", servers, "-o", "json", "--exit-code");
        assertThat(json.log()).contains("\"state\" : \"diverged\"");
        assertThat(json.awaitExit()).as(json.log()).isEqualTo(DIVERGED);
    }
}
