package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import dev.twonode.testing.SmallDisk;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks run full under a pair that works, and are given room again.
@SuppressWarnings("try") // closing a client is never interrupted here
class FullDiskIT {

    private static final Duration BOUND = Duration.ofSeconds(40);
    private static final Duration IMPATIENT = Duration.ofSeconds(5);
    private static final int SMALL_KIB = 6 << 10;
    private static final int LARGE_KIB = 128 << 10;
    private static final String PIECE = "x".repeat(32 << 10);

    @TempDir private Path folder;

    private @Nullable SmallDisk mounted;

    @SuppressWarnings("NullAway.Init") // each test begins with it
    private FaultPair pair;

    @AfterEach
    void end() {
        pair.close();
        if (mounted != null) {
            mounted.close();
        }
    }

    private void startWith(NatsServerProcess serverOfA, NatsServerProcess serverOfB) {
        pair = new FaultPair(folder, serverOfA, serverOfB);
        pair.a.use(serverOfB.url(), List.of("--leader"));
        pair.b.use(serverOfA.url(), List.of());
    }

    private SmallDisk disk(Path where, int kib) {
        SmallDisk disk = SmallDisk.of(where, kib);
        mounted = disk;
        return disk;
    }

    /// Starts both agents, one with a state folder that is soon full, and has them replicate.
    private SmallDisk startWithSmallStateFolder(Machine one) {
        SmallDisk disk = disk(one.state(), 256);
        one.useBy(disk.command(folder));
        pair.start();
        write(pair.a, "before", 5);
        awaitWhole();
        return disk;
    }

    private NatsServerProcess serverOn(SmallDisk disk, Path where) {
        return NatsServerProcess.configure().folder(where).by(disk.command(where)).start();
    }

    private Optional<JsonNode> json(Machine one) {
        return pair.request(one, "state", "");
    }

