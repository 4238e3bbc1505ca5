package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The real kine on each node, asked as Kubernetes asks, while servers and agents die, freeze and
/// change places. `-Dtwonode.kine.rounds=N` plays every case N times, those too that the build
/// leaves out, and `-Dtwonode.kine.handovers=N` hands over as often in a round.
@SuppressWarnings("NullAway.Init") // each case begins with its nodes
class KineUnderFaultsIT {

    private static final Duration FROZEN = Duration.ofSeconds(5);
    private static final String ROUNDS_SET = "twonode.kine.rounds";
    private static final int ROUNDS = Integer.getInteger(ROUNDS_SET, 1);
    private static final int HANDOVERS = Integer.getInteger("twonode.kine.handovers", 3);

    /// nats.go, without a connection, looks for one every two seconds, and kine gives a request
    /// five. A gateway that is there for the first look leaves kine three of them; one that is only
    /// there for the second leaves less than one, which a busy machine may need for itself.
    private static final Duration IN_TIME = Duration.ofSeconds(2);

    private static final Duration CONTROL = Duration.ofSeconds(5L + ROUNDS);

    @TempDir private static Path folder;

    private static KineControl control;
    private static KinePair kines;
    private Machine leader;
    private Machine follower;

    private interface Fault {
        /// @return the nodes through whose kine no request may have failed
        List<Who> happen();
    }

    @BeforeAll
    static void start() throws IOException {
        control = KineControl.run(folder.resolve("control"), CONTROL);
        System.out.println("kine alone on one server: " + control);
        kines = new KinePair(Files.createTempDirectory(folder, "pair"), control);
    }

    @AfterAll
    static void end() {
        kines.close();
    }

    private void play(String what, List<Who> unharmed, Runnable fault) throws IOException {
        play(
                what,
                () -> {
                    fault.run();
                    return unharmed;
                });
    }

    /// Plays a case, each round on a whole pair that is written to.
    private void play(String what, Fault fault) throws IOException {
        for (int round = 1; round <= ROUNDS; round++) {
            try {
                kines.recover();
                leader = kines.pair.leader();
                follower = kines.pair.peerOf(leader);
                List<Who> unharmed = fault.happen();
                kines.assertUnnoticed(
                        what + (ROUNDS > 1 ? ", round " + round : ""),
                        unharmed.stream().map(it -> it == Who.LEADER ? leader : follower).toList());
            } catch (AssertionError e) {
                // A pair that did not heal is no pair for the next case.
                kines.close();
                kines = new KinePair(Files.createTempDirectory(folder, "pair"), control);
                throw e;
            }
        }
    }

    private enum Who {
        LEADER,
        FOLLOWER
    }

    private static final List<Who> BOTH = List.of(Who.LEADER, Who.FOLLOWER);
    private static final List<Who> ONLY_LEADER = List.of(Who.LEADER);
    private static final List<Who> ONLY_FOLLOWER = List.of(Who.FOLLOWER);

    @Test
    void handoversGoUnnoticed() throws IOException {
        play(HANDOVERS + " handovers", BOTH, this::handOver);
    }

    private void handOver() {
        int refused = 0;
        for (int done = 0; done < HANDOVERS; ) {
            kines.pair.awaitWhole();
            Machine from = kines.pair.leader();
            JsonNode answer = kines.pair.request(from, "stepdown", "").orElseThrow();
            if (answer.path("ok").asBoolean()) {
                done++;
            } else {
                // A follower that got no processor for a while is not in sync at that moment.
                assertThat(answer.path("code").asText())
                        .as(answer.toString())
                        .isEqualTo("not-in-sync");
                assertThat(++refused).isLessThan(HANDOVERS);
            }
            kines.awaitWrites(kines.pair.a);
            kines.awaitWrites(kines.pair.b);
        }
    }

    @Test
    void deathOfTheLeadersNodeGoesUnnoticedOnTheOther() throws IOException {
        play(
                "leader's server and agent killed",
                ONLY_FOLLOWER,
                () -> {
                    leader.kill();
                    kines.pair.awaitLeads(follower);
                    kines.awaitWrites(follower);
                    leader.startAll();
                });
    }

    @Test
    void deathOfTheLeadersServerGoesUnnoticed() throws IOException {
        play(
                "leader's server killed",
                BOTH,
                () -> {
                    leader.killServer();
                    kines.pair.awaitLeads(follower);
                    kines.awaitWrites(follower);
                    kines.awaitWrites(leader);
                    leader.startAll();
                });
    }

    @Test
    void deathOfTheLeadersAgentGoesUnnoticedOnTheOtherNode() throws IOException {
        play(
                "leader's agent killed",
                ONLY_FOLLOWER,
                () -> {
                    leader.killAgent();
                    kines.pair.awaitLeads(follower);
                    kines.awaitWrites(follower);
                    leader.startAll();
                });
    }

