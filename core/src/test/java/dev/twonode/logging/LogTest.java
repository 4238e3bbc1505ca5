package dev.twonode.logging;

import static dev.twonode.logging.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {

    private static final Log LOG = Log.of(LogTest.class);

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Logger root = Logger.getLogger("");
    private Handler[] before = {};
    private Level levelBefore = Level.INFO;

    @BeforeEach
    void install() {
        before = root.getHandlers();
        levelBefore = root.getLevel();
        install(LogLevel.INFO);
    }

    @AfterEach
    void restore() {
        LogSetup.uninstall();
        Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
        Arrays.stream(before).forEach(root::addHandler);
        root.setLevel(levelBefore);
    }

    @Test
    void fieldsComeAfterTheMessage() {
        LOG.info("Following->Leading {0} {", field("term", 7), field("reason", "peer silent"));
        LOG.warn("slow", Log.milliseconds("took", Duration.ofSeconds(2)));
        LOG.error("broken", new IllegalStateException("gone"), field("x", 1));

        assertThat(lines().get(0))
                .isEqualTo(
                        "level=info msg=\"Following->Leading {0} {\" node=a term=7"
                                + " reason=\"peer silent\" logger=logging.LogTest");
        assertThat(lines().get(1))
                .isEqualTo("level=warn msg=slow node=a took=2000 logger=logging.LogTest");
        assertThat(lines().get(2)).startsWith("level=error msg=broken node=a x=1").contains("gone");
        assertThat(lines()).hasSize(3);
    }

    @Test
    void fieldsAreInTheTextOfAProcessThatWasNotSetUp() {
        LogSetup.uninstall();
        LOG.info("braces {0} {", field("term", 7));
        LOG.debug("unseen");
        LOG.error("broken", new IllegalStateException("gone"));

        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst())
                .isEqualTo("level=info msg=\"braces {0} { term=7\" node=a logger=logging.LogTest");
        assertThat(lines().getLast()).contains("cause=").contains("gone");
    }

    @Test
    void levelsBelowTheLeastAreNotLogged() {
        LOG.debug("unseen");
        assertThat(lines()).isEmpty();

        install(LogLevel.DEBUG);
        LOG.debug("seen");
        assertThat(lines()).containsExactly("level=debug msg=seen node=a logger=logging.LogTest");

        install(LogLevel.ERROR);
        LOG.warn("unseen");
        assertThat(lines()).hasSize(1);
    }

    @Test
    void linesOfOthersComeOutTheSameWay() {
        System.getLogger("other").log(System.Logger.Level.WARNING, "a {0}", "b");
        Logger.getLogger("jul").log(Level.SEVERE, "broken {", new Object[] {1, 2});
        Logger.getLogger("io.nats.client").info("what we say ourselves");
        Logger.getLogger("io.nats.client").warning("what we do not");

        assertThat(lines())
                .containsExactly(
                        "level=warn msg=\"a b\" node=a logger=other",
                        "level=error msg=\"broken {\" node=a logger=jul",
                        "level=warn msg=\"what we do not\" node=a logger=io.nats.client");
    }

    @Test
    void repeatedWarningIsToldOncePerInterval() {
        RateLimit limit = new RateLimit(Duration.ofHours(1));
        LOG.warnRarely(limit, "disk", "disk full", field("left", 0));
        LOG.warnRarely(limit, "disk", "disk full", field("left", 0));
        assertThat(lines()).hasSize(1);

        RateLimit always = new RateLimit(Duration.ofNanos(-1));
        LOG.warnRarely(always, "x", "y");
        LOG.warnRarely(always, "x", "y");
        assertThat(lines()).hasSize(3).last().asString().doesNotContain("withheld");
    }

    @Test
    void warningTellsHowManyWereLeftOut() {
        long[] now = {0};
        RateLimit limit = new RateLimit(Duration.ofNanos(10), () -> now[0]);
        LOG.warnRarely(limit, "x", "y");
        LOG.warnRarely(limit, "x", "y");
        now[0] = 10;
        LOG.warnRarely(limit, "x", "y", field("a", 1));

        assertThat(lines().getLast())
                .isEqualTo("level=warn msg=y node=a a=1 withheld=1 logger=logging.LogTest");
    }

    @Test
    void linesGoOnAfterTheLoggingOfTheRuntimeHasStopped() {
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
            handler.close();
        }
        LOG.info("last words");
        LOG.debug("not wanted before either");

        assertThat(lines())
                .containsExactly("level=info msg=\"last words\" node=a logger=logging.LogTest");
    }

    @Test
    void lineIsWrittenInOneCall() {
        int[] calls = {0};
        LogSetup.install(
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int from, int length) {
                        calls[0]++;
                    }
                },
                style(),
                LogLevel.INFO);
        LOG.info("one");
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void brokenStandardErrorHarmsNobody() {
        LogSetup.install(
                new ByteArrayOutputStream() {
                    @Override
                    public void write(byte[] bytes) throws IOException {
                        throw new IOException("closed");
                    }
                },
                style(),
                LogLevel.INFO);
        LOG.info("nobody hears this");
        assertThat(lines()).isEmpty();
    }

    @Test
    void formatFollowsTheTerminalUnlessNamed() {
        assertThat(LogSetup.decide(LogFormat.AUTO, true)).isEqualTo(LogFormat.PLAIN);
        assertThat(LogSetup.decide(LogFormat.AUTO, false)).isEqualTo(LogFormat.LOGFMT);
        assertThat(LogSetup.decide(LogFormat.JSON, true)).isEqualTo(LogFormat.JSON);
    }

    @Test
    void journalIsKnownByTheStreamItNames(@TempDir Path folder) throws IOException {
        Path stream = Files.writeString(folder.resolve("stream"), "");
        String id =
                Files.getAttribute(stream, "unix:dev")
                        + ":"
                        + Files.getAttribute(stream, "unix:ino");

        assertThat(LogSetup.isJournal(Map.of("JOURNAL_STREAM", id), stream)).isTrue();
        assertThat(LogSetup.isJournal(Map.of("JOURNAL_STREAM", id + "0"), stream)).isFalse();
        assertThat(LogSetup.isJournal(Map.of(), stream)).isFalse();
        assertThat(LogSetup.isJournal(Map.of("JOURNAL_STREAM", id), folder.resolve("none")))
                .isFalse();
    }

    private void install(LogLevel least) {
        LogSetup.install(output, style(), least);
    }

    private static LineStyle style() {
        return new LineStyle(LogFormat.LOGFMT, true, List.of(field("node", "a")), ZoneOffset.UTC);
    }

    /// The lines so far, less their priority.
    private List<String> lines() {
        return output.toString(StandardCharsets.UTF_8).lines().map(l -> l.substring(3)).toList();
    }
}