    /// Writes until that many were accepted.
    private void write(Machine one, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            String key = prefix + i;
            Await.await(
                    "a write on " + one.name, BOUND, () -> pair.put(one, key, PIECE).isPresent());
        }
    }

    private void awaitWhole() {
        try {
            Await.await("the pair is whole", BOUND, this::isWhole);
        } catch (AssertionError e) {
            throw new AssertionError(pair.situation(), e);
        }
        pair.assertSame();
    }

    private boolean isWhole() {
        NodeState one = pair.state(pair.a).orElseThrow();
        NodeState other = pair.state(pair.b).orElseThrow();
        return one.inSync() && other.inSync() && one.leads() != other.leads();
    }

    @Test
    void theFollowersStoreIsFull() {
        Path where = folder.resolve("small");
        SmallDisk disk = disk(where.resolve("store"), SMALL_KIB);
        startWith(NatsServerProcess.configure().start(), serverOn(disk, where));
        pair.start();

        write(pair.a, "key", 300);

        pair.await(pair.a, one -> one.leads() && one.alone(), "leads alone");
        pair.await(pair.b, one -> one.next().contains("insufficient resources"), "says why");
        assertThat(pair.last(pair.a)).isEqualTo(300);
        disk.grow(LARGE_KIB);
        write(pair.a, "more", 2);
        pair.await(pair.b, one -> one.next().contains("then restart it"), "says what to do");
        assertThat(stops(pair.b)).isLessThan(10);
        pair.b.server().restart();
        awaitWhole();
        assertThat(pair.last(pair.b)).isEqualTo(302);
    }

    private static long stops(Machine one) {
        return one.log().lines().filter(it -> it.contains("copying stopped")).count();
    }

    @Test
    void theLeadersStoreIsFull() {
        Path where = folder.resolve("small");
        SmallDisk disk = disk(where.resolve("store"), SMALL_KIB);
        startWith(serverOn(disk, where), NatsServerProcess.configure().start());
        pair.start();

        int accepted = 0;
        while (pair.put(pair.a, "key" + accepted, PIECE).isPresent()) {
            accepted++;
        }

        // The server refuses what it cannot store, and the follower has all that was accepted.
        assertThat(accepted).isPositive();
        awaitWhole();
        assertThat(pair.last(pair.b)).isEqualTo(accepted);
        disk.grow(LARGE_KIB);
        pair.a.server().restart();
        awaitWhole();
        write(pair.leader(), "more", 5);
        awaitWhole();
        assertThat(pair.last(pair.b)).isEqualTo(accepted + 5L);
    }

    @Test
    void aLeaderWhoseStoreIsFullSaysSoAndHandsOver() {
        Path where = folder.resolve("small");
        SmallDisk disk = disk(where.resolve("store"), SMALL_KIB);
        NatsServerProcess serverOfB = NatsServerProcess.configure().start();
        NatsServerProcess serverOfA = serverOn(disk, where);
        int port = NatsServerProcess.freePort();
        pair = new FaultPair(folder, serverOfA, serverOfB);
        pair.a.openGateway(port);
        pair.a.use(serverOfB.url(), List.of("--leader"));
        pair.b.use(serverOfA.url(), List.of());
        pair.start();

        int accepted = 0;
        while (putThrough(port, "key" + accepted)) {
            accepted++;
        }

        JsonNode state = json(pair.a).orElseThrow();
        assertThat(state.path("isLeader").asBoolean()).as(state.toString()).isTrue();
        assertThat(state.path("health").asText()).as(state.toString()).isEqualTo("store-readonly");
        assertThat(state.path("next").asText())
                .contains("insufficient", "Make room", "twonode stepdown");
        awaitWhole();

        Await.await("the other node stores", BOUND, () -> putThrough(port, "more"));
        assertThat(pair.leader()).isSameAs(pair.b);
        JsonNode taken = json(pair.b).orElseThrow();
        assertThat(taken.path("health").asText()).isEqualTo("ok");
        assertThat(taken.has("lost")).as(taken.toString()).isFalse();
        assertThat(pair.a.log()).contains("the own server stores no writes");
    }

    /// Nobody writes by way of the leader's own gateway.
    @Test
    void aLeaderWhoseStoreIsFullIsFoundOutByTheClientsOfTheOtherNode() {
        Path where = folder.resolve("small");
        SmallDisk disk = disk(where.resolve("store"), SMALL_KIB);
        startWith(serverOn(disk, where), NatsServerProcess.configure().start());
        int port = NatsServerProcess.freePort();
        pair.b.openGateway(port);
        pair.b.use(pair.a.server().url(), List.of());
        pair.start();

        int accepted = 0;
        while (putThrough(port, "key" + accepted, IMPATIENT)) {
            accepted++;
        }

        JsonNode state = pair.awaitHealth(pair.a, "store-readonly");
        assertThat(state.path("next").asText()).contains("Make room", "twonode stepdown");
        Await.holdsFor(
                "what a client that has left found out stays until something is stored",
                Duration.ofSeconds(4),
                () -> json(pair.a).filter(it -> isHealth(it, "store-readonly")).isPresent());
        AgentProcess status =
                AgentProcess.run(
                        folder.resolve("status.out"), "status", "-s", url(pair.b), "--exit-code");
        assertThat(status.awaitExit()).as(status.log()).isNotZero();
        assertThat(status.log()).contains("store-readonly", "takes no writes");
        Await.await("the other node stores", BOUND, () -> putThrough(port, "more", IMPATIENT));
        assertThat(pair.leader()).isSameAs(pair.b);
        JsonNode taken = json(pair.b).orElseThrow();
        assertThat(taken.path("health").asText()).isEqualTo("ok");
        assertThat(taken.has("lost")).as(taken.toString()).isFalse();
        assertThat(pair.a.log()).contains("the own server stores no writes");
    }

    private static boolean putThrough(int port, String key) {
        return putThrough(port, key, Duration.ofSeconds(20));
    }

    private static boolean putThrough(int port, String key, Duration patience) {
        try (Connection nats = Nats.connect("nats://127.0.0.1:" + port)) {
            Message answer =
                    nats.request(
                            "$KV.kine." + key, PIECE.getBytes(StandardCharsets.US_ASCII), patience);
            return answer != null
                    && !new String(answer.getData(), StandardCharsets.UTF_8).contains("error");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The journal still finds room; what only this node has does not.
    @Test
    void whatCannotBeExportedIsNotDropped() {
        startWith(NatsServerProcess.configure().start(), NatsServerProcess.configure().start());
        SmallDisk disk = disk(pair.a.state(), 256);
        pair.a.useBy(disk.command(folder));
        pair.start();
        write(pair.a, "both", 3);
        awaitWhole();
        pair.a.kill();
        pair.awaitLeads(pair.b);
        pair.a.server().restart();
        write(pair.a, "only-there", 20);
        long last = pair.last(pair.a);

        pair.a.startAgent();

        JsonNode state =
                Await.awaitValue(
                        "a says that it cannot export",
                        BOUND,
                        () -> json(pair.a).filter(it -> isHealth(it, "export-failed")));
        assertThat(state.path("next").asText())
                .contains("No space left", "Make room", "nothing was deleted");
        assertThat(pair.last(pair.a)).isEqualTo(last);
        assertThat(pair.state(pair.b).orElseThrow().leads()).isTrue();
        assertThat(exports()).isEmpty();
        AgentProcess status =
                AgentProcess.run(folder.resolve("status.out"), "status", "-s", url(pair.a));
        assertThat(status.log().replaceAll("\\s+", " "))
                .contains("No space left", "Make room in the state folder");
        Await.holdsFor(
                "it tries again, and says it once",
                Duration.ofSeconds(12),
                () -> pair.a.log().lines().filter(it -> it.contains("to=Waiting")).count() <= 1);

        disk.grow(LARGE_KIB);
        awaitWhole();
        assertThat(exports()).hasSize(1);
        assertThat(exports().path(0).path("count").asLong()).isEqualTo(20);
        assertThat(pair.last(pair.a)).isEqualTo(pair.last(pair.b));
    }

    /// A server with a full disk opens the stream and says that it did not.
    @Test
    void aNodeThatWasGivenTheLeadWithAFullDiskGivesItBack() {
        Path where = folder.resolve("small");
        SmallDisk disk = disk(where.resolve("store"), SMALL_KIB);
        startWith(NatsServerProcess.configure().start(), serverOn(disk, where));
        pair.start();
        write(pair.a, "key", 5);
        awaitWhole();
        disk.fill();

        assertHandsOver(pair.a);
        pair.awaitLeads(pair.b);
        assertThat(pair.put(pair.b, "more", PIECE)).isEmpty();

        assertHandsOver(pair.b);
        pair.awaitLeads(pair.a);
        write(pair.a, "more", 5);
        assertThat(json(pair.a).orElseThrow().has("lost")).isFalse();
        disk.empty();
        pair.b.server().restart();
        awaitWhole();
        assertThat(pair.last(pair.b)).isEqualTo(10);
    }

    private void assertHandsOver(Machine one) {
        AgentProcess stepdown = stepDown(one);
        assertThat(stepdown.awaitExit()).as(stepdown.log()).isZero();
    }

    private AgentProcess stepDown(Machine one) {
        return AgentProcess.run(
                folder.resolve("stepdown-" + one.name), "stepdown", "-s", url(one), "--yes");
    }

    /// b's journal has nothing to catch up with.
    private boolean haveJournalledAll(SmallDisk ofB) {
        JsonNode leader = journal(pair.a.state());
        JsonNode follower = journal(ofB.fromOutside());
        return leader.path("commitSeq").asLong() == pair.last(pair.a)
                && follower.path("commitSeq").asLong() > 0
                && follower.path("ceiling").asLong() == leader.path("ceiling").asLong();
    }

    private static JsonNode journal(Path state) {
        try {
            return new ObjectMapper().readTree(state.resolve("journal.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isHealth(JsonNode state, String health) {
        return state.path("health").asText().equals(health);
    }

    private static String url(Machine one) {
        return one.server().url();
    }

    private JsonNode exports() {
        return pair.request(pair.a, "orphans", "").orElseThrow().path("exports");
    }

    @Test
    void theLeadersStateFolderIsFull() {
        startWith(NatsServerProcess.configure().start(), NatsServerProcess.configure().start());
        SmallDisk disk = startWithSmallStateFolder(pair.a);

        disk.fill();
        // What becomes of this write is a matter of moments; its commit cannot be journalled.
        Optional<Long> unsure = pair.put(pair.a, "unsure", "value");
        pair.awaitLeads(pair.b);

        JsonNode state = json(pair.a).orElseThrow();
        assertThat(state.path("health").asText()).as(state.toString()).isEqualTo("journal-failed");
        assertThat(state.path("next").asText()).contains("No space left", "Free space");
        write(pair.b, "meanwhile", 5);
        disk.empty();
        awaitWhole();
        assertThat(pair.last(pair.b)).isBetween(10L, unsure.isPresent() ? 11L : 10L);
    }

    @Test
    void theFollowersStateFolderIsFull() {
        startWith(NatsServerProcess.configure().start(), NatsServerProcess.configure().start());
        SmallDisk disk = startWithSmallStateFolder(pair.b);

        disk.fill();
        write(pair.a, "unsure", 1);
        pair.await(pair.b, it -> it.health().equals("journal-failed"), "cannot write its journal");
        write(pair.a, "meanwhile", 4);
        pair.await(pair.a, it -> it.leads() && it.alone(), "goes on alone");

        disk.empty();
        awaitWhole();
        assertThat(pair.last(pair.b)).isEqualTo(pair.last(pair.a)).isEqualTo(10);
    }

    /// The follower finds out only by the grant.
    @Test
    void aLeaderKeepsTheLeadThatItsFollowerCannotJournal() {
        startWith(NatsServerProcess.configure().start(), NatsServerProcess.configure().start());
        SmallDisk disk = startWithSmallStateFolder(pair.b);
        // What it has to journal before the grant would tell it first.
        Await.await("both journals", BOUND, () -> haveJournalledAll(disk));
        disk.fill();

        AgentProcess stepdown = stepDown(pair.a);

        assertThat(stepdown.awaitExit()).as(stepdown.log()).isEqualTo(ExitCode.REFUSED.number());
        assertThat(stepdown.log()).contains("the follower waits, and did not take it");
        write(pair.a, "meanwhile", 5);
        disk.empty();
        awaitWhole();
        assertThat(pair.last(pair.b)).isEqualTo(pair.last(pair.a)).isEqualTo(10);
        assertHandsOver(pair.a);
        pair.awaitLeads(pair.b);
    }
}
