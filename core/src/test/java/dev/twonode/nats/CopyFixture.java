package dev.twonode.nats;

import static dev.twonode.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import dev.twonode.replication.Comparison;
import dev.twonode.replication.CopyException;
import dev.twonode.replication.CopyProgress;
import dev.twonode.replication.Level;
import dev.twonode.replication.LocalSnapshots;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.OrphanExports;
import dev.twonode.replication.Resync;
import dev.twonode.replication.Session;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.Stores;
import dev.twonode.replication.StreamFacts;
import dev.twonode.replication.Tail;
import dev.twonode.replication.TailEnd;
import dev.twonode.replication.Verdict;
import dev.twonode.testing.NatsServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// A leader and a follower on real servers, and the order of work that a following node keeps, so
/// that it can be broken anywhere and started again.
final class CopyFixture implements AutoCloseable {

    static final Mark LEADER = new Mark(1, new NodeName("a"));
    static final Mark FOLLOWER = new Mark(1, new NodeName("b"));
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int BLOCK = 200;

    /// What a killed process leaves is in the operating system; only a power cut would ask for
    /// more.
    private static final String UNFORCED = "1m";

    final StoreFixture leader;
    final StoreFixture own;
    final OrphanExports exports;
    final LocalSnapshots snapshots;
    final List<Verdict> verdicts = new ArrayList<>();
    TermHistory leaderHistory = new TermHistory(List.of(new Term(1, new NodeName("b"), 1)));
    TermHistory ownHistory = TermHistory.EMPTY;
    LongConsumer onDurable = _ -> {};
    LongConsumer onBytes = _ -> {};
    private final SplittableRandom random;
    private final AtomicLong nanos = new AtomicLong();
    private boolean resync;

    CopyFixture(Path stateDir, long seed) throws StoreException {
        this(stateDir, seed, UNFORCED);
    }

    /// @param syncInterval how often the servers force their files, `always` for every message
    CopyFixture(Path stateDir, long seed, String syncInterval) throws StoreException {
        leader = new StoreFixture(NatsServerProcess.configure().syncInterval(syncInterval));
        own = new StoreFixture(NatsServerProcess.configure().syncInterval(syncInterval));
        random = new SplittableRandom(seed);
        exports = new OrphanExports(stateDir, Instant::now);
        snapshots = new LocalSnapshots(stateDir, Instant::now);
        leader.store().createFenced(LEADER, "x", Store.KINE_HISTORY);
        leader.store().open(LEADER);
        own.store().createFenced(FOLLOWER, "x", Store.KINE_HISTORY);
    }

    Stores stores() {
        return new Stores(own.store(), leader.store());
    }

    Session session() {
        return Session.start(FOLLOWER, random);
    }

    /// Writes quickly, past clients, to many subjects.
    void fill(StoreFixture server, Mark mark, int count, int bytes) throws StoreException {
        StreamFacts fenced = server.store().fence(mark, "fill");
        long last = fenced.lastSeq();
        try (Store.Appender appender = server.store().appender("fill", last)) {
            for (long sequence = last + 1; sequence <= last + count; sequence++) {
                byte[] data = new byte[bytes];
                random.nextBytes(data);
                String subject = "$KV.kine.registry.k" + random.nextInt(count);
                Map<String, List<String>> headers =
                        random.nextInt(20) == 0 ? Map.of("KV-Operation", List.of("DEL")) : Map.of();
                appender.append(new StoredMessage(sequence, subject, headers, data, Instant.EPOCH));
            }
            appender.flush();
        }
    }

    void fillLeader(int count, int bytes) throws StoreException {
        fill(leader, LEADER, count, bytes);
        leader.store().open(LEADER);
    }

    /// The leader goes on in a term of its own, the follower wrote some more in the old one.
    void fork(int orphans, int written) throws StoreException {
        ownHistory = leaderHistory;
        long lastSeq = leader.store().inspect().orElseThrow().lastSeq();
        leaderHistory = leaderHistory.with(new Term(2, new NodeName("a"), lastSeq + 1));
        fill(own, FOLLOWER, orphans, 64);
        fillLeader(written, 64);
    }

    /// Works until the follower is level with a leader that nobody writes to, whatever fails on the
    /// way.
    void copyUntilLevel() {
        await(
                "the follower is level",
                BOUND,
                () -> {
                    try {
                        return copyOnce();
                    } catch (CopyException failure) {
                        leader.awaitLink();
                        own.awaitLink();
                        return false;
                    }
                });
    }

