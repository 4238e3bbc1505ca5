package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.testing.Await;
import dev.twonode.testing.Cable;
import dev.twonode.testing.NatsServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way between the two nodes goes dark. Both nodes and their clients live on.
class CutIT {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final String PATIENCE = "--peer-timeout=3s";

    @TempDir private Path folder;

    private FaultPair pair;
    private Cable toA;
    private Cable toB;

    @BeforeEach
    void start() {
        NatsServerProcess serverOfA = NatsServerProcess.configure().start();
        NatsServerProcess serverOfB = NatsServerProcess.configure().start();
        toA = new Cable(serverOfA.port());
        toB = new Cable(serverOfB.port());
        pair = new FaultPair(folder, serverOfA, serverOfB);
        // Long enough that a slow disk is not taken for a dead server.
        pair.a.use(toB.url(), List.of("--leader", PATIENCE));
        pair.b.use(toA.url(), List.of(PATIENCE));
        pair.start();
    }

    @AfterEach
    void end() {
        pair.close();
        toA.close();
        toB.close();
    }

    private void cut() {
        toA.cut();
        toB.cut();
    }

    /// Lets everything through that a sends, and nothing that b sends.
    private void cutWhatBSends() {
        toA.cutThere();
        toB.cutBack();
    }

    private void cutWhatASends() {
        toB.cutThere();
        toA.cutBack();
    }

    private void mend() {
        toA.mend();
        toB.mend();
    }

    private void put(Machine one, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            String key = prefix + i;
            Await.await("a write on " + one.name, BOUND, () -> pair.put(one, key, key).isPresent());
        }
    }

    /// Writes to the leader and waits until the follower has it all and is in sync.
    private void copied(String prefix, int count) {
        put(pair.a, prefix, count);
        Await.await("all is copied", BOUND, () -> pair.last(pair.b) == count);
        Await.await("whole", BOUND, this::isWhole);
    }

    /// What a node has exported, as its agent tells it.
    private List<String> exported(Machine one) {
        List<String> keys = new ArrayList<>();
        JsonNode exports = pair.request(one, "orphans", "").orElseThrow().path("exports");
        for (JsonNode export : exports) {
            String ask =
                    "{\"action\":\"show\",\"name\":\"%s\"}".formatted(export.path("name").asText());
            for (JsonNode line : pair.request(one, "orphans", ask).orElseThrow().path("lines")) {
                if (line.toString().contains("subject")) {
                    keys.add(line.toString());
                }
            }
        }
        return keys;
    }

    @Test
    void bothServeWhileCutOffAndTheOneWithFewerWritesExportsThem() {
        copied("before", 10);
        cut();
        pair.await(pair.a, one -> one.leads() && one.alone(), "leads alone");
        pair.awaitLeads(pair.b);
        put(pair.a, "only-a", 7);
        put(pair.b, "only-b", 30);
        Await.await("a has shown it all", BOUND, () -> shown(pair.a) == 17);

        mend();

        pair.await(pair.a, one -> !one.leads() && one.inSync(), "follows in sync");
        pair.await(pair.b, one -> one.leads() && !one.alone(), "leads with its follower");
        pair.assertSame();
        assertThat(exported(pair.b)).isEmpty();
        assertThat(exported(pair.a)).hasSize(7).allMatch(line -> line.contains("only-a"));
        // Clients of a saw revisions that are gone: b goes on beyond them, behind one more for
        // those
        // who watch from the next one on, and with kine's compaction key (rule J1).
        assertThat(pair.last(pair.a)).isEqualTo(10 + 30 + 2);
        put(pair.b, "after", 5);
        pair.assertSame();
    }

    @Test
    void aCutInWhichNobodyWroteHealsWithoutExports() {
        copied("before", 10);
        cut();
        pair.await(pair.a, one -> one.leads() && one.alone(), "leads alone");
        pair.awaitLeads(pair.b);

        mend();

        Await.await("whole again", BOUND, this::isWhole);
        pair.assertSame();
        assertThat(exported(pair.a)).isEmpty();
        assertThat(exported(pair.b)).isEmpty();
    }

    private boolean isWhole() {
        return pair.state(pair.a).filter(NodeState::inSync).isPresent()
                && pair.state(pair.b).filter(NodeState::inSync).isPresent()
                && pair.state(pair.a).orElseThrow().leads()
                        != pair.state(pair.b).orElseThrow().leads();
    }

    @Test
    void aLeaderThatOnlyHearsItsFollowerLosesNothing() {
        copied("before", 10);
        cutWhatASends();
        afterOneWayCut();
    }

    @Test
    void aFollowerThatOnlyHearsItsLeaderLosesNothing() {
        copied("before", 10);
        cutWhatBSends();
        afterOneWayCut();
    }

    /// No connection lives without answers, so either node ends up cut off from the other: both
    /// lead and show what they are told. Healed, one goes on beyond what the other showed (rule
    /// J1).
    private void afterOneWayCut() {
        pair.await(pair.a, one -> one.leads() && one.alone(), "leads alone");
        pair.await(pair.b, one -> one.leads() && one.alone(), "leads alone");
        for (Machine one : List.of(pair.a, pair.b)) {
            put(one, "on-" + one.name + "-", 5);
            Await.await(one.name + " has shown it all", BOUND, () -> shown(one) == 15);
        }

        mend();

        Await.await("whole again", BOUND, this::isWhole);
        pair.assertSame();
        Machine loser = exported(pair.a).isEmpty() ? pair.b : pair.a;
        assertThat(exported(loser)).hasSize(5).allMatch(one -> one.contains("on-" + loser.name));
        assertThat(exported(pair.peerOf(loser))).isEmpty();
        assertThat(pair.last(loser)).isEqualTo(10 + 5 + 2);
    }

    private long shown(Machine one) {
        return pair.request(one, "state", "")
                .map(state -> state.path("commitSeq").asLong())
                .orElse(0L);
    }

    @Test
    void aHandoverDuringAResyncIsRefused() {
        copied("before", 10);
        pair.b.kill();
        pair.await(pair.a, one -> one.leads() && one.alone(), "leads alone");
        String large = "x".repeat(64 << 10);
        for (int i = 0; i < 100; i++) {
            String key = "large" + i;
            Await.await("a write", BOUND, () -> pair.put(pair.a, key, large).isPresent());
        }
        pair.b.wipeStore();
        pair.b.wipeState();
        toA.slowDown(400 << 10);
        pair.b.startAll();
        pair.await(pair.b, one -> one.role().equals("follower"), "follows");

        AgentProcess refused =
                AgentProcess.run(
                        folder.resolve("stepdown.out"), "stepdown", "-s", pair.a.server().url());

        assertThat(refused.awaitExit()).as(refused.log()).isEqualTo(3);
        assertThat(refused.log()).contains("not in sync");
        assertThat(pair.state(pair.b).orElseThrow().inSync()).isFalse();
        toA.mend();
        Await.await("whole again", BOUND, this::isWhole);
        pair.assertSame();
        assertThat(pair.state(pair.a).orElseThrow().leads()).isTrue();
    }
}
