package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.logging.HeardLog;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.TermHistory;
import dev.twonode.replication.CopyProgress;
import dev.twonode.replication.LocalSnapshots;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.OrphanExports;
import dev.twonode.replication.Resync;
import dev.twonode.replication.Sessions;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.Stores;
import dev.twonode.simulation.FaultPlan;
import dev.twonode.simulation.SimulatedServer;
import dev.twonode.simulation.SimulatedStore;
import dev.twonode.testing.Await;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The follower's copy between two simulated servers.
class CopyWorkTest {

    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");
    private static final Mark MARK = new Mark(2, B);

    @TempDir Path folder;

    private final List<String> history = new CopyOnWriteArrayList<>();
    private final Inbox inbox = new Inbox();
    private final SimulatedServer leader = new SimulatedServer("leader", Instant::now);
    private final SimulatedServer own = new SimulatedServer("own", Instant::now);
    private Stores stores;
    private CopyWork work;

    @BeforeEach
    void start() throws StoreException {
        SimulatedStore leaderStore = new SimulatedStore(leader, FaultPlan.NONE);
        leaderStore.createFenced(new Mark(2, A), "x", 10);
        leaderStore.open(new Mark(2, A));
        SimulatedStore ownStore = new SimulatedStore(own, FaultPlan.NONE);
        ownStore.createFenced(MARK, "x", 10);
        ownStore.open(MARK);
        write(leader, "theirs");
        write(own, "mine");
        stores = new Stores(ownStore, leaderStore);
        work = workOn(stores);
    }

    /// @param slow what copies are made with
    private CopyWork workOn(Stores slow) {
        return new CopyWork(
                slow,
                stores,
                new Resync.Folders(
                        new OrphanExports(folder, Instant::now),
                        new LocalSnapshots(folder, Instant::now)),
                inbox,
                Clock.system(),
                new Sessions(new SplittableRandom(1)),
                copy -> "echo " + copy,
                new WholeCopies((_, words) -> history.add(words), Clock.system()));
    }

    private Action.Compare asked() {
        return asked(1);
    }

    private Action.Compare asked(long copy) {
        return new Action.Compare(
                copy,
                LeaderReports.of(leader.serverId()),
                TermHistory.EMPTY,
                0,
                Action.Trust.NONE,
                MARK);
    }

    @AfterEach
    void stop() {
        work.close();
    }

    private static void write(SimulatedServer server, String content) throws StoreException {
        server.publish("$KV.kine.k", Map.of(), content.getBytes(StandardCharsets.UTF_8));
    }

    private Event next() throws InterruptedException {
        return inbox.take(Duration.ofSeconds(20)).orElseThrow();
    }

    private void compare() throws InterruptedException {
        work.compare(asked());
        assertThat(next()).isInstanceOf(Event.Compared.class);
    }

    private String contentHere() {
        return new String(own.content().getFirst().data(), StandardCharsets.UTF_8);
    }

    @Test
    void aStreamIsReplacedByThatOfTheLeaderWithWhichItWasCompared() throws Exception {
        compare();

        work.replace(new Action.ReplaceStream(1, MARK));

        assertThat(next()).isInstanceOf(Event.StreamReplaced.class);
        assertThat(contentHere()).isEqualTo("theirs");
    }

    private void awaitHistory(int lines) {
        Await.await("a history", Duration.ofSeconds(20), () -> history.size() == lines);
    }

    @Test
    void theHistoryTellsWhyAStreamIsReplaced() throws Exception {
        compare();

        work.prepare(
                new Action.PrepareResync(1),
                new OrphanExport.Origin("pair", "b", OrphanExport.Acknowledged.UNKNOWN));
        assertThat(next()).isInstanceOf(Event.ResyncPrepared.class);
        work.replace(new Action.ReplaceStream(1, MARK));

        awaitHistory(2);
        assertThat(history.getFirst())
                .isEqualTo(
                        "copies everything from a: the message of sequence 1 is only here;"
                                + " it is exported first");
        assertThat(history.getLast())
                .matches("has copied everything from a in .* s: 1 message up to sequence 1");
    }

    @Test
    void aCopyThatWasCutOffIsMadeAnewAndSaidToBe() throws Exception {
        compare();

        work.replace(new Action.ReplaceStream(1, MARK));

        awaitHistory(2);
        assertThat(history.getFirst())
                .isEqualTo("copies everything from a: a copy before was cut off");
    }

    /// Whatever follows may wait for an operator.
    @Test
    void aComparisonThatHasEndedIsNotUnderWay() throws Exception {
        compare();

        assertThat(work.progress()).isEqualTo(CopyProgress.NONE);
    }

    /// A store whose calls wait until they are interrupted.
    private static Store stuck(CountDownLatch called) {
        return (Store)
                Proxy.newProxyInstance(
                        Store.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (_, method, _) -> {
                            called.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            throw new StoreException(
                                    StoreException.Kind.UNKNOWN, method + ": interrupted");
                        });
    }

