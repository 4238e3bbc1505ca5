package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read back of what kine's client was told.
class KineHistoryTest {

    private static final long LARGE = 1 << 20;

    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("kine-writes.log");
    }

    @Test
    void whereNothingWasWrittenThereIsNoHistory() throws IOException {
        KineHistory history = KineHistory.read(file());

        assertThat(history.writes()).isEmpty();
        assertThat(history.next()).isEqualTo(1);
        assertThat(history.longestPause(0)).isZero();
    }

    @Test
    void everyLifeOfTheWriterGoesOnWithTheNextNumber() throws IOException {
        try (KineLog log = new KineLog(file(), LARGE)) {
            log.accepted(1, 1, 10, 100, 200);
            log.failed(2);
        }
        assertThat(KineHistory.read(file()).next()).isEqualTo(3);
        try (KineLog log = new KineLog(file(), LARGE)) {
            log.accepted(3, 1, 12, 5_000, 5_100);
            log.gone(2379);
            log.accepted(4, 2, 13, 5_200, 5_350);
        }

        KineHistory history = KineHistory.read(file());

        assertThat(history.writes())
                .extracting(KineHistory.Write::number)
                .containsExactly(1L, 3L, 4L);
        assertThat(history.failed()).containsExactly(2L);
        assertThat(history.next()).isEqualTo(5);
        assertThat(history.lastOfEachKey().values())
                .extracting(KineHistory.Write::revision)
                .containsExactly(12L, 13L);
    }

    @Test
    void aPauseIsTheTimeBetweenTwoAnswersOfOneLife() throws IOException {
        try (KineLog log = new KineLog(file(), LARGE)) {
            log.accepted(1, 0, 1, 0, 1_000);
            log.accepted(2, 1, 2, 1_000, 9_000);
            log.accepted(3, 2, 3, 9_000, 9_500);
        }
        try (KineLog log = new KineLog(file(), LARGE)) {
            log.accepted(4, 3, 4, 99_000, 100_000);
            log.accepted(5, 4, 5, 100_000, 100_700);
        }

        KineHistory history = KineHistory.read(file());

        assertThat(history.longestPause(0)).isEqualTo(8_000);
        assertThat(history.longestPause(9_000)).isEqualTo(700);
        assertThat(history.latency(9_000).getTotalCount()).isEqualTo(3);
    }

    @Test
    void halfALineIsNoWriteAndDoesNotJoinTheNextOne() throws IOException {
        try (KineLog log = new KineLog(file(), LARGE)) {
            log.accepted(1, 0, 1, 0, 1_000);
        }
        Files.writeString(file(), "ok 2 1 2 1000 90", StandardOpenOption.APPEND);
        assertThat(KineHistory.read(file()).writes()).hasSize(1);

        try (KineLog log = new KineLog(file(), LARGE)) {
            log.accepted(3, 2, 3, 9_000, 9_500);
        }

        assertThat(KineHistory.read(file()).writes().getLast().number()).isEqualTo(3);
        assertThat(KineHistory.read(file()).next()).isEqualTo(4);
    }

    @Test
    void aLargeLogIsBegunAnewAndTheOneBeforeStillCounts() throws IOException {
        try (KineLog log = new KineLog(file(), 200)) {
            for (int number = 1; number <= 12; number++) {
                log.accepted(number, number, number, 10L * number, 10L * number + 5);
            }
        }

        KineHistory history = KineHistory.read(file());

        assertThat(Files.size(file())).isLessThan(300);
        assertThat(history.writes().getLast().number()).isEqualTo(12);
        assertThat(history.writes().size()).isGreaterThan(6);
        assertThat(history.longestPause(0)).isEqualTo(10);
    }
}
