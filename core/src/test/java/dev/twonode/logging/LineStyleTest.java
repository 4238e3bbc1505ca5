package dev.twonode.logging;

import static dev.twonode.logging.Field.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LineStyleTest {

    private static final Field[] FIELDS = {
        field("event", "leading"), field("term", 7), field("reason", "peer silent")
    };

    @Test
    void plainIsForPeople() {
        assertThat(style(LogFormat.PLAIN, false).write(line(Level.INFO, "Following->Leading")))
                .isEqualTo(
                        "07:00:00.123 info  Following->Leading node=a event=leading term=7"
                                + " reason=\"peer silent\"\n");
    }

    @Test
    void logfmtIsForPrograms() {
        assertThat(style(LogFormat.LOGFMT, false).write(line(Level.WARNING, "disk \"full\"")))
                .isEqualTo(
                        "time=2026-11-23T07:00:00.123Z level=warn msg=\"disk \\\"full\\\"\" node=a"
                                + " event=leading term=7 reason=\"peer silent\""
                                + " logger=node.NodeDriver\n");
    }

    @Test
    void jsonIsOneObject() throws Exception {
        String text = style(LogFormat.JSON, false).write(line(Level.ERROR, "a\\b\n\"c\"\u0001"));
        JsonNode root = new ObjectMapper().readTree(text);

        assertThat(text).endsWith("}\n").hasLineCount(1);
        assertThat(root.path("time").asText()).isEqualTo("2026-11-23T07:00:00.123Z");
        assertThat(root.path("level").asText()).isEqualTo("error");
        assertThat(root.path("msg").asText()).isEqualTo("a\\b\n\"c\"\u0001");
        assertThat(root.path("node").asText()).isEqualTo("a");
        assertThat(root.path("term").asText()).isEqualTo("7");
        assertThat(root.path("logger").asText()).isEqualTo("node.NodeDriver");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, 3", "WARNING, 4", "INFO, 6", "DEBUG, 7", "TRACE, 7"})
    void journalGetsPrioritiesAndNoTimes(Level level, int priority) {
        assertThat(style(LogFormat.LOGFMT, true).write(line(level, "x")))
                .startsWith("<" + priority + ">level=")
                .doesNotContain("time=");
        assertThat(style(LogFormat.PLAIN, true).write(line(level, "x")))
                .startsWith("<" + priority + ">" + "%-5s x".formatted(word(level)));
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "LOGFMT", "JSON"})
    void noInputMakesASecondLineOrMovesTheCursor(LogFormat format) {
        String nasty = "a\nb\rc\u001b[2Jd\u2028e\u202ef\u0085g";
        LogLine line =
                new LogLine(
                        Instant.EPOCH,
                        Level.INFO,
                        "x",
                        nasty,
                        List.of(field("peer", nasty)),
                        new IllegalStateException(nasty));
        String text = style(format, false).write(line);

        assertThat(text.substring(0, text.length() - 1))
                .matches("[^\\p{Cntrl}\u0085\u2028\u202e]*");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "LOGFMT", "JSON"})
    void stackOfACauseIsInTheLine(LogFormat format) {
        String text = style(format, false).write(line("x", new IllegalStateException("gone")));

        assertThat(text).contains("IllegalStateException: gone").contains("LineStyleTest");
        assertThat(text).hasLineCount(1);
    }

    @Test
    void valuesThatCouldBeMisreadAreQuoted() {
        LogLine line =
                new LogLine(
                        Instant.EPOCH,
                        Level.INFO,
                        "x",
                        "m",
                        List.of(
                                field("a", ""),
                                field("b", "k=v"),
                                field("c", "x:1/2,3"),
                                field("d", "\\")),
                        null);

        assertThat(style(LogFormat.LOGFMT, true).write(line))
                .contains(" a=\"\" b=\"k=v\" c=x:1/2,3 d=\"\\\\\" ");
    }

    @Test
    void autoHasToBeDecidedBefore() {
        assertThatThrownBy(() -> style(LogFormat.AUTO, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String word(Level level) {
        return level == Level.WARNING ? "warn" : level.name().toLowerCase(Locale.ROOT);
    }

    private static LineStyle style(LogFormat format, boolean isJournal) {
        return new LineStyle(format, isJournal, List.of(field("node", "a")), ZoneOffset.UTC);
    }

    private static LogLine line(Level level, String message) {
        return new LogLine(
                Instant.parse("2026-11-23T07:00:00.123456Z"),
                level,
                "dev.twonode.node.NodeDriver",
                message,
                List.of(FIELDS),
                null);
    }

    private static LogLine line(String message, @Nullable Throwable cause) {
        return new LogLine(Instant.EPOCH, Level.INFO, "x", message, List.of(), cause);
    }
}