    @Test
    void workThatTheNextPieceEndsHasNotFailed() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        try (HeardLog log = new HeardLog();
                CopyWork slow = workOn(new Stores(stores.own(), stuck(called)))) {
            slow.compare(asked());
            called.await();

            slow.fencePeer(new Action.FencePeer(2, MARK));

            assertThat(next()).isInstanceOf(Event.PeerFenced.class);
            assertThat(slow.trouble()).isEmpty();
            assertThat(log.messages()).noneMatch(line -> line.contains("copying stopped"));
        }
    }

    /// A store whose calls end some time after they were interrupted.
    private static Store slowToEnd(CountDownLatch called, CountDownLatch end) {
        return (Store)
                Proxy.newProxyInstance(
                        Store.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (_, method, _) -> {
                            called.countDown();
                            awaitWhateverHappens(end);
                            throw new StoreException(
                                    StoreException.Kind.UNKNOWN, method + ": interrupted");
                        });
    }

    /// A disk hears no interrupt.
    private static void awaitWhateverHappens(CountDownLatch end) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                end.await();
                ended = true;
            } catch (InterruptedException e) {
                interrupted = true;
                ended = end.getCount() == 0;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theEndOfACopyIsWaitedFor() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (CopyWork slow = workOn(new Stores(stores.own(), slowToEnd(called, end)))) {
            slow.compare(asked());
            called.await();

            CountDownLatch waited = waitingFor(slow.stop());

            assertThat(waited.await(100, TimeUnit.MILLISECONDS)).as("at once").isFalse();
            end.countDown();
            assertThat(waited.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aCopyThatIsStuckInADiskThatHangsIsNotWaitedFor() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (CopyWork slow = workOn(new Stores(stores.own(), slowToEnd(called, end)))) {
            slow.compare(asked());
            called.await();

            CountDownLatch waited = waitingFor(slow.stop());

            assertThat(waited.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
        }
    }

    /// A store from which reading takes its time to end, the first time.
    private static Store slowToClose(Store store, CountDownLatch called, CountDownLatch end) {
        return (Store)
                Proxy.newProxyInstance(
                        Store.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (_, method, arguments) -> {
                            Object answer = method.invoke(store, arguments);
                            return answer instanceof Store.Feed feed && called.getCount() > 0
                                    ? slowToClose(feed, called, end)
                                    : answer;
                        });
    }

    private static Store.Feed slowToClose(
            Store.Feed feed, CountDownLatch called, CountDownLatch end) {
        return new Store.Feed() {
            @Override
            public List<StoredMessage> poll(Duration patience) throws StoreException {
                return feed.poll(patience);
            }

            @Override
            public void close() {
                called.countDown();
                awaitWhateverHappens(end);
                feed.close();
            }
        };
    }

    /// It was told to end, and what comes next did not wait for it.
    @Test
    void whatAnEndedComparisonStillFindsDoesNotReplaceWhatTheNextOneFound() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Store slowLeader = slowToClose(stores.leader(), called, end);
        try (CopyWork slow = workOn(new Stores(stores.own(), slowLeader))) {
            slow.compare(asked(1));
            called.await();
            slow.stop();
            leader.kill();
            leader.start();
            slow.compare(asked(2));
            assertThat(next()).isInstanceOf(Event.Compared.class);
            end.countDown();
            assertThat(next()).isInstanceOf(Event.Compared.class);

            slow.replace(new Action.ReplaceStream(2, MARK));

            assertThat(next()).isInstanceOf(Event.StreamReplaced.class);
        }
    }

    /// Counted down when the end has been waited for.
    private static CountDownLatch waitingFor(CopyWork.Ending ending) {
        CountDownLatch waited = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        ending.await();
                        waited.countDown();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return waited;
    }

    /// A server that stores nothing: each attempt begins well, and none gets on.
    @Test
    void aCopyThatNeverGetsOnIsToldOnce() throws Exception {
        compare();
        write(leader, "more");
        own.setDiskFull(true);
        try (HeardLog log = new HeardLog()) {
            for (int attempt = 2; attempt < 5; attempt++) {
                work.tail(new Action.Tail(attempt));
                assertThat(next()).isInstanceOf(Event.Copied.class);
                assertThat(next()).isInstanceOf(Event.CopyFailed.class);
            }

            assertThat(log.messages()).filteredOn(it -> it.contains("copying stopped")).hasSize(1);
            assertThat(work.trouble().orElseThrow().problem()).isEqualTo(Event.CopyProblem.OWN);
        }
    }

    /// With the power it may have lost what was found there.
    @Test
    void nothingIsDeletedForALeaderThatWasRestartedSinceItWasCompared() throws Exception {
        compare();
        leader.kill();
        leader.start();

        work.replace(new Action.ReplaceStream(1, MARK));

        assertThat(next())
                .isInstanceOfSatisfying(
                        Event.CopyFailed.class,
                        failed -> assertThat(failed.problem()).isEqualTo(Event.CopyProblem.LEADER));
        assertThat(contentHere()).isEqualTo("mine");
    }
}
