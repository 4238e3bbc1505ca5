package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.twonode.node.EventLog.Entry;
import dev.twonode.node.EventLog.History;
import dev.twonode.protocol.NodeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {

    @TempDir Path folder;
    private EventLog log;

    @BeforeEach
    void open() {
        log = new EventLog(folder, 2_000);
    }

    @Test
    void nodeThatNeverRanHasNoHistory() throws Exception {
        log.force();

        assertThat(read()).isEqualTo(new History(List.of(), 0));
    }

    @Test
    void transitionsAreReadBackOldestFirst() throws Exception {
        log.append(entry(1));
        log.append(entry(2));
        log.append(entry(3));

        assertThat(read().entries()).containsExactly(entry(1), entry(2), entry(3));
        assertThat(read().last(2)).containsExactly(entry(2), entry(3));
        assertThat(read().last(9)).hasSize(3);
        assertThat(read().damaged()).isZero();
    }

    @Test
    void lineIsOneJsonObjectWithFieldsInOrder() throws Exception {
        log.append(entry(7));

        assertThat(current())
                .content()
                .isEqualTo(
                        "{\"time\":\"2026-11-23T07:00:07Z\",\"node\":\"a\",\"term\":7,"
                                + "\"from\":\"Following\",\"to\":\"Leading\","
                                + "\"reason\":\"peer \\\"silent\\\"\\nfor 1.5 s\"}\n");
    }

    @Test
    void damagedLinesAreCountedAndPassedOver() throws Exception {
        log.append(entry(1));
        add("nonsense\n\n{}\n[1]\n{\"time\":\"never\",\"node\":\"a\",\"term\":1,\"to\":\"x\"}\n");
        add("{\"time\":\"2026-11-23T07:00:07Z\",\"node\":\"a b\",\"term\":1,\"to\":\"x\"}\n");
        Files.write(current(), new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);
        log.append(entry(2));

        assertThat(read().entries()).containsExactly(entry(1), entry(2));
        assertThat(read().damaged()).isEqualTo(6);
    }

    @Test
    void lineCutShortByACrashSpoilsNoOther() throws Exception {
        log.append(entry(1));
        log.append(entry(2));
        String text = Files.readString(current());
        Files.writeString(current(), text.substring(0, text.length() - 5));
        log.append(entry(3));

        assertThat(read().entries()).containsExactly(entry(1), entry(3));
        assertThat(read().damaged()).isEqualTo(1);
    }

    @Test
    void sizeIsBoundedAndTheNewestAreKept() throws Exception {
        for (int i = 1; i <= 200; i++) {
            log.append(entry(i));
        }

        assertThat(Files.size(current())).isLessThan(2_200);
        assertThat(Files.size(folder.resolve(EventLog.OLDER))).isBetween(2_000L, 2_200L);
        History history = read();
        assertThat(history.entries()).hasSizeBetween(15, 40);
        assertThat(history.last(1)).containsExactly(entry(200));
        assertThat(history.entries().getFirst().term()).isEqualTo(201L - history.entries().size());
    }

    @Test
    void fullDiskIsReportedAndLaterTransitionsAreKept() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        Files.createSymbolicLink(current(), Path.of("/dev/full"));
        StateFolderException refusal =
                catchThrowableOfType(StateFolderException.class, () -> log.append(entry(1)));
        assertThat(refusal).hasMessageContaining("No space left").hasMessageContaining("Free");

        Files.delete(current());
        log.append(entry(2));
        assertThat(read().entries()).containsExactly(entry(2));
    }

    @Test
    void fileThatCannotBeReadIsAnError() throws Exception {
        Files.createDirectory(current());
        assertThat(catchThrowableOfType(StateFolderException.class, this::read).kind())
                .isEqualTo(StateFolderException.Kind.UNUSABLE);
    }

    private History read() throws StateFolderException {
        return EventLog.read(folder);
    }

    private Path current() {
        return folder.resolve(EventLog.CURRENT);
    }

    private void add(String text) throws Exception {
        Files.writeString(current(), text, StandardOpenOption.APPEND);
    }

    private static Entry entry(long term) {
        return new Entry(
                Instant.parse("2026-11-23T07:00:00Z").plusSeconds(term),
                new NodeName("a"),
                term,
                "Following",
                "Leading",
                "peer \"silent\"\nfor 1.5 s");
    }
}
