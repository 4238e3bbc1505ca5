package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.node.StateFolderException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

    @TempDir Path temp;

    @Test
    void missingFolderIsCreatedForItsOwnerOnly() throws Exception {
        Path path = temp.resolve("var/lib/twonode");
        try (StateFolder folder = StateFolder.open(path)) {
            assertThat(folder.path()).isEqualTo(path.toRealPath());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder.resolve("LOCK"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void existingFolderKeepsItsPermissions() throws Exception {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-x---"));
        try (StateFolder folder = StateFolder.open(temp)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                    .isEqualTo("rwxr-x---");
        }
    }

    @Test
    void aCheckOfWhatCanBeUsedLeavesNothingBehind() throws Exception {
        StateFolder.check(temp.resolve("var/lib/twonode"));
        StateFolder.check(temp);

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aCheckOfAFolderInUsePassesAndTheHoldStays() throws Exception {
        try (StateFolder held = StateFolder.open(temp)) {
            StateFolder.check(temp);
            assertThat(refusal(temp).kind()).isEqualTo(Kind.IN_USE);
            assertThat(held.resolve("LOCK")).isNotEmptyFile();
        }
    }

    @Test
    void aCheckSaysWhatAnAgentWouldSay() throws Exception {
        Files.writeString(temp.resolve("file"), "");
        for (Path path : List.of(temp.resolve("file/state"), Path.of("/proc/twonode"))) {
            StateFolderException checked =
                    catchThrowableOfType(StateFolderException.class, () -> StateFolder.check(path));

            assertThat(checked).hasMessage(refusal(path).getMessage());
            assertThat(checked.kind()).isEqualTo(Kind.UNUSABLE);
        }
        assertThat(temp.resolve("file")).isRegularFile();
    }

    @Test
    void lockSaysWhoHoldsTheFolder() throws Exception {
        try (StateFolder folder = StateFolder.open(temp)) {
            assertThat(folder.resolve("LOCK"))
                    .content()
                    .matches("process " + ProcessHandle.current().pid() + " since \\S+Z\n");
        }
    }

    @Test
    void secondHoldInOneProcessIsRefusedAndDoesNotEndTheFirst() throws Exception {
        StateFolder first = StateFolder.open(temp);
        for (int i = 0; i < 2; i++) {
            StateFolderException refusal = refusal(temp.resolve("../" + temp.getFileName()));
            assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
            assertThat(refusal)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("--state-dir");
        }
        first.close();
        StateFolder.open(temp).close();
    }

    @Test
    void closingTwiceIsHarmless() throws Exception {
        StateFolder first = StateFolder.open(temp);
        first.close();
        try (StateFolder second = StateFolder.open(temp)) {
            first.close();
            assertThat(refusal(second.path()).kind()).isEqualTo(Kind.IN_USE);
        }
    }

    @Test
    void placeWhereNoFolderCanBeIsAClearError() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "x");
        for (Path impossible : new Path[] {file, file.resolve("x/y"), Path.of("/proc/twonode")}) {
            StateFolderException refusal = refusal(impossible);
            assertThat(refusal.kind()).isEqualTo(Kind.UNUSABLE);
            assertThat(refusal)
                    .hasMessageContaining("cannot create the state folder " + impossible)
                    .hasMessageContaining("--state-dir");
        }
    }

    @Test
    void aFileInThePlaceOfTheFolderIsToBeMovedAway() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");

        assertThat(refusal(file))
                .hasMessageContaining("there is a file of that name. Move " + file + " away");
    }

    @Test
    void folderThatCannotBeWrittenIsAClearError() throws Exception {
        // Nobody, not even root, creates files in a process's own folder under /proc.
        StateFolderException refusal = refusal(Path.of("/proc/self"));

        assertThat(refusal.kind()).isEqualTo(Kind.UNUSABLE);
        assertThat(refusal).hasMessageContaining("cannot lock the state folder with /proc/");
    }

    private static StateFolderException refusal(Path path) {
        return catchThrowableOfType(
                StateFolderException.class, () -> StateFolder.open(path).close());
    }
}
