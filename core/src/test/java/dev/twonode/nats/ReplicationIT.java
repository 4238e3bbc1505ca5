package dev.twonode.nats;

import static dev.twonode.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.replication.Drain;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.Session;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import dev.twonode.replication.Tail;
import dev.twonode.replication.TailEnd;
import dev.twonode.replication.Verdict;
import dev.twonode.testing.Tools;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The copy work between two real servers, broken by kills, compared message by message.
final class ReplicationIT {

    private static final Duration BOUND = Duration.ofSeconds(30);

    /// Raise it to 300000 for the numbers that the README names.
    private static final int MANY = Integer.getInteger("twonode.it.messages", 30_000);

    private static final int LARGE = 512;

    @TempDir Path stateDir;

    private CopyFixture pair;

    @BeforeEach
    void start() throws Exception {
        pair = new CopyFixture(stateDir, 11);
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    private void put(String key) throws Exception {
        pair.leader.publish("$KV.kine." + key, Map.of(), new byte[LARGE]);
    }

    @Test
    void aTailCopiesWhatIsWrittenMeanwhile() throws Exception {
        pair.fillLeader(2000, 100);
        Session session = pair.session();
        pair.own.store().fence(session.mark(), session.token());
        AtomicLong durable = new AtomicLong();
        AtomicReference<TailEnd> end = new AtomicReference<>();
        try (Tail tail =
                Tail.resume(pair.stores(), session, (sequence, _) -> durable.set(sequence))) {
            Thread runner = Thread.ofVirtual().start(() -> end.set(tail.run()));
            for (int i = 0; i < 500; i++) {
                put("live" + i % 7);
            }
            await("all of it is durable", BOUND, () -> durable.get() == 2500);
            runner.interrupt();
            runner.join();
        }
        assertThat(end.get()).isEqualTo(new TailEnd.Cancelled());
        pair.assertCopied();
    }

    @Test
    void leadingAndInteriorGapsAreKept() throws Exception {
        pair.leader.store().fence(CopyFixture.LEADER, "gaps");
        pair.leader.store().startAt(1001);
        try (Store.Appender appender = pair.leader.store().appender("gaps", 1000)) {
            appender.append(message(1001));
            appender.skip(1002, 1030);
            appender.append(message(1031));
            appender.append(message(1032));
            appender.skip(1033, 1033);
            appender.append(message(1034));
            appender.flush();
        }
        pair.leader.store().open(CopyFixture.LEADER);
        pair.copyUntilLevel();

        pair.assertCopied();
        assertThat(pair.own.store().inspect().orElseThrow().firstSeq()).isEqualTo(1001);
        pair.own.killAndRestart();
        pair.assertCopied();
    }

    private static StoredMessage message(long sequence) {
        return new StoredMessage(
                sequence, "$KV.kine.k" + sequence, Map.of(), new byte[10], Instant.EPOCH);
    }

    @Test
    void orphansAreExportedAndTheLeadersHistoryTakesTheirPlace() throws Exception {
        pair.fillLeader(300, 100);
        pair.copyUntilLevel();
        pair.fork(25, 40);

        pair.copyUntilLevel();

        pair.assertCopied();
        assertThat(pair.verdicts).contains(new Verdict.Orphans(1, 300, 301, 325, 25));
        OrphanExport export = pair.exports.list().getFirst();
        assertThat(export.count()).isEqualTo(25);
        assertThat(pair.exports.show(export.name(), 1, 100)).hasSize(25);
        assertThat(pair.snapshots.names()).isEmpty();
    }

    @Test
    void aFullCopyIsTheSameToTheLastByteAndTimestamp() throws Exception {
        pair.fillLeader(5000, 200);
        pair.wantFullCopy();
        pair.copyUntilLevel();

        pair.assertCopied();
        for (long sequence : List.of(1L, 2500L, 5000L)) {
            assertThat(pair.own.store().read(sequence).map(StoredMessage::time))
                    .isEqualTo(pair.leader.store().read(sequence).map(StoredMessage::time));
        }
    }

    @Test
    void whatIsSavedBeforeAFullCopyIsRestoredByTheNatsCommand() throws Exception {
        pair.fillLeader(200, 100);
        pair.copyUntilLevel();
        StreamFacts before = pair.own.store().inspect().orElseThrow();
        pair.wantFullCopy();
        Path saved = stateDir.resolve("snapshots").resolve(pair.snapshots.names().getFirst());
        pair.own.store().delete();

        Process nats =
                new ProcessBuilder(
                                Tools.path("nats").toString(),
                                "--server",
                                pair.own.server().url(),
                                "stream",
                                "restore",
                                "--no-progress",
                                saved.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(new File(stateDir.toFile(), "nats.log"))
                        .start();

        assertThat(nats.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(nats.exitValue()).isZero();
        assertThat(pair.own.store().inspect().orElseThrow().holdsAsMuchAs(before)).isTrue();
        pair.assertCopied();
    }

    @Test
    void aSilentLeadersStreamIsFencedAndDrained() throws Exception {
        pair.fillLeader(3000, 100);
        pair.own.store().fence(CopyFixture.FOLLOWER, "g3");
        Drain drain = new Drain(pair.stores(), new Session(CopyFixture.FOLLOWER, "g3"));
        for (int i = 0; i < 50; i++) {
            put("late" + i);
        }

        long barrier = drain.fence();

        assertThat(barrier).isEqualTo(3050);
        assertThat(drain.copyTo(barrier, (_, _) -> {})).isEqualTo(new TailEnd.Reached(3050));
        pair.assertCopied();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 45, 80})
    void killsOfEitherServerDuringATailDoNoHarm(int percent) throws Exception {
        int count = 10_000;
        long begin = 0;
        for (StoreFixture victim : List.of(pair.own, pair.leader)) {
            pair.fillLeader(count, 256);
            long threshold = begin + count / 100L * percent;
            killWhile(victim, latch -> pair.onDurable = at(threshold, latch));
            begin += count;
        }
        pair.copyUntilLevel();

        pair.assertCopied();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 50, 75})
    void killsOfEitherServerDuringAFullCopyDoNoHarm(int percent) throws Exception {
        pair.fillLeader(20_000, 256);
        long bytes = pair.leader.store().inspect().orElseThrow().bytes();
        for (StoreFixture victim : List.of(pair.own, pair.leader)) {
            pair.wantFullCopy();
            killWhile(victim, latch -> pair.onBytes = at(bytes / 100 * percent, latch));
        }
        pair.copyUntilLevel();

        pair.assertCopied();
        assertThat(pair.snapshots.names()).isEmpty();
    }

    private interface Arming {
        void arm(CountDownLatch latch);
    }

    private static LongConsumer at(long threshold, CountDownLatch latch) {
        return done -> {
            if (done >= threshold) {
                latch.countDown();
            }
        };
    }

    /// Copies, and kills a server when the copy has come so far.
    private void killWhile(StoreFixture victim, Arming arming) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        arming.arm(reached);
        Thread copying = Thread.ofVirtual().start(pair::copyUntilLevel);
        assertThat(reached.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        victim.killAndRestart();
        copying.join();
        pair.onDurable = _ -> {};
        pair.onBytes = _ -> {};
        pair.assertCopied();
    }

    @Test
    void serversThatForceEveryMessageAreNotTakenForDead() throws Exception {
        try (CopyFixture forcing = new CopyFixture(stateDir, 12, "always")) {
            forcing.fillLeader(1500, 100);
            forcing.copyUntilLevel();
            forcing.assertCopied();
        }
    }

    @Test
    void aLoneMessageIsReportedWithinMilliseconds(TestReporter reporter) throws Exception {
        Session session = pair.session();
        pair.own.store().fence(session.mark(), session.token());
        AtomicLong durable = new AtomicLong();
        List<Long> micros = new ArrayList<>();
        try (Tail tail =
                Tail.resume(pair.stores(), session, (sequence, _) -> durable.set(sequence))) {
            Thread runner = Thread.ofVirtual().start(tail::run);
            for (int i = 0; i < 300; i++) {
                long sequence = pair.leader.publish("$KV.kine.a", Map.of(), new byte[LARGE]);
                long sent = System.nanoTime();
                while (durable.get() < sequence && System.nanoTime() - sent < BOUND.toNanos()) {
                    Thread.onSpinWait();
                }
                micros.add((System.nanoTime() - sent) / 1000);
            }
            runner.interrupt();
            runner.join();
        }
        Collections.sort(micros);
        reporter.publishEntry(
                "lone message durable and reported",
                "p50 %d us, p99 %d us".formatted(micros.get(150), micros.get(297)));
        assertThat(micros.get(150)).isLessThan(20_000);
    }

    @Test
    void aLongTailAndAFullCopyAreMeasured(TestReporter reporter) throws Exception {
        pair.fillLeader(MANY, LARGE);
        Session session = pair.session();
        pair.own.store().fence(session.mark(), session.token());
        long begun = System.nanoTime();
        try (Tail tail = Tail.resume(pair.stores(), session, (_, _) -> {})) {
            assertThat(tail.drain(MANY)).isEqualTo(new TailEnd.Reached(MANY));
        }
        print(reporter, "tail", System.nanoTime() - begun);
        pair.assertCopied();

        begun = System.nanoTime();
        pair.wantFullCopy();
        print(reporter, "local snapshot", System.nanoTime() - begun);
        begun = System.nanoTime();
        pair.resync(session).replace();
        print(reporter, "full copy", System.nanoTime() - begun);
        pair.assertCopied();
    }

    private static void print(TestReporter reporter, String what, long nanos) {
        reporter.publishEntry(
                "%s of %d x %d B".formatted(what, MANY, LARGE),
                "%d ms, %,d messages/s"
                        .formatted(nanos / 1_000_000, MANY * 1_000_000_000L / nanos));
    }
}
