package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import dev.twonode.simulation.SimulatedServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private TwoServers servers;

    @BeforeEach
    void start() throws StoreException {
        servers = new TwoServers(1);
    }

    private Comparison comparison() {
        return new Comparison(servers.stores, servers.session(), _ -> {});
    }

    private Verdict compare() throws CopyException {
        return compare(Action.Trust.HISTORIES);
    }

    private Verdict compare(Action.Trust trust) throws CopyException {
        return comparison().compare(servers.ownHistory, servers.leaderHistory, trust);
    }

    private static void put(SimulatedServer server, String key, String value)
            throws StoreException {
        server.publish("$KV.kine." + key, Map.of(), value.getBytes(StandardCharsets.UTF_8));
    }

    private void putOnBoth(String key, String value) throws StoreException {
        put(servers.leader, key, value);
        putOnOwn(key, value);
    }

    private void putOnOwn(String key, String value) throws StoreException {
        servers.ownStore.open(TwoServers.MARK_B);
        put(servers.own, key, value);
        servers.ownStore.fence(TwoServers.MARK_B, "x");
    }

    @Test
    void comparingMovesTheOwnFenceToItsSession() throws Exception {
        Session session = servers.session();
        new Comparison(servers.stores, session, _ -> {})
                .compare(servers.ownHistory, servers.leaderHistory, Action.Trust.HISTORIES);

        assertThat(servers.own.facts().orElseThrow().face())
                .isEqualTo(new Face.Fenced(TwoServers.MARK_B, session.token()));
        assertThat(servers.leader.facts().orElseThrow().face()).isEqualTo(new Face.Open());
    }

    @Test
    void anEmptyFollowerCopiesFromTheStart() throws Exception {
        servers.writeToLeader(5);

        assertThat(compare()).isEqualTo(new Verdict.Prefix(1, 5));
    }

    @Test
    void twoEmptyStreamsAreLevel() throws Exception {
        assertThat(compare()).isEqualTo(new Verdict.Prefix(1, 0));
        assertThat(comparison().level()).isEqualTo(new Level.Same(0));
    }

    @Test
    void aFollowerThatIsBehindCopiesFromItsEnd() throws Exception {
        servers.writeToLeader(5);
        servers.copyAll();
        servers.writeToLeader(7);

        assertThat(compare()).isEqualTo(new Verdict.Prefix(6, 7));
    }

    @Test
    void aLongTailIsCopiedByASnapshot() throws Exception {
        put(servers.leader, "stays", "1");
        servers.copyAll();
        servers.writeToLeader(200_000);

        assertThat(compare()).isInstanceOf(Verdict.SnapshotCheaper.class);
    }

    @Test
    void onlyWhatTheLeaderStillHasCountsForAnEmptyFollower() throws Exception {
        servers.writeToLeader(200_000);
        long first = servers.leader.facts().orElseThrow().firstSeq();

        assertThat(compare()).isEqualTo(new Verdict.Prefix(1, 200_001 - first));
    }

    private Verdict compareWithoutHistory() throws CopyException {
        return comparison()
                .compare(TermHistory.EMPTY, servers.leaderHistory, Action.Trust.HISTORIES);
    }

    @Test
    void aStreamWithoutAHistoryIsAPrefixIfAllItHoldsIsTheLeadersToo() throws Exception {
        servers.writeToLeader(5);
        servers.copyAll();
        servers.writeToLeader(7);

        assertThat(compareWithoutHistory()).isEqualTo(new Verdict.Prefix(6, 7));
    }

    @Test
    void whatTheLeaderDroppedForNewerMessagesSpeaksNotAgainstIt() throws Exception {
        putOnBoth("often", "0");
        putOnBoth("stays", "1");
        for (int i = 0; i < Store.KINE_HISTORY; i++) {
            put(servers.leader, "often", "newer " + i);
        }

        assertThat(servers.leaderStore.read(1)).isEmpty();
        assertThat(compareWithoutHistory()).isInstanceOf(Verdict.Prefix.class);
    }

    @Test
    void whatTheLeaderDropsWhileItIsComparedSpeaksNotAgainstItEither() throws Exception {
        putOnBoth("stays", "1");
        putOnBoth("often", "0");
        for (int i = 0; i < Store.KINE_HISTORY; i++) {
            put(servers.leader, "often", "newer " + i);
        }
        LongConsumer writing =
                at -> {
                    try {
                        put(servers.leader, "often", "meanwhile " + at);
                    } catch (StoreException e) {
                        throw new AssertionError(e);
                    }
                };

        assertThat(
                        new Comparison(servers.stores, servers.session(), writing)
                                .compare(
                                        TermHistory.EMPTY,
                                        servers.leaderHistory,
                                        Action.Trust.HISTORIES))
                .isInstanceOf(Verdict.Prefix.class);
    }

    @Test
    void aStreamWithoutAHistoryThatHoldsMoreIsNoPrefix() throws Exception {
        putOnBoth("a", "1");
        putOnOwn("b", "mine");
        put(servers.leader, "b", "theirs");

        assertThat(compareWithoutHistory()).isEqualTo(new Verdict.Orphans(0, 1, 2, 2, 1));
    }

    @Test
    void twoStreamsWithNothingInCommonAreNoPrefixWhateverWasDropped() throws Exception {
        putOnOwn("often", "mine");
        for (int i = 0; i <= Store.KINE_HISTORY; i++) {
            put(servers.leader, "often", "theirs " + i);
        }

        assertThat(compareWithoutHistory()).isInstanceOf(Verdict.Orphans.class);
    }

    @Test
    void messagesOfAnEndedTermAreOrphans() throws Exception {
        servers.writeToLeader(5);
        servers.copyAll();
        servers.startLeadersTerm();
        servers.writeToOwn(3);
        servers.writeToLeader(2);

        assertThat(compare()).isEqualTo(new Verdict.Orphans(1, 5, 6, 8, 3));
    }

    @Test
    void messagesBeyondTheLeadersEndAreOrphans() throws Exception {
        servers.writeToLeader(5);
        servers.copyAll();
        servers.startLeadersTerm();
        servers.writeToOwn(3);

        assertThat(compare()).isEqualTo(new Verdict.Orphans(1, 5, 6, 8, 3));
    }

    @Test
    void equalMessagesPastTheForkAreNoOrphans() throws Exception {
        putOnBoth("a", "1");
        servers.ownHistory = servers.leaderHistory;
        servers.startLeadersTerm();
        putOnBoth("b", "2");
        putOnBoth("c", "3");

        assertThat(compare()).isEqualTo(new Verdict.Prefix(4, 0));
    }

    @Test
    void onlyWhatDiffersPastTheForkIsAnOrphan() throws Exception {
        putOnBoth("a", "1");
        servers.ownHistory = servers.leaderHistory;
        servers.startLeadersTerm();
        putOnBoth("b", "2");
        putOnOwn("c", "mine");
        put(servers.leader, "c", "theirs");

        assertThat(compare()).isEqualTo(new Verdict.Orphans(1, 2, 3, 3, 1));
    }

    @Test
    void aMissingMessagePastTheForkNeedsAFullCopy() throws Exception {
        putOnBoth("a", "1");
        servers.ownHistory = servers.leaderHistory;
        servers.startLeadersTerm();
        putOnBoth("b", "2");
        putOnBoth("c", "3");
        servers.own.deleteMessage(2);

        assertThat(compare()).isEqualTo(new Verdict.Differs("1 message of the leader is missing"));
    }

    @Test
    void differentContentUnderEqualHistoriesIsAFork() throws Exception {
        putOnBoth("a", "1");
        putOnBoth("b", "2");
        putOnOwn("c", "mine");
        put(servers.leader, "c", "theirs");
        put(servers.leader, "d", "4");
        servers.ownHistory = servers.leaderHistory;

        assertThat(compare()).isEqualTo(new Verdict.Orphans(1, 2, 3, 3, 1));
    }

    @Test
    void headersThatAreNotCopiedAreNotCompared() throws Exception {
        servers.leader.publish(
                "$KV.kine.a", Map.of("Nats-Expected-Last-Sequence", List.of("0")), new byte[1]);
        servers.ownStore.open(TwoServers.MARK_B);
        servers.own.publish("$KV.kine.a", Map.of(), new byte[1]);
        servers.ownHistory = servers.leaderHistory;

        assertThat(compare()).isEqualTo(new Verdict.Prefix(2, 0));
    }

    @Test
    void otherHeadersAreContent() throws Exception {
        servers.leader.publish("$KV.kine.a", Map.of("X", List.of("1")), new byte[1]);
        servers.ownStore.open(TwoServers.MARK_B);
        servers.own.publish("$KV.kine.a", Map.of(), new byte[1]);
        servers.ownHistory = servers.leaderHistory;

        assertThat(compare()).isEqualTo(new Verdict.Orphans(1, 0, 1, 1, 1));
    }

    @Test
    void streamsOfOnePairHaveTheEmptyBeginningInCommon() throws Exception {
        putOnBoth("a", "1");
        servers.ownHistory = new TermHistory(List.of(new Term(4, TwoServers.B, 1)));

        assertThat(compare()).isInstanceOf(Verdict.Prefix.class);
    }

    @Test
    void everythingIsAnOrphanUnderALeaderThatWasChosenEmpty() throws Exception {
        putOnOwn("a", "1");
        putOnOwn("b", "2");
        servers.ownHistory = new TermHistory(List.of(new Term(4, TwoServers.B, 1)));

        assertThat(compare()).isEqualTo(new Verdict.Orphans(4, 0, 1, 2, 2));
    }

    @Test
    void whatOnlyASurvivorHoldsIsAnOrphanBehindALeaderThatLostData() throws Exception {
        servers.ownHistory = servers.leaderHistory;
        putOnBoth("a", "1");
        putOnBoth("b", "2");
        servers.leader.deleteMessage(1);
        put(servers.leader, "c", "3");

        assertThat(compare(Action.Trust.HISTORIES)).isInstanceOf(Verdict.Prefix.class);
        assertThat(compare(Action.Trust.LEADER_LOST)).isEqualTo(new Verdict.Orphans(1, 0, 1, 1, 1));
    }

    @Test
    void whatMadeRoomForWhatSuchALeaderHoldsIsNone() throws Exception {
        servers.ownHistory = servers.leaderHistory;
        putOnBoth("often", "0");
        putOnBoth("stays", "1");
        for (int i = 0; i < Store.KINE_HISTORY; i++) {
            put(servers.leader, "often", "newer " + i);
        }

        assertThat(servers.leaderStore.read(1)).isEmpty();
        assertThat(compare(Action.Trust.LEADER_LOST)).isInstanceOf(Verdict.Prefix.class);
    }

    @Test
    void aStreamThatWasDeletedNeedsAFullCopy() throws Exception {
        servers.writeToLeader(3);
        servers.ownStore.delete();

        assertThat(compare()).isInstanceOf(Verdict.Differs.class);
        assertThat(compare(Action.Trust.NONE)).isEqualTo(compare());
    }

    @Test
    void messagesThatAreGoneFromTheLeaderAreOrphansHere() throws Exception {
        servers.writeToLeader(9);
        servers.copyAll();
        servers.deleteSome(servers.leader, 1);

        assertThat(compare()).isInstanceOf(Verdict.Orphans.class);
        assertThat(comparison().level()).isInstanceOf(Level.Different.class);
    }

    @Test
    void messagesThatAreGoneHereNeedAFullCopy() throws Exception {
        servers.writeToLeader(9);
        servers.copyAll();
        servers.deleteSome(servers.own, 1);

        assertThat(compare()).isInstanceOf(Verdict.Differs.class);
    }

    @Test
    void equalCountsOfOtherDeletedSequencesAreSeen() throws Exception {
        for (int i = 0; i < 6; i++) {
            put(servers.leader, "k" + i, "v");
        }
        servers.copyAll();
        servers.leader.deleteMessage(2);
        servers.own.deleteMessage(3);

        assertThat(comparison().level())
                .isEqualTo(new Level.Different("other sequences are deleted"));
    }

    @Test
    void aFollowerThatIsBehindIsNotLevelYet() throws Exception {
        servers.writeToLeader(3);

        assertThat(comparison().level()).isEqualTo(new Level.Moving());
    }

    @Test
    void aFollowerThatKeepsOtherNumbersOfValuesNeedsAFullCopy() throws Exception {
        servers.ownStore.delete();
        servers.ownStore.createFenced(TwoServers.MARK_B, "x", 64);
        servers.writeToLeader(3);

        assertThat(compare()).isInstanceOf(Verdict.Differs.class);
    }

    @Test
    void anEmptyStreamWhoseNumbersAreBeyondTheLeadersNeedsAFullCopy() throws Exception {
        servers.writeToLeader(3);
        servers.ownStore.startAt(100);

        assertThat(compare()).isInstanceOf(Verdict.Differs.class);
    }

    @Test
    void aFollowerWhoseEveryMessageWasDisplacedOnTheLeaderNeedsAFullCopy() throws Exception {
        servers.writeToLeader(3);
        servers.copyAll();
        servers.writeToLeader(300);

        assertThat(compare()).isInstanceOf(Verdict.Differs.class);
    }

    /// Nothing in common shows that the leader ever had them.
    @Test
    void whereEveryMessageIsGoneFromTheLeaderTheyAreOrphansHere() throws Exception {
        servers.writeToLeader(3);
        servers.copyAll();
        servers.leaderStore.fence(TwoServers.MARK_A, "x");
        servers.leaderStore.startAt(50);
        servers.leaderStore.open(TwoServers.MARK_A);
        servers.writeToLeader(1);

        assertThat(compare()).isInstanceOf(Verdict.Orphans.class);
    }

    @Test
    void theSideThatFailedIsNamed() throws Exception {
        servers.leaderStore.setConnected(false);
        assertThat(catchThrowableOfType(CopyException.class, this::compare).side())
                .isEqualTo(CopyException.Side.LEADER);

        servers.leaderStore.setConnected(true);
        servers.ownStore.setConnected(false);
        assertThat(catchThrowableOfType(CopyException.class, this::compare).side())
                .isEqualTo(CopyException.Side.OWN);
    }
}
