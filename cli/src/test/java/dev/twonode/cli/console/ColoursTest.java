package dev.twonode.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColoursTest {

    @Test
    void terminalGetsColoursAndAPipeDoesNot() {
        assertThat(Colours.AUTO.on(Map.of(), true)).isTrue();
        assertThat(Colours.AUTO.on(Map.of(), false)).isFalse();
    }

    @Test
    void flagBeatsEverything() {
        assertThat(Colours.ALWAYS.on(Map.of("NO_COLOR", "1", "TERM", "dumb"), false)).isTrue();
        assertThat(Colours.NEVER.on(Map.of("FORCE_COLOR", "1"), true)).isFalse();
    }

    @Test
    void noColorBeatsForceColor() {
        assertThat(Colours.AUTO.on(Map.of("NO_COLOR", "1", "FORCE_COLOR", "1"), true)).isFalse();
    }

    @Test
    void emptyNoColorIsAsIfUnset() {
        assertThat(Colours.AUTO.on(Map.of("NO_COLOR", ""), true)).isTrue();
    }

    @Test
    void forcedColoursReachAPipeAndADumbTerminal() {
        assertThat(Colours.AUTO.on(Map.of("FORCE_COLOR", "1"), false)).isTrue();
        assertThat(Colours.AUTO.on(Map.of("CLICOLOR_FORCE", "1", "TERM", "dumb"), true)).isTrue();
    }

    @Test
    void forceOfZeroForcesNothing() {
        assertThat(Colours.AUTO.on(Map.of("FORCE_COLOR", "0"), false)).isFalse();
    }

    @Test
    void dumbTerminalGetsNone() {
        assertThat(Colours.AUTO.on(Map.of("TERM", "dumb"), true)).isFalse();
    }
}
