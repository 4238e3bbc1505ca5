package dev.twonode.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `twonode status -w` on a terminal, started by the real launcher.
final class ScreenIT {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Path LAUNCHER = Path.of("target/twonode/bin/twonode").toAbsolutePath();
    private static final String OTHER_SCREEN = "\u001b[?1049h";
    private static final String OWN_SCREEN = "\u001b[?1049l";
    private static final String CURSOR = "\u001b[?25h";
    private static final String HOME = "\u001b[H";
    private static final String KEYS = "q quit";
    private static final String CTRL_C = "\u0003";

    private final PretendedServers servers;
    private final Pty terminal;
    private String settings = "";

    ScreenIT(@TempDir Path folder) throws IOException {
        servers = PretendedServers.start(folder);
        terminal = new Pty(100, 20);
    }

    @BeforeEach
    void settingsOfTheTerminal() throws IOException {
        settings = terminal.answerTo("stty -a");
        assertThat(settings).contains("rows 20; columns 100");
    }

    @AfterEach
    void closeAll() {
        terminal.close();
        servers.close();
    }

    @Test
    void drawsOnAScreenOfItsOwnAndFollowsTheSize() throws Exception {
        watch();
        assertThat(terminal.news()).contains(OTHER_SCREEN);
        assertThat(text(terminal.news())).contains("bucket kine", "Node", "Server", "✓ a leads");
        assertThat(text(terminal.news())).contains("│ Node").doesNotContain("\u001b(0");

        terminal.resize(60, 12);
        // What was seen anew just before is still painted in the old size.
        Await.await(
                "the narrow table is painted",
                BOUND,
                () -> {
                    String painted = lastPainting();
                    return painted.contains(KEYS)
                            && painted.contains("Node")
                            && !painted.contains("Server");
                });
    }

    private String lastPainting() {
        String all = terminal.news();
        return text(all.substring(Math.max(0, all.lastIndexOf(HOME))));
    }

    @Test
    void theKeyQEndsItAndLeavesTheTerminalAsItWas() throws Exception {
        watch();
        terminal.key("q");

        assertEndedWith(0);
    }

    @Test
    void ctrlCEndsItAndLeavesTheTerminalAsItWas() throws Exception {
        watch();
        terminal.key(CTRL_C);

        assertEndedWith(130);
    }

    /// The kernel sends the signal first and only then throws away, on a busy machine perhaps what
    /// leaves the screen.
    @Test
    void ctrlCThrowsNothingAwayThatIsOnItsWayToTheTerminal() throws Exception {
        watch();

        assertThat(terminal.settings()).contains("isig", "noflsh");
    }

    @Test
    void sigtermEndsItAndLeavesTheTerminalAsItWas() throws Exception {
        watch();
        terminal.forget();
        assertThat(terminal.children()).isNotEmpty().allMatch(ProcessHandle::destroy);

        assertEndedWith(143);
    }

    @Test
    void aTerminalWithoutAScreenGetsLines() throws Exception {
        terminal.type("TERM=dumb " + LAUNCHER + " status -w -s " + servers.addresses());
        terminal.awaitOutput("a: leader in-sync");

        assertThat(terminal.news()).doesNotContain("\u001b", KEYS);
    }

    /// What is written, without where and in what colour.
    private static String text(String output) {
        return output.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "");
    }

    private void watch() throws IOException {
        terminal.type(LAUNCHER + " status -w -s " + servers.addresses());
        terminal.awaitOutput("✓ a leads");
        terminal.awaitOutput(KEYS);
    }

    private void assertEndedWith(int code) throws IOException {
        terminal.awaitOutput(OWN_SCREEN);
        terminal.awaitOutput("> ");
        assertThat(terminal.news()).contains(CURSOR).doesNotContain("Exception");
        terminal.type("printf 'code%s\\n' \" $?.\"");
        terminal.awaitOutput("code " + code + ".");
        assertThat(terminal.answerTo("stty -a")).isEqualTo(settings);
    }
}
