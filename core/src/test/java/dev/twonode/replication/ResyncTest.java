package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.protocol.Action;
import dev.twonode.replication.CopyException.Side;
import dev.twonode.replication.OrphanExport.Acknowledged;
import dev.twonode.simulation.Fault;
import dev.twonode.simulation.FaultPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResyncTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00.5Z");
    private static final OrphanExport.Origin ORIGIN =
            new OrphanExport.Origin("p1", "b", Acknowledged.YES);

    @TempDir Path stateDir;

    private final List<CopyProgress> progress = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private TwoServers servers;
    private LocalSnapshots snapshots;

    @BeforeEach
    void start() throws StoreException {
        servers = new TwoServers(3);
        snapshots = new LocalSnapshots(stateDir, () -> NOW);
    }

    private Resync resync() {
        return resync(UnaryOperator.identity(), snapshots);
    }

    private Resync resync(UnaryOperator<OutputStream> disk) {
        return resync(disk, new LocalSnapshots(stateDir, () -> NOW, disk));
    }

    private Resync resync(UnaryOperator<OutputStream> disk, LocalSnapshots snapshots) {
        return new Resync(
                servers.stores,
                servers.session(),
                new Resync.Folders(new OrphanExports(stateDir, () -> NOW, disk), snapshots),
                progress::add,
                () -> nanos.addAndGet(50_000_000));
    }

    private Verdict.Orphans forked() throws Exception {
        servers.writeToLeader(20);
        servers.copyAll();
        servers.startLeadersTerm();
        servers.writeToOwn(4);
        servers.writeToLeader(6);
        Verdict verdict =
                new Comparison(servers.stores, servers.session(), _ -> {})
                        .compare(servers.ownHistory, servers.leaderHistory, Action.Trust.HISTORIES);
        return (Verdict.Orphans) verdict;
    }

    private Path savedIn(Resync.Prepared prepared) {
        return stateDir.resolve("snapshots").resolve(prepared.snapshots().getFirst());
    }

    private Side failure(Work work) {
        CopyException thrown = catchThrowableOfType(CopyException.class, work::run);
        assertThat(thrown).as("the work should have failed").isNotNull();
        return thrown.side();
    }

    /// What the leader's stream has when its snapshot is opened is not all there when it is taken.
    private void beforeItIsTaken(Change change) {
        boolean[] done = {false};
        servers.leaderStore.setPlan(call -> {
            if (call.equals("leader.chunk") && !done[0]) {
                done[0] = true;
                unchecked(change);
            }
            return Fault.NONE;
        });
    }

    private static void unchecked(Change change) {
        try {
            change.happen();
        } catch (StoreException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private interface Change {
        void happen() throws StoreException;
    }

    private interface Work {
        void run() throws CopyException;
    }

    /// A disk that takes so many bytes and no more.
    private static UnaryOperator<OutputStream> diskOf(int bytes) {
        return file ->
                new OutputStream() {
                    private int left = bytes;

                    @Override
                    public void write(int value) throws IOException {
                        if (--left < 0) {
                            throw new IOException("no space left on device");
                        }
                        file.write(value);
                    }
                };
    }

    @Test
    void preparingDeletesNothing() throws Exception {
        Verdict.Orphans orphans = forked();
        List<StoredMessage> before = servers.own.content();

        Resync.Prepared prepared = resync().prepare(orphans, ORIGIN);

        assertThat(servers.own.content()).isEqualTo(before);
        assertThat(prepared.exports()).hasSize(1);
        assertThat(prepared.snapshots()).isEqualTo(snapshots.names()).hasSize(1);
    }

    @Test
    void preparingAgainWritesNothingTwice() throws Exception {
        Verdict.Orphans orphans = forked();

        Resync.Prepared first = resync().prepare(orphans, ORIGIN);
        Resync.Prepared second = resync().prepare(orphans, ORIGIN);

        assertThat(second).isEqualTo(first);
    }

    @Test
    void anEmptyStreamNeedsNoSaving() throws Exception {
        servers.writeToLeader(3);

        assertThat(resync().prepare().snapshots()).isEmpty();
    }

    @Test
    void theNewStreamIsTheLeadersFencedForTheSession() throws Exception {
        forked();
        Resync resync = resync();
        resync.prepare();
        Instant created = servers.own.facts().orElseThrow().created();

        StreamFacts made = resync.replace();

        servers.assertCopied();
        assertThat(made).isEqualTo(servers.own.facts().orElseThrow());
        assertThat(made.face()).isInstanceOf(Face.Fenced.class);
        assertThat(made.created()).isNotEqualTo(created);
        assertThat(servers.own.content())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(servers.leader.content());
    }

    @Test
    void theSavedStreamStaysUntilItIsForgotten() throws Exception {
        forked();
        resync().prepare();
        resync().replace();

        assertThat(snapshots.names()).hasSize(1);
        resync().forget();
        assertThat(snapshots.names()).isEmpty();
    }

    /// The leader may have lost meanwhile what it had when the streams were compared.
    @Test
    void aSavedStreamStaysWhenTheLeaderHasChangedSinceItWasCompared() throws Exception {
        forked();
        snapshots.compareWith("2/a@21 on first");
        resync().prepare();
        servers.ownStore.delete();
        snapshots.compareWith("3/a@15 on second");
        resync().replace();

        assertThat(resync().forget()).isEqualTo(snapshots.names()).hasSize(1);
    }

    @Test
    void aSavedStreamGoesUnderTheSameLeaderAfterARestartToo() throws Exception {
        forked();
        snapshots.compareWith("2/a@21 on first");
        resync().prepare();
        servers.ownStore.delete();
        snapshots = new LocalSnapshots(stateDir, () -> NOW);
        snapshots.compareWith("2/a@21 on first");
        resync().replace();

        assertThat(resync().forget()).isEmpty();
        assertThat(snapshots.names()).isEmpty();
    }

    @Test
    void aStreamThatIsComparedAgainBeforeItIsReplacedNeedNotStay() throws Exception {
        forked();
        snapshots.compareWith("2/a@21 on first");
        resync().prepare();
        snapshots.compareWith("3/a@15 on second");
        resync().prepare();
        resync().replace();

        assertThat(resync().forget()).isEmpty();
    }

    @Test
    void whatWasSavedWithoutAComparisonStays() throws Exception {
        forked();
        resync().replace();

        assertThat(resync().forget()).hasSize(1);
        assertThat(snapshots.names()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"^.*$, {", "^.*$, []", "\"created\":\"[^\"]*\", \"created\":\"yesterday\""})
    void aSavedStreamThatIsDamagedStaysAndCountsForNothing(String what, String damage)
            throws Exception {
        forked();
        String damaged = resync().prepare().snapshots().getFirst();
        Path facts = stateDir.resolve("snapshots").resolve(damaged).resolve("facts.json");
        Files.writeString(facts, Files.readString(facts).replaceFirst(what, damage));
        snapshots = new LocalSnapshots(stateDir, () -> NOW.plusSeconds(1));

        assertThat(resync().prepare().snapshots()).contains(damaged).hasSize(2);

        resync().replace();
        assertThat(resync().forget()).contains(damaged);
    }

    @Test
    void aSavedStreamHasTheFilesThatNatsKnows() throws Exception {
        forked();
        Path folder = savedIn(resync().prepare());

        assertThat(folder.resolve("backup.json")).isNotEmptyFile();
        assertThat(folder.resolve("stream.arc.s2")).isNotEmptyFile();
    }

    @Test
    void theOldNameOfTheDataIsUsedForOldServers() throws Exception {
        forked();
        servers.own.setVersion("2.14.3");

        assertThat(savedIn(resync().prepare()).resolve("stream.tar.s2")).isNotEmptyFile();
    }

    @Test
    void aFullDiskStopsBeforeAnythingIsDeleted() throws Exception {
        Verdict.Orphans orphans = forked();
        List<StoredMessage> before = servers.own.content();

        for (int room = 0; room < 600; room += 100) {
            Resync resync = resync(diskOf(room));
            assertThat(failure(() -> resync.prepare(orphans, ORIGIN))).isEqualTo(Side.DISK);
            assertThat(failure(resync::prepare)).isEqualTo(Side.DISK);
            assertThat(failure(resync::replace)).isEqualTo(Side.DISK);
        }

        assertThat(servers.own.content()).isEqualTo(before);
        assertThat(snapshots.names()).isEmpty();
        try (var left = Files.list(stateDir.resolve("orphans"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void nothingIsDeletedUnsavedEvenWhenNobodyPrepared() throws Exception {
        forked();

        resync().replace();

        servers.assertCopied();
        assertThat(snapshots.names()).hasSize(1);
    }

    @Test
    void aLeaderThatIsGoneLeavesTheOwnStreamAlone() throws Exception {
        forked();
        resync().prepare();
        List<StoredMessage> before = servers.own.content();
        servers.leader.kill();

        assertThat(failure(() -> resync().replace())).isEqualTo(Side.LEADER);
        assertThat(servers.own.content()).isEqualTo(before);
    }

    @Test
    void aLeaderWithoutAStreamLeavesTheOwnStreamAlone() throws Exception {
        forked();
        servers.leaderStore.delete();

        assertThat(failure(() -> resync().replace())).isEqualTo(Side.LEADER);
        assertThat(servers.own.content()).isNotEmpty();
    }

    @Test
    void aSourceThatBreaksIsTheLeadersFault() throws Exception {
        forked();
        resync().prepare();
        servers.leaderStore.setPlan(
                call -> call.equals("leader.chunk") ? Fault.UNREACHABLE : Fault.NONE);

        assertThat(failure(() -> resync().replace())).isEqualTo(Side.LEADER);
    }

    @Test
    void whatIsPushedOutWhileTheSnapshotIsTakenIsNotMissed() throws Exception {
        servers.writeToLeader(40);
        beforeItIsTaken(() -> servers.writeToLeader(10));

        StreamFacts made = resync().replace();

        assertThat(made.lastSeq()).isEqualTo(40);
        assertThat(servers.own.content()).isNotEmpty();
        assertThat(servers.leader.content().stream().map(StoredMessage::sequence))
                .containsAll(servers.own.content().stream().map(StoredMessage::sequence).toList());
    }

    @Test
    void whatTheLeaderStillHasMayNotBeMissing() throws Exception {
        servers.writeToLeader(40);
        beforeItIsTaken(() -> servers.writeToLeader(10));
        servers.ownStore.setPlan(call -> {
            if (call.equals("own.feed")) {
                unchecked(() -> servers.deleteSome(servers.own, 1));
            }
            return Fault.NONE;
        });

        assertThat(failure(() -> resync().replace())).isEqualTo(Side.OWN);
    }

    @Test
    void aRemainderOfABrokenRestoreIsReplacedWithoutBeingSaved() throws Exception {
        forked();
        resync().prepare();
        servers.leaderStore.setPlan(FaultPlan.nth(6, Fault.UNREACHABLE));
        assertThat(failure(() -> resync().replace())).isEqualTo(Side.LEADER);
        servers.plan(FaultPlan.NONE);

        resync().replace();

        servers.assertCopied();
        assertThat(snapshots.names()).hasSize(1);
    }

    @Test
    void anOldServerGetsTheMessagesOneByOne() throws Exception {
        servers.writeToLeader(50);
        servers.deleteSome(servers.leader, 6);
        servers.own.setVersion("2.12.1");

        StreamFacts made = resync().replace();

        servers.assertCopied();
        assertThat(made.perSubject()).isEqualTo(TwoServers.PER_SUBJECT);
        assertThat(progress).isNotEmpty();
    }

    @Test
    void anEmptyLeaderMakesAnEmptyFollower() throws Exception {
        servers.writeToOwn(3);

        StreamFacts made = resync().replace();

        assertThat(made.isEmpty()).isTrue();
        assertThat(snapshots.names()).hasSize(1);
    }

    @Test
    void theSavedStreamCanBePutBack() throws Exception {
        forked();
        List<StoredMessage> before = servers.own.content();
        StreamFacts facts = servers.ownStore.inspect().orElseThrow();
        Path saved = savedIn(resync().prepare());
        resync().replace();
        servers.ownStore.delete();

        try (Store.Snapshot snapshot =
                new SnapshotFile(
                        facts,
                        Files.readString(saved.resolve("backup.json")),
                        saved.resolve("stream.arc.s2"))) {
            servers.ownStore.restore(snapshot, TwoServers.MARK_B, "x");
        }

        assertThat(servers.own.content())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(before);
    }

    @Test
    void progressEndsWithEverythingDone() throws Exception {
        forked();
        resync().replace();

        CopyProgress last = progress.getLast();
        assertThat(last.phase()).isEqualTo(CopyProgress.Phase.RESYNCING);
        assertThat(last.unit()).isEqualTo(CopyProgress.Unit.BYTES);
        assertThat(last.done()).isPositive();
    }
}