    /// One replication session.
    ///
    /// @return whether the follower has been shown to be level
    boolean copyOnce() throws CopyException {
        Session session = session();
        Resync work = resync(session);
        if (resync) {
            work.replace();
            ownHistory = leaderHistory;
            resync = false;
            work.forget();
        }
        Comparison comparison = new Comparison(stores(), session, _ -> {});
        Verdict verdict = comparison.compare(ownHistory, leaderHistory, Action.Trust.HISTORIES);
        verdicts.add(verdict);
        switch (verdict) {
            case Verdict.Prefix _ -> {
                ownHistory = leaderHistory;
                TailEnd end = tail(session);
                Level level = comparison.level();
                if (level instanceof Level.Different) {
                    prepare(work);
                }
                return end instanceof TailEnd.Reached && level instanceof Level.Same;
            }
            case Verdict.SnapshotCheaper _, Verdict.Differs _ -> prepare(work);
            case Verdict.Orphans orphans -> {
                work.prepare(
                        orphans,
                        new OrphanExport.Origin("p1", "b", OrphanExport.Acknowledged.UNKNOWN));
                resync = true;
            }
            case Verdict.Unrelated(String why) -> throw new AssertionError(why);
        }
        return false;
    }

    Resync resync(Session session) {
        return new Resync(
                stores(),
                session,
                new Resync.Folders(exports, snapshots),
                this::progress,
                () -> nanos.addAndGet(1_000_000_000));
    }

    /// The next session makes a full copy, whatever a comparison would say.
    void wantFullCopy() throws CopyException {
        prepare(resync(session()));
    }

    private void prepare(Resync work) throws CopyException {
        work.prepare();
        resync = true;
    }

    private void progress(CopyProgress progress) {
        if (progress.phase() == CopyProgress.Phase.RESYNCING) {
            onBytes.accept(progress.done());
        }
    }

    private TailEnd tail(Session session) throws CopyException {
        try (Tail tail =
                Tail.resume(stores(), session, (durable, _) -> onDurable.accept(durable))) {
            return tail.drain(lastOfLeader());
        }
    }

    private long lastOfLeader() {
        try {
            return leader.store().inspect().orElseThrow().lastSeq();
        } catch (StoreException gone) {
            return Long.MAX_VALUE - 1;
        }
    }

    /// Compares both streams message by message.
    void assertCopied() throws StoreException {
        StreamFacts copy = own.store().inspect().orElseThrow();
        StreamFacts original = leader.store().inspect().orElseThrow();
        assertThat(copy.firstSeq()).isEqualTo(original.firstSeq());
        assertThat(copy.lastSeq()).isEqualTo(original.lastSeq());
        assertThat(copy.messages()).isEqualTo(original.messages());
        assertThat(own.store().deleted()).isEqualTo(leader.store().deleted());
        List<StoredMessage> mine = content(own.store(), copy);
        List<StoredMessage> theirs = content(leader.store(), original);
        assertThat(mine).hasSameSizeAs(theirs);
        for (int i = 0; i < mine.size(); i++) {
            StoredMessage one = mine.get(i);
            StoredMessage other = theirs.get(i);
            assertThat(one.sequence()).isEqualTo(other.sequence());
            assertThat(one.subject()).isEqualTo(other.subject());
            assertThat(copied(one)).isEqualTo(copied(other));
            assertThat(Arrays.equals(one.data(), other.data()))
                    .as("payload of %d", one.sequence())
                    .isTrue();
        }
    }

    /// The headers that a copy has to have; what was expected once is each writer's own affair.
    private static Map<String, List<String>> copied(StoredMessage message) {
        Map<String, List<String>> headers = new TreeMap<>(message.headers());
        headers.keySet().removeIf(name -> name.startsWith("Nats-Expected-"));
        return headers;
    }

    private static List<StoredMessage> content(Store store, StreamFacts facts)
            throws StoreException {
        List<StoredMessage> content = new ArrayList<>();
        int silent = 0;
        try (Store.Feed feed = store.feed(Math.max(1, facts.firstSeq()))) {
            while (content.size() < facts.messages() && silent < BLOCK) {
                List<StoredMessage> arrived = feed.poll(Duration.ofMillis(200));
                silent = arrived.isEmpty() ? silent + 1 : 0;
                content.addAll(arrived);
            }
        }
        return content;
    }

    @Override
    public void close() {
        leader.close();
        own.close();
    }
}