    @Test
    @EnabledIfSystemProperty(named = ROUNDS_SET, matches = "[1-9][0-9]*")
    void frozenAgentOfTheLeaderGoesUnnoticedOnTheOtherNode() throws IOException {
        play(
                "leader's agent frozen for 5 s",
                ONLY_FOLLOWER,
                () -> {
                    leader.agent().pause();
                    frozen(follower);
                    leader.agent().resume();
                });
    }

    @Test
    @EnabledIfSystemProperty(named = ROUNDS_SET, matches = "[1-9][0-9]*")
    void frozenServerOfTheLeaderGoesUnnoticed() throws IOException {
        play(
                "leader's server frozen for 5 s",
                BOTH,
                () -> {
                    leader.server().pause();
                    frozen(follower);
                    leader.server().resume();
                });
    }

    @Test
    void frozenNodeOfTheLeaderGoesUnnoticedOnTheOther() throws IOException {
        play(
                "leader's server and agent frozen for 5 s",
                ONLY_FOLLOWER,
                () -> {
                    leader.pause();
                    frozen(follower);
                    leader.resume();
                });
    }

    /// While a part of a node is frozen, writes through the other go on.
    private void frozen(Machine other) {
        long begun = System.nanoTime();
        kines.pair.awaitLeads(other);
        kines.awaitWrites(other);
        Await.await(
                "it was frozen for long",
                FROZEN.multipliedBy(2),
                () -> System.nanoTime() - begun >= FROZEN.toNanos());
    }

    @Test
    void agentOfTheLeaderThatIsUpdatedGoesUnnoticed() throws IOException {
        play(
                "leader's agent ended in order and started again",
                () -> update(leader) ? BOTH : ONLY_FOLLOWER);
    }

    @Test
    @EnabledIfSystemProperty(named = ROUNDS_SET, matches = "[1-9][0-9]*")
    void agentOfTheFollowerThatIsUpdatedGoesUnnoticed() throws IOException {
        play(
                "follower's agent ended in order and started again",
                () -> update(follower) ? BOTH : ONLY_LEADER);
    }

    /// @return whether the gateway was there again in time
    private boolean update(Machine node) {
        long begun = System.nanoTime();
        node.agent().terminate();
        node.agent().awaitExit();
        node.startAll();
        Await.await("the gateway is there again", FROZEN.multipliedBy(4), node::hasGateway);
        boolean inTime = System.nanoTime() - begun < IN_TIME.toNanos();
        kines.awaitWrites(kines.pair.peerOf(node));
        kines.awaitWrites(node);
        return inTime;
    }

    @Test
    void deathOfTheFollowersNodeGoesUnnoticedOnTheLeaders() throws IOException {
        play(
                "follower's server and agent killed",
                ONLY_LEADER,
                () -> {
                    follower.kill();
                    kines.awaitWrites(leader);
                    follower.startAll();
                });
    }

    @Test
    @EnabledIfSystemProperty(named = ROUNDS_SET, matches = "[1-9][0-9]*")
    void deathOfTheFollowersServerGoesUnnoticed() throws IOException {
        play(
                "follower's server killed",
                BOTH,
                () -> {
                    follower.killServer();
                    kines.awaitWrites(leader);
                    kines.awaitWrites(follower);
                    follower.startAll();
                });
    }

    @Test
    @EnabledIfSystemProperty(named = ROUNDS_SET, matches = "[1-9][0-9]*")
    void deathOfTheFollowersAgentGoesUnnoticedOnTheLeaders() throws IOException {
        play(
                "follower's agent killed",
                ONLY_LEADER,
                () -> {
                    follower.killAgent();
                    kines.awaitWrites(leader);
                    follower.startAll();
                });
    }

    @Test
    void followerThatLostItsStoreIsMadeAnewUnnoticed() throws IOException {
        play(
                "follower's store wiped",
                ONLY_LEADER,
                () -> {
                    follower.kill();
                    follower.wipeStore();
                    kines.awaitWrites(leader);
                    follower.startAll();
                });
    }

    @Test
    @EnabledIfSystemProperty(named = ROUNDS_SET, matches = "[1-9][0-9]*")
    void bothNodesEndInOrderAndReturn() throws IOException {
        play(
                "both nodes stopped (SIGTERM)",
                List.of(),
                () -> {
                    leader.agent().terminate();
                    follower.agent().terminate();
                    leader.agent().awaitExit();
                    follower.agent().awaitExit();
                    leader.server().stop();
                    follower.server().stop();
                    leader.startAll();
                    follower.startAll();
                });
    }

    @Test
    void bothNodesAreKilledAndReturn() throws IOException {
        play(
                "both nodes killed",
                List.of(),
                () -> {
                    leader.kill();
                    follower.kill();
                    leader.startAll();
                    follower.startAll();
                });
    }
}
