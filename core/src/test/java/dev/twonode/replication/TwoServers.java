package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import dev.twonode.simulation.FaultPlan;
import dev.twonode.simulation.SimulatedServer;
import dev.twonode.simulation.SimulatedStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A leader `a` with an open stream and a follower `b` with a fenced one, both simulated, and the
/// steps by which tests make them differ.
final class TwoServers {

    static final NodeName A = new NodeName("a");
    static final NodeName B = new NodeName("b");
    static final Mark MARK_A = new Mark(1, A);
    static final Mark MARK_B = new Mark(1, B);
    static final Term FIRST = new Term(1, B, 1);
    static final int PER_SUBJECT = 3;

    final SimulatedServer leader;
    final SimulatedServer own;
    final SimulatedStore leaderStore;
    final SimulatedStore ownStore;
    final Stores stores;
    TermHistory ownHistory = TermHistory.EMPTY;
    TermHistory leaderHistory = new TermHistory(List.of(FIRST));
    private final SplittableRandom random;
    private long seconds;
    private int sessions;

    TwoServers(long seed) throws StoreException {
        random = new SplittableRandom(seed);
        leader = new SimulatedServer("leader", this::tick);
        own = new SimulatedServer("own", this::tick);
        leaderStore = new SimulatedStore(leader, FaultPlan.NONE);
        ownStore = new SimulatedStore(own, FaultPlan.NONE);
        stores = new Stores(ownStore, leaderStore);
        leaderStore.createFenced(MARK_A, "x", PER_SUBJECT);
        leaderStore.open(MARK_A);
        ownStore.createFenced(MARK_B, "x", PER_SUBJECT);
    }

    private Instant tick() {
        return Instant.ofEpochSecond(1_800_000_000 + seconds++);
    }

    SplittableRandom random() {
        return random;
    }

    Session session() {
        return new Session(MARK_B, "s" + ++sessions);
    }

    void plan(FaultPlan plan) {
        leaderStore.setPlan(plan);
        ownStore.setPlan(plan);
    }

    /// Writes as kine does, to few subjects, so that old values are trimmed.
    static void write(SimulatedServer server, SplittableRandom random, int count)
            throws StoreException {
        for (int i = 0; i < count; i++) {
            String subject = "$KV.kine.k" + random.nextInt(6);
            byte[] data = ("v" + random.nextLong()).getBytes(StandardCharsets.UTF_8);
            Map<String, List<String>> headers =
                    switch (random.nextInt(4)) {
                        case 0 -> Map.of("KV-Operation", List.of("DEL"));
                        case 1 -> Map.of("Nats-Expected-Last-Subject-Sequence", List.of("0"));
                        default -> Map.of();
                    };
            server.publish(subject, headers, data);
        }
    }

    void writeToLeader(int count) throws StoreException {
        write(leader, random, count);
    }

    /// Messages that the follower wrote as the leader of a term that has ended.
    void writeToOwn(int count) throws StoreException {
        Mark mark = new Mark(1, B);
        ownStore.fence(mark, "x");
        ownStore.open(mark);
        write(own, random, count);
        ownStore.fence(MARK_B, "x");
    }

    /// Holes, as left by clients that may delete.
    void deleteSome(SimulatedServer server, int count) throws StoreException {
        for (int i = 0; i < count; i++) {
            List<StoredMessage> present = server.content();
            if (present.size() > 1) {
                StoredMessage chosen = present.get(random.nextInt(present.size() - 1));
                server.deleteMessage(chosen.sequence());
            }
        }
    }

    /// Makes the follower an exact copy that knows the leader's history.
    void copyAll() throws StoreException {
        ownStore.delete();
        try (Store.Snapshot snapshot = leaderStore.snapshot()) {
            ownStore.restore(snapshot, MARK_B, "x");
        }
        ownHistory = leaderHistory;
    }

    /// From here on the leader's history goes on in a term of its own.
    void startLeadersTerm() {
        long lastSeq = leader.facts().orElseThrow().lastSeq();
        leaderHistory = leaderHistory.with(new Term(2, A, lastSeq + 1));
    }

    void assertCopied() {
        assertSameContent(own, leader);
    }

    static void assertSameContent(SimulatedServer actual, SimulatedServer expected) {
        StreamFacts copy = actual.facts().orElseThrow();
        StreamFacts original = expected.facts().orElseThrow();
        assertThat(copy.lastSeq()).isEqualTo(original.lastSeq());
        assertThat(copy.deleted()).isEqualTo(original.deleted());
        List<StoredMessage> mine = actual.content();
        List<StoredMessage> theirs = expected.content();
        assertThat(mine).hasSameSizeAs(theirs);
        for (int i = 0; i < mine.size(); i++) {
            assertThat(Content.same(mine.get(i), theirs.get(i)))
                    .as("message %d equals %s", mine.get(i).sequence(), theirs.get(i))
                    .isTrue();
        }
    }
}
