package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteHistoryTest {

    private static final long LARGE = 1 << 20;

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("writes.log");
    }

    @Test
    void acceptedWritesAreReadBackInOrder() throws IOException {
        try (WriteLog log = new WriteLog(file(), LARGE)) {
            log.leader("a", 1);
            log.accepted(1, 7, 10, 100, 200, 0xabcL);
            log.accepted(2, 8, 11, 300, 400, -1L);
        }

        assertThat(WriteHistory.read(file()).writes())
                .containsExactly(
                        new Accepted(1, 7, 10, 0, 100, 200, 0xabcL),
                        new Accepted(2, 8, 11, 0, 300, 400, -1L));
    }

    @Test
    void termsOfOneNodeThatFollowEachOtherAreOneReign() throws IOException {
        try (WriteLog log = new WriteLog(file(), LARGE)) {
            log.leader("a", 1);
            log.accepted(1, 0, 5, 0, 1, 0);
            log.leader("a", 2);
            log.committed(5);
            log.leader("b", 3);
            log.accepted(2, 1, 6, 2, 3, 0);
        }
        WriteHistory history = WriteHistory.read(file());

        assertThat(history.reigns()).extracting(WriteHistory.Reign::node).containsExactly("a", "b");
        assertThat(history.wasCommitted(history.writes().getFirst())).isTrue();
        assertThat(history.wasCommitted(history.writes().getLast())).isFalse();
        assertThat(history.isOfPresentReign(history.writes().getFirst())).isFalse();
        assertThat(history.isOfPresentReign(history.writes().getLast())).isTrue();
    }

    @Test
    void halfALineAtTheEndIsNoWriteAndDoesNotSpoilTheNext() throws IOException {
        try (WriteLog log = new WriteLog(file(), LARGE)) {
            log.leader("a", 1);
            log.accepted(1, 0, 1, 0, 1, 0);
        }
        Files.writeString(file(), "ok 2 0 2 3", StandardOpenOption.APPEND);
        assertThat(WriteHistory.read(file()).writes()).hasSize(1);

        try (WriteLog log = new WriteLog(file(), LARGE)) {
            log.leader("a", 1);
            log.accepted(3, 0, 3, 0, 1, 0);
        }

        assertThat(WriteHistory.read(file()).writes())
                .extracting(Accepted::number)
                .containsExactly(1L, 3L);
    }

    @Test
    void aWriterThatStartsAgainIsSeen() throws IOException {
        new WriteLog(file(), LARGE).close();
        try (WriteLog log = new WriteLog(file(), LARGE)) {
            log.leader("a", 1);
            log.accepted(1, 0, 1, 0, 1, 0);
        }
        new WriteLog(file(), LARGE).close();

        assertThat(WriteHistory.read(file()).starts()).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aLargeLogIsRolledWithoutLosingCount() throws IOException {
        long writes = 2_000;
        try (WriteLog log = new WriteLog(file(), 4_000)) {
            log.leader("a", 1);
            for (long number = 1; number <= writes; number++) {
                log.accepted(number, 0, number, 0, 1, 0);
            }
        }
        WriteHistory history = WriteHistory.read(file());

        assertThat(history.total()).isEqualTo(writes);
        assertThat(history.forgotten()).isPositive();
        assertThat(history.writes().getLast())
                .isEqualTo(new Accepted(writes, 0, writes, 0, 0, 1, 0));
        assertThat(Files.size(file())).isLessThan(5_000);
    }
}
