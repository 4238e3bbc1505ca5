package dev.twonode.replication;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.TermHistory;
import dev.twonode.replication.OrphanExport.Acknowledged;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Does what a following node does with the parts of this package, journal included, so that it can
/// be killed anywhere and run again.
final class FollowerAgent {

    static final OrphanExport.Origin ORIGIN =
            new OrphanExport.Origin("p1", "b", Acknowledged.UNKNOWN);
    private static final int ROUNDS = 6;

    private final TwoServers servers;
    private final OrphanExports exports;
    private final LocalSnapshots snapshots;
    private boolean resync;
    private Instant created = Instant.MIN;

    /// What was decided, in order, for assertions.
    final List<Verdict> verdicts = new ArrayList<>();

    FollowerAgent(TwoServers servers, Path stateDir) {
        this.servers = servers;
        Instant now = Instant.parse("2026-11-01T10:00:00Z");
        exports = new OrphanExports(stateDir, () -> now);
        snapshots = new LocalSnapshots(stateDir, () -> now);
    }

    OrphanExports exports() {
        return exports;
    }

    LocalSnapshots snapshots() {
        return snapshots;
    }

    /// Runs until the follower is level with its leader.
    void run() throws CopyException {
        for (int round = 0; round < ROUNDS; round++) {
            Session session = servers.session();
            Stores stores = servers.stores;
            if (resync) {
                compareAgain(session);
                replace(session);
            }
            Comparison comparison = new Comparison(stores, session, _ -> {});
            Verdict verdict =
                    comparison.compare(
                            servers.ownHistory, servers.leaderHistory, Action.Trust.HISTORIES);
            verdicts.add(verdict);
            created = servers.own.facts().map(StreamFacts::created).orElse(Instant.MIN);
            switch (verdict) {
                case Verdict.Prefix _ -> {
                    servers.ownHistory = servers.leaderHistory;
                    tail(session);
                    if (comparison.level() instanceof Level.Same) {
                        return;
                    }
                    resync(session).prepare();
                    resync = true;
                }
                case Verdict.SnapshotCheaper _, Verdict.Differs _ -> {
                    resync(session).prepare();
                    resync = true;
                }
                case Verdict.Orphans orphans -> {
                    resync(session).prepare(orphans, ORIGIN);
                    resync = true;
                }
                case Verdict.Unrelated(String why) -> throw new AssertionError(why);
            }
        }
        throw new AssertionError("not level after " + ROUNDS + " rounds: " + verdicts);
    }

    Resync resync(Session session) {
        return new Resync(
                servers.stores, session, new Resync.Folders(exports, snapshots), _ -> {}, () -> 0);
    }

    /// The leader may have lost what it had when the resync began.
    private void compareAgain(Session session) throws CopyException {
        Comparison comparison = new Comparison(servers.stores, session, _ -> {});
        boolean same = servers.own.facts().filter(it -> it.created().equals(created)).isPresent();
        Verdict verdict =
                same
                        ? comparison.compare(
                                servers.ownHistory, servers.leaderHistory, Action.Trust.HISTORIES)
                        : comparison.compare(
                                servers.ownHistory, servers.leaderHistory, Action.Trust.NONE);
        if (verdict instanceof Verdict.Orphans orphans) {
            resync(session).prepare(orphans, ORIGIN);
        }
    }

    private void replace(Session session) throws CopyException {
        Resync work = resync(session);
        work.replace();
        TermHistory history = servers.leaderHistory;
        servers.ownHistory = history;
        resync = false;
        work.forget();
    }

    private void tail(Session session) throws CopyException {
        long target = servers.stores.leaderFacts().lastSeq();
        AtomicLong durable = new AtomicLong();
        try (Tail tail =
                Tail.resume(servers.stores, session, (sequence, _) -> durable.set(sequence))) {
            durable.set(tail.next() - 1);
            while (tail.end().isEmpty() && tail.next() <= target) {
                if (tail.step(Duration.ZERO) == 0) {
                    tail.settle();
                }
                tail.report();
            }
            while (tail.end().isEmpty() && durable.get() < tail.next() - 1) {
                tail.report();
            }
            if (tail.end().isPresent()) {
                throw new CopyException(
                        CopyException.Side.OWN,
                        StoreException.Kind.UNKNOWN,
                        tail.end().get().toString());
            }
        }
    }
}
