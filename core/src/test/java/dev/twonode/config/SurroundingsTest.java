package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SurroundingsTest {

    @Test
    void stateFolderIsTheOneOfSystemdFirst() {
        assertThat(with(Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b"), true).stateDir())
                .isEqualTo(Path.of("/var/lib/a"));
    }

    @Test
    void stateFolderOfRootIsTheMachines() {
        assertThat(with(Map.of("XDG_STATE_HOME", "/x"), true).stateDir())
                .isEqualTo(Path.of("/var/lib/twonode"));
    }

    @Test
    void stateFolderOfAUserFollowsXdg() {
        assertThat(with(Map.of("XDG_STATE_HOME", "/x"), false).stateDir())
                .isEqualTo(Path.of("/x/twonode"));
        assertThat(with(Map.of(), false).stateDir())
                .isEqualTo(Path.of("/home/ann/.local/state/twonode"));
        assertThat(with(Map.of("XDG_STATE_HOME", "relative"), false).stateDir())
                .isEqualTo(Path.of("/home/ann/.local/state/twonode"));
    }

    @Test
    void configurationFoldersFollowXdg() {
        Surroundings around = with(Map.of("XDG_CONFIG_HOME", "/c"), false);

        assertThat(around.userConfig()).isEqualTo(Path.of("/c/twonode/config.yaml"));
        assertThat(around.natsFolder()).isEqualTo(Path.of("/c/nats"));
    }

    @Test
    void thisProcessHasSurroundings() {
        assertThat(Surroundings.ofProcess().hostName()).isNotBlank();
        assertThat(Surroundings.ofProcess().systemConfig())
                .isEqualTo(Path.of("/etc/twonode/config.yaml"));
    }

    private static Surroundings with(Map<String, String> environment, boolean isRoot) {
        return new Surroundings(
                environment, Path.of("/home/ann"), Path.of("/etc/c.yaml"), "edge", isRoot);
    }
}
