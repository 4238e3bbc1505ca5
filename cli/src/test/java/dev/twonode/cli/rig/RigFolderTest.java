package dev.twonode.cli.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RigFolderTest {

    @TempDir Path temp;

    private RigFolder folder() {
        return new RigFolder(temp.resolve("demo"));
    }

    @Test
    void nothingIsReadBeforeAnythingWasWritten() {
        assertThat(folder().read()).isEmpty();
    }

    @Test
    void whatWasWrittenIsReadBack() {
        RigState fresh = RigState.fresh(4222, 4223);
        RigState state =
                fresh.with(
                                fresh.node("a")
                                        .withServer(new ProcessTag(12, "boot/34"))
                                        .withAgent(new ProcessTag(13, "boot/35")))
                        .with(fresh.node("b").killedAs("follower"))
                        .withLeader("b")
                        .withWriter(new ProcessTag(14, "boot/36"))
                        .with(
                                fresh.node("b")
                                        .killedAs("follower")
                                        .withPorts(new RigState.Ports(4240, 2379, 6443, 10257))
                                        .withBeside("kine", new ProcessTag(15, "boot/37")))
                        .with(Kubernetes.APISERVER)
                        .on(Ground.COMPOSE);

        folder().write(state);

        assertThat(folder().read()).contains(state);
    }

    @Test
    void whatANodeKeepsOnAnotherDiskIsRemovedToo() throws IOException {
        folder().write(RigState.fresh(1, 2));
        Path disk = Files.createDirectories(temp.resolve("disk"));
        Path theirs = Files.createFile(disk.resolve("of somebody else"));
        Path moved = Files.createDirectories(disk.resolve("b"));
        Files.createFile(moved.resolve("server.log"));
        Files.createSymbolicLink(folder().of("b"), moved);

        folder().delete();

        assertThat(folder().root()).doesNotExist();
        assertThat(disk).isDirectoryContaining(theirs::equals);
        assertThat(moved).doesNotExist();
    }

    @Test
    void aFolderOfSomebodyElseIsNotTaken() throws IOException {
        Path theirs = Files.createDirectories(folder().root().resolve("a"));

        assertThatThrownBy(() -> folder().tryLock())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is not used for the demo");
        assertThat(folder().root()).isDirectoryContaining(theirs::equals);

        folder().write(RigState.fresh(1, 2));
        folder().tryLock().orElseThrow().close();
    }

    @Test
    void whatRunsBesideANodeIsAmongWhatRuns() {
        ProcessTag self = ProcessTag.of(ProcessHandle.current().pid()).orElseThrow();
        RigState state = RigState.fresh(1, 2);

        RigState beside = state.with(state.node("a").withBeside("kine", self));

        assertThat(beside.running()).containsExactly(self);
        assertThat(beside.node("a").aliveBeside("kine")).contains(self);
        assertThat(beside.node("a").aliveBeside("k3s")).isEmpty();
        assertThat(beside.node("a").isUp()).isFalse();
        assertThat(beside.with(beside.node("a").withNothing()).running()).isEmpty();
    }

    @Test
    void aStateThatNamesNoGroundIsOfProcesses() throws IOException {
        folder().write(RigState.fresh(1, 2));
        Path file = folder().root().resolve("rig.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst(",\\s*\"ground\" : \"local\"", ""));

        assertThat(Files.readString(file)).doesNotContain("ground");
        assertThat(folder().read().orElseThrow().ground()).isEqualTo(Ground.LOCAL);
    }

    @Test
    void aStateOfANewerVersionIsRefused() throws IOException {
        folder().write(RigState.fresh(1, 2));
        Path file = folder().root().resolve("rig.json");
        Files.writeString(file, Files.readString(file).replace("\"schema\" : 1", "\"schema\" : 2"));

        assertThatThrownBy(() -> folder().read())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("rig.json");
    }

    @Test
    void aDamagedStateIsRefused() throws IOException {
        folder().write(RigState.fresh(1, 2));
        Files.writeString(folder().root().resolve("rig.json"), "{");

        assertThatThrownBy(() -> folder().read()).isInstanceOf(Failure.class);
    }

    @Test
    void deletingLeavesNothingOfTheRig() throws IOException {
        folder().write(RigState.fresh(1, 2));
        Files.createDirectories(folder().of("a").resolve("store/deep"));

        folder().delete();

        assertThat(folder().root()).doesNotExist();
    }

    @Test
    void aFileOfSomebodyElseIsNotDeleted() throws IOException {
        folder().write(RigState.fresh(1, 2));
        Path mine = Files.writeString(folder().root().resolve("mine.txt"), "x");

        folder().delete();

        assertThat(mine).exists();
        assertThat(folder().root().resolve("rig.json")).doesNotExist();
    }

    @Test
    void aFolderThatIsNoRigsIsNotDeleted() throws IOException {
        Files.createDirectories(folder().of("a"));

        assertThatThrownBy(() -> folder().delete()).isInstanceOf(Failure.class);
        assertThat(folder().of("a")).exists();
    }
}
