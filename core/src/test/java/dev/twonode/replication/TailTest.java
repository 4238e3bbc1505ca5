package dev.twonode.replication;

import static dev.twonode.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.protocol.Action;
import dev.twonode.simulation.SimulatedServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TailTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final List<Long> reported = new ArrayList<>();
    private TwoServers servers;
    private Session session;

    @BeforeEach
    void start() throws StoreException {
        servers = new TwoServers(2);
        session = servers.session();
        servers.ownStore.fence(TwoServers.MARK_B, session.token());
    }

    private Tail open() throws CopyException {
        return Tail.resume(servers.stores, session, (sequence, _) -> reported.add(sequence));
    }

    private TailEnd drainAll() throws CopyException {
        long target = servers.leader.facts().orElseThrow().lastSeq();
        try (Tail tail = open()) {
            return tail.drain(target);
        }
    }

    private static void put(SimulatedServer server, String key) throws StoreException {
        server.publish("$KV.kine." + key, Map.of(), new byte[3]);
    }

    @Test
    void aTailCopiesSequenceBySequence() throws Exception {
        servers.writeToLeader(100);

        assertThat(drainAll()).isEqualTo(new TailEnd.Reached(100));
        servers.assertCopied();
        assertThat(reported).isSorted().endsWith(100L);
    }

    @Test
    void othersHearOneAcknowledgementOfWhatArrivedTogether() throws Exception {
        List<String> heard = new ArrayList<>();
        servers.own.setListener((echo, sequence) -> heard.add(echo + sequence));
        try (Tail tail =
                Tail.open(
                        servers.stores,
                        session,
                        "copy.",
                        (sequence, _) -> reported.add(sequence))) {
            servers.writeToLeader(3);
            tail.step(Duration.ZERO);
            tail.report();
            tail.report();
            servers.writeToLeader(1);
            tail.step(Duration.ZERO);
            tail.report();
        }

        assertThat(heard).containsExactly("copy.3", "copy.4");
    }

    /// Behind a handover: both streams were equal up to the barrier.
    private Tail behind(long barrier, Session of) throws CopyException {
        return behind(barrier, servers.leader.serverId(), of);
    }

    private Tail behind(long barrier, String server, Session of) throws CopyException {
        Action.CopyOn handed = new Action.CopyOn(1, barrier, server, of.mark());
        return Tail.behind(handed, servers.stores, of, "", (sequence, _) -> reported.add(sequence));
    }

    @Test
    void aTailGoesOnBehindABarrier() throws Exception {
        servers.writeToLeader(3);
        drainAll();
        servers.writeToLeader(2);

        try (Tail tail = behind(3, session)) {
            assertThat(tail.drain(5)).isEqualTo(new TailEnd.Reached(5));
        }

        servers.assertCopied();
    }

    @Test
    void aStreamThatDoesNotEndAtTheBarrierIsNotGoneOnWith() throws Exception {
        servers.writeToLeader(3);
        drainAll();

        assertThat(catchThrowableOfType(CopyException.class, () -> behind(2, session)).side())
                .isEqualTo(CopyException.Side.OWN);
    }

    @Test
    void aStreamThatIsFencedForAnotherSessionIsNotGoneOnWith() throws Exception {
        servers.writeToLeader(3);
        drainAll();
        Session other = servers.session();

        assertThat(catchThrowableOfType(CopyException.class, () -> behind(3, other)).side())
                .isEqualTo(CopyException.Side.OWN);
    }

    @Test
    void noTailGoesOnFromALeaderWhoseServerWasRestarted() throws Exception {
        servers.writeToLeader(3);
        drainAll();
        String led = servers.leader.serverId();
        servers.leader.kill();
        servers.leader.start();

        CopyException refused =
                catchThrowableOfType(CopyException.class, () -> behind(3, led, session));

        assertThat(refused.side()).isEqualTo(CopyException.Side.LEADER);
        assertThat(refused).hasMessageContaining("restarted");
    }

    @Test
    void ofALargeBatchOthersHearOnItsWay() {
        assertThat(IntStream.range(0, 150).filter(i -> Tail.isEchoed(i, 150)))
                .containsExactly(63, 127, 149);
    }

    @Test
    void othersHearNothingWhileGapsAreFilled() throws Exception {
        List<String> heard = new ArrayList<>();
        servers.own.setListener((echo, sequence) -> heard.add(echo + sequence));
        servers.writeToLeader(3);
        servers.leader.deleteMessage(2);
        try (Tail tail =
                Tail.open(
                        servers.stores,
                        session,
                        "copy.",
                        (sequence, _) -> reported.add(sequence))) {
            assertThat(tail.drain(3)).isEqualTo(new TailEnd.Reached(3));
        }

        assertThat(heard).isIn(List.of(), List.of("copy.3"));
        assertThat(servers.own.content())
                .extracting(StoredMessage::sequence)
                .containsExactly(1L, 3L);
    }

    @Test
    void expectationsAreNotCopied() throws Exception {
        servers.leader.publish(
                "$KV.kine.a",
                Map.of("Nats-Expected-Last-Sequence", List.of("7"), "X", List.of("1")),
                new byte[0]);
        drainAll();

        assertThat(servers.own.content().getFirst().headers()).isEqualTo(Map.of("X", List.of("1")));
    }

    @Test
    void anEmptyStreamStartsWhereTheLeadersDoes() throws Exception {
        servers.leaderStore.fence(TwoServers.MARK_A, "x");
        servers.leaderStore.startAt(1000);
        servers.leaderStore.open(TwoServers.MARK_A);
        servers.writeToLeader(5);

        assertThat(drainAll()).isEqualTo(new TailEnd.Reached(1004));
        servers.assertCopied();
        assertThat(servers.own.facts().orElseThrow().firstSeq()).isEqualTo(1000);
    }

    @Test
    void gapsBetweenMessagesAreKept() throws Exception {
        servers.writeToLeader(60);
        servers.deleteSome(servers.leader, 8);

        drainAll();

        servers.assertCopied();
        assertThat(servers.ownStore.deleted()).isEqualTo(servers.leaderStore.deleted());
    }

    @Test
    void aCopyIsWholeWhereItsLeaderEndedWhenItBegan() throws Exception {
        servers.writeToLeader(7);
        try (Tail tail = Tail.open(servers.stores, session, "", (_, _) -> {})) {
            servers.writeToLeader(1);
            tail.step(Duration.ZERO);

            assertThat(tail.wholeFrom()).isEqualTo(7);
        }
    }

    @Test
    void ofAGapIsToldBeforeAnythingBeyondItIsAppended() throws Exception {
        put(servers.leader, "a");
        List<Long> heldWhenTold = new ArrayList<>();
        Tail.Progress told =
                (_, wholeFrom) -> {
                    if (wholeFrom > 1) {
                        heldWhenTold.add(servers.own.facts().orElseThrow().lastSeq());
                    }
                };
        try (Tail tail = Tail.open(servers.stores, session, "", told)) {
            tail.step(Duration.ZERO);
            for (int i = 0; i < TwoServers.PER_SUBJECT + 2; i++) {
                put(servers.leader, "b");
            }
            tail.step(Duration.ZERO);

            assertThat(tail.wholeFrom()).isEqualTo(6);
            assertThat(heldWhenTold).isNotEmpty().allMatch(held -> held <= 1);
        }
    }

    @Test
    void aGapWhereTheLeaderEndsIsToldToo() throws Exception {
        put(servers.leader, "a");
        put(servers.leader, "b");
        try (Tail tail = open()) {
            servers.leader.deleteMessage(2);
            tail.step(Duration.ZERO);
            tail.settle();

            assertThat(tail.next()).isEqualTo(3);
            assertThat(tail.wholeFrom()).isEqualTo(2);
        }
    }

    @Test
    void aBacklogWithManyGapsIsLookedBehindOnce() throws Exception {
        servers.writeToLeader(60);
        try (Tail tail = Tail.open(servers.stores, session, "", (_, _) -> {})) {
            servers.deleteSome(servers.leader, 8);
            servers.writeToLeader(1);
            while (tail.next() <= 60) {
                tail.step(Duration.ZERO);
            }

            assertThat(tail.wholeFrom()).isEqualTo(61);
        }
    }

    @Test
    void aGapAtTheEndIsFilled() throws Exception {
        put(servers.leader, "a");
        put(servers.leader, "b");
        put(servers.leader, "c");
        servers.leader.deleteMessage(3);
        servers.leader.deleteMessage(2);

        assertThat(drainAll()).isEqualTo(new TailEnd.Reached(3));
        servers.assertCopied();
    }

    @Test
    void aStepMovesWhatIsThereAndNoMore() throws Exception {
        servers.writeToLeader(3);
        try (Tail tail = open()) {
            assertThat(tail.step(Duration.ZERO)).isEqualTo(3);
            assertThat(tail.step(Duration.ZERO)).isZero();
            assertThat(tail.next()).isEqualTo(4);
            servers.writeToLeader(1);
            assertThat(tail.step(Duration.ZERO)).isEqualTo(1);
            assertThat(tail.end()).isEmpty();
        }
    }

    @Test
    void onlyWhatIsDurableIsReported() throws Exception {
        servers.writeToLeader(10);
        try (Tail tail = open()) {
            tail.step(Duration.ZERO);
            tail.report();
            long held = servers.own.facts().orElseThrow().lastSeq();
            assertThat(reported).allMatch(sequence -> sequence <= held);
        }
    }

    @Test
    void theLeadersEndEndsTheTail() throws Exception {
        try (Tail tail = open()) {
            servers.leader.kill();
            tail.step(Duration.ZERO);
            assertThat(tail.end().orElseThrow()).isInstanceOf(TailEnd.LeaderGone.class);
            assertThat(tail.step(Duration.ZERO)).isZero();
        }
    }

    @Test
    void theOwnServersEndEndsTheTail() throws Exception {
        servers.writeToLeader(2);
        try (Tail tail = open()) {
            servers.own.kill();
            tail.step(Duration.ZERO);
            tail.report();
            assertThat(tail.end().orElseThrow()).isInstanceOf(TailEnd.OwnStoreFailed.class);
        }
    }

    @Test
    void aFullDiskEndsTheTail() throws Exception {
        servers.writeToLeader(2);
        servers.own.setDiskFull(true);

        assertThat(drainAll())
                .isInstanceOfSatisfying(
                        TailEnd.OwnStoreFailed.class,
                        end -> assertThat(end.kind()).isEqualTo(StoreException.Kind.UNUSABLE));
    }

    @Test
    void anotherWriterIsNoticedBeforeItDoesHarm() throws Exception {
        servers.writeToLeader(4);
        try (Tail tail = open()) {
            Store.Appender intruder = servers.ownStore.appender(session.token(), 0);
            intruder.append(
                    new StoredMessage(1, "$KV.kine.x", Map.of(), new byte[0], Instant.EPOCH));
            intruder.flush();
            assertThat(tail.drain(4)).isInstanceOf(TailEnd.WrongSequence.class);
        }
        assertThat(servers.own.facts().orElseThrow().lastSeq()).isEqualTo(1);
    }

    @Test
    void aNewSessionEndsTheTail() throws Exception {
        servers.writeToLeader(4);
        try (Tail tail = open()) {
            servers.ownStore.fence(TwoServers.MARK_B, "another");
            assertThat(tail.drain(4)).isInstanceOf(TailEnd.OwnStoreFailed.class);
        }
        assertThat(servers.own.facts().orElseThrow().lastSeq()).isZero();
    }

    @Test
    void latePublishesOfAnOldSessionFallAway() throws Exception {
        servers.writeToLeader(6);
        try (Tail tail = open()) {
            tail.step(Duration.ZERO);
        }
        Session next = servers.session();
        long held = servers.ownStore.fence(TwoServers.MARK_B, next.token()).lastSeq();

        assertThat(servers.own.deliverLate()).isZero();
        assertThat(servers.own.facts().orElseThrow().lastSeq()).isEqualTo(held);
    }

    @Test
    void aLeadersStreamThatWasMadeAnewIsNoticed() throws Exception {
        try (Tail tail = open()) {
            servers.leaderStore.delete();
            servers.leaderStore.createFenced(TwoServers.MARK_A, "x", TwoServers.PER_SUBJECT);
            tail.settle();
            assertThat(tail.end().orElseThrow()).isInstanceOf(TailEnd.Diverged.class);
        }
    }

    @Test
    void aLeaderThatWentBackIsNoticed() throws Exception {
        servers.leader.setSyncsAlways(false);
        servers.writeToLeader(5);
        drainAll();
        servers.leader.cutPower(2);
        servers.leader.start();

        assertThat(catchThrowableOfType(CopyException.class, this::open).kind())
                .isEqualTo(StoreException.Kind.WRONG_SEQUENCE);
    }

    @Test
    void runningReportsALoneMessageAndEndsWhenInterrupted() throws Exception {
        AtomicReference<TailEnd> end = new AtomicReference<>();
        AtomicLong durable = new AtomicLong();
        servers.writeToLeader(1);
        try (Tail tail = Tail.resume(slow(), session, (sequence, _) -> durable.set(sequence))) {
            Thread runner = Thread.ofVirtual().start(() -> end.set(tail.run()));
            await("the message to be reported", BOUND, () -> durable.get() == 1);
            runner.interrupt();
            runner.join();
        }
        assertThat(end.get()).isEqualTo(new TailEnd.Cancelled());
    }

    /// The same servers as seen by stores for several threads, which wait as real ones do.
    private Stores slow() {
        return new Stores(
                new PatientStore(servers.ownStore), new PatientStore(servers.leaderStore));
    }
}
