package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.simulation.AgentDeath;
import dev.twonode.simulation.Fault;
import dev.twonode.simulation.FaultPlan;
import dev.twonode.testing.MemoryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Breaks the follower's work at its first call on a store, then at its second, and so on to the
/// last, in every way that a call can break. Each time the work is then run again to its end, and
/// both streams have to be the same, message by message, and every orphan exported.
final class CrashSweepTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CALLS = 2000;
    private static final int SHARED = 14;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    /// How the two streams differ before the work starts.
    enum Start {
        FRESH_FOLLOWER,
        LEADER_STARTS_LATE,
        BEHIND,
        BEHIND_WITH_GAPS,
        FORKED,
        FORKED_AND_OLD_SERVER,
        OTHER_DELETED_SET
    }

    private static TwoServers servers(Start start, long seed) throws StoreException {
        TwoServers servers = new TwoServers(seed);
        if (start == Start.LEADER_STARTS_LATE) {
            servers.leaderStore.fence(TwoServers.MARK_A, "x");
            servers.leaderStore.startAt(500);
            servers.leaderStore.open(TwoServers.MARK_A);
        }
        servers.writeToLeader(SHARED);
        if (start == Start.FRESH_FOLLOWER || start == Start.LEADER_STARTS_LATE) {
            return servers;
        }
        servers.copyAll();
        switch (start) {
            case BEHIND -> servers.writeToLeader(20);
            case BEHIND_WITH_GAPS -> {
                servers.writeToLeader(20);
                servers.deleteSome(servers.leader, 5);
                servers.leader.deleteMessage(servers.leader.content().getLast().sequence());
            }
            case FORKED, FORKED_AND_OLD_SERVER -> {
                servers.startLeadersTerm();
                servers.writeToOwn(6);
                servers.writeToLeader(9);
            }
            case OTHER_DELETED_SET -> {
                servers.deleteSome(servers.own, 1);
                servers.writeToLeader(2);
            }
            case FRESH_FOLLOWER, LEADER_STARTS_LATE -> {}
        }
        if (start == Start.FORKED_AND_OLD_SERVER) {
            servers.own.setVersion("2.12.1");
        }
        return servers;
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    void theWorkEndsWellWhereverItIsBroken(Start start) throws Exception {
        for (Fault fault : Fault.values()) {
            if (fault != Fault.NONE) {
                sweep(start, fault);
            }
        }
    }

    private void sweep(Start start, Fault fault) throws Exception {
        for (int nth = 1; nth < MOST_CALLS; nth++) {
            TwoServers servers = servers(start, 7);
            List<StoredMessage> before = servers.own.content();
            Path stateDir = folder.resolve("%s-%s-%d".formatted(start, fault, nth));
            boolean[] struck = {false};
            int[] calls = {0};
            int breaking = nth;
            servers.plan(_ -> {
                struck[0] |= ++calls[0] == breaking;
                return calls[0] == breaking ? fault : Fault.NONE;
            });
            FollowerAgent agent = new FollowerAgent(servers, stateDir);
            try {
                agent.run();
            } catch (CopyException | AgentDeath expected) {
                assertThat(struck[0]).as("%s at call %d: %s", fault, nth, expected).isTrue();
            }
            servers.plan(FaultPlan.NONE);
            String where = "%s at call %d of %s".formatted(fault, nth, start);
            finish(agent, servers, where);
            assertOrphansExported(agent, servers, before, where);
            if (!struck[0]) {
                return;
            }
        }
        fail("more calls than expected");
    }

    private static void finish(FollowerAgent agent, TwoServers servers, String where) {
        try {
            agent.run();
            servers.own.deliverLate();
            servers.assertCopied();
            assertThat(agent.snapshots().names()).as(where).isEmpty();
        } catch (CopyException | IOException | RuntimeException failure) {
            fail(where, failure);
        }
    }

    private static void assertOrphansExported(
            FollowerAgent agent, TwoServers servers, List<StoredMessage> before, String where)
            throws IOException {
        TreeSet<Long> lost = new TreeSet<>();
        for (StoredMessage message : before) {
            if (servers.own.content().stream().noneMatch(m -> Content.same(m, message))
                    && message.sequence() > SHARED) {
                lost.add(message.sequence());
            }
        }
        TreeSet<Long> exported = new TreeSet<>();
        for (OrphanExport export : agent.exports().list()) {
            List<String> lines = agent.exports().show(export.name(), 1, Integer.MAX_VALUE);
            assertThat(lines).as(where).hasSize(Math.toIntExact(export.count()));
            for (String line : lines) {
                JsonNode json = JSON.readTree(line);
                exported.add(json.get("sequence").asLong());
            }
        }
        assertThat(exported).as(where).containsAll(lost);
        assertThat(agent.exports().list()).as(where).hasSizeLessThanOrEqualTo(1);
    }
}
