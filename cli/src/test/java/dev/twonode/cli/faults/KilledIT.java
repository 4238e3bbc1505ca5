package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers and agents die, freeze and forget, one way after the other, on one pair that is written
/// to all the time.
class KilledIT {

    private static final Duration FROZEN = Duration.ofSeconds(5);
    private static final int HANDOVERS = 20;

    @TempDir private static Path folder;

    private static FaultPair pair;
    private Machine leader;
    private Machine follower;

    @BeforeAll
    static void start() throws IOException {
        pair = new FaultPair(Files.createTempDirectory(folder, "pair"));
        pair.start();
    }

    @AfterAll
    static void end() {
        pair.close();
    }

    /// A pair that did not heal is no pair for the next test.
    @BeforeEach
    void wholeAndWrittenTo() throws IOException {
        try {
            pair.recover();
        } catch (AssertionError e) {
            pair.close();
            start();
            pair.recover();
        }
        leader = pair.leader();
        follower = pair.peerOf(leader);
    }

    @Test
    void leaderIsKilledWithItsServer() {
        leader.kill();

        pair.awaitLeads(follower);
        pair.awaitWrites();
        leader.startAll();
        pair.assertHealed("leader's server and agent killed");
    }

    @Test
    void leadersServerIsKilledAndLeftDead() {
        leader.killServer();

        pair.awaitLeads(follower);
        pair.awaitWrites();
        leader.server().restart();
        pair.assertHealed("leader's server killed, restarted later");
    }

    @Test
    void leadersServerIsKilledAndRestartedAtOnceUnderTheLivingAgent() {
        leader.killServer();
        leader.server().restart();

        pair.assertHealed("leader's server killed, restarted at once");
    }

    @Test
    void leadersAgentIsKilledAndLeftDead() {
        leader.killAgent();

        pair.awaitLeads(follower);
        pair.awaitWrites();
        leader.startAgent();
        pair.assertHealed("leader's agent killed, restarted later");
    }

    @Test
    void leadersAgentIsKilledAndRestartedAtOnce() {
        leader.killAgent();
        leader.startAgent();

        pair.assertHealed("leader's agent killed, restarted at once");
    }

    @Test
    void leadersHostFreezes() {
        leader.pause();
        frozen();
        leader.resume();

        pair.assertHealed("leader's host frozen for 5 s");
    }

    @Test
    void leadersAgentFreezes() {
        leader.agent().pause();
        frozen();
        leader.agent().resume();

        pair.assertHealed("leader's agent frozen for 5 s");
    }

    @Test
    void leadersServerFreezes() {
        leader.server().pause();
        frozen();
        leader.server().resume();

        pair.assertHealed("leader's server frozen for 5 s");
    }

    /// While a part of the leader's node is frozen, the other node takes over and is written to.
    private void frozen() {
        long end = System.nanoTime() + FROZEN.toNanos();
        pair.awaitLeads(follower);
        pair.awaitWrites();
        Await.await("it was frozen for long", FROZEN, () -> System.nanoTime() - end >= 0);
    }

    @Test
    void followerIsKilledAndReturns() {
        follower.kill();
        pair.await(leader, one -> one.leads() && one.alone(), "leads alone");
        pair.awaitWrites();

        follower.startAll();
        pair.assertHealed("follower killed");
    }

    @Test
    void followersServerIsKilledAndRestartedAtOnce() {
        follower.killServer();
        follower.server().restart();

        pair.assertHealed("follower's server killed, restarted at once");
    }

    @Test
    void followersHostFreezes() {
        follower.pause();
        pair.await(leader, one -> one.leads() && one.alone(), "leads alone");
        pair.awaitWrites();
        follower.resume();

        pair.assertHealed("follower's host frozen");
    }

    @Test
    void followerLosesItsStoreAndItsJournal() {
        follower.kill();
        follower.wipeStore();
        follower.wipeState();
        follower.startAll();

        pair.assertHealed("follower's store and journal lost");
    }

    @Test
    void followerLosesItsStore() {
        follower.kill();
        follower.wipeStore();
        follower.startAll();

        pair.assertHealed("follower's store lost");
    }

    @Test
    void followerLosesItsJournal() {
        follower.kill();
        follower.wipeState();
        follower.startAll();

        pair.assertHealed("follower's journal lost");
    }

    @Test
    void bothAreKilledAndTheLeaderReturnsFirst() {
        leader.kill();
        follower.kill();
        leader.startAll();
        follower.startAll();

        pair.assertHealed("both killed, the leader returns first");
    }

    @Test
    void bothAreKilledAndTheFollowerReturnsFirst() {
        leader.kill();
        follower.kill();
        follower.startAll();
        pair.await(follower, one -> !one.leads(), "waits for proof");
        leader.startAll();

        pair.assertHealed("both killed, the follower returns first");
    }

    @Test
    void leaderIsToldToEndAndHandsOverFirst() {
        leader.agent().terminate();

        assertThat(leader.agent().awaitExit()).isZero();
        pair.awaitLeads(follower);
        pair.awaitWrites();
        leader.startAgent();
        pair.assertHealed("leader's agent ended by SIGTERM");
    }

    @Test
    void leadershipGoesBackAndForthUnderLoad() {
        long longest = 0;
        int refused = 0;
        for (int done = 0; done < HANDOVERS; ) {
            pair.awaitWhole();
            Machine from = pair.leader();
            Machine to = pair.peerOf(from);
            JsonNode answer = pair.request(from, "stepdown", "").orElseThrow();
            if (answer.path("ok").asBoolean()) {
                assertThat(answer.path("leader").asText()).isEqualTo(to.name);
                longest = Math.max(longest, answer.path("heldMs").asLong());
                done++;
            } else {
                // A follower that got no processor for a while is not in sync at that moment.
                assertThat(answer.path("code").asText())
                        .as(answer.toString())
                        .isEqualTo("not-in-sync");
                refused++;
                assertThat(refused).as("refused: " + pair.situation()).isLessThan(HANDOVERS / 4);
            }
            pair.awaitWrites();
        }

        pair.assertHealed(
                "%d handovers (%d refused), writes held for at most %d ms"
                        .formatted(HANDOVERS, refused, longest));
    }

    @Test
    void handoverIsRefusedWhileTheFollowerDoesNotFollow() throws IOException {
        follower.killAgent();
        pair.await(leader, one -> one.leads() && one.alone(), "leads alone");

        Path log = Files.createTempFile(folder, "stepdown", ".out");
        AgentProcess refused = AgentProcess.run(log, "stepdown", "-s", leader.server().url());

        assertThat(refused.awaitExit()).as(refused.log()).isEqualTo(3);
        assertThat(pair.leader()).isEqualTo(leader);
        follower.startAgent();
        pair.assertHealed("a handover refused without a follower");
    }
}
