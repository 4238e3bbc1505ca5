package dev.twonode.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What the process sees of its machine, as far as settings depend on it.
///
/// @param environment the environment variables
/// @param home the user's home folder
/// @param systemConfig the machine's configuration file
/// @param hostName the machine's name
/// @param isRoot whether the process runs as root
public record Surroundings(
        Map<String, String> environment,
        Path home,
        Path systemConfig,
        String hostName,
        boolean isRoot) {

    private static final Path SYSTEM_CONFIG = Path.of("/etc/twonode/config.yaml");
    private static final Path SYSTEM_STATE = Path.of("/var/lib/twonode");

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /// Those of this process.
    public static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Surroundings(
                environment,
                Path.of(System.getProperty("user.home", "/")),
                SYSTEM_CONFIG,
                readHostName(environment),
                "root".equals(System.getProperty("user.name")));
    }

    /// The user's configuration file, whether or not it exists.
    public Path userConfig() {
        return configHome().resolve("twonode").resolve("config.yaml");
    }

    /// The folder with the contexts of the `nats` command.
    public Path natsFolder() {
        return configHome().resolve("nats");
    }

    /// The state folder when nobody names one.
    public Path stateDir() {
        String fromSystemd = environment.getOrDefault("STATE_DIRECTORY", "");
        if (!fromSystemd.isEmpty()) {
            return Path.of(fromSystemd.split(":", 2)[0]);
        }
        if (isRoot) {
            return SYSTEM_STATE;
        }
        return xdg("XDG_STATE_HOME", home.resolve(".local/state")).resolve("twonode");
    }

    private Path configHome() {
        return xdg("XDG_CONFIG_HOME", home.resolve(".config"));
    }

    /// The XDG specification wants relative paths ignored.
    private Path xdg(String variable, Path otherwise) {
        Path named = Path.of(environment.getOrDefault(variable, ""));
        return named.isAbsolute() ? named : otherwise;
    }

    /// The kernel's answer costs no name server, unlike the runtime's.
    private static String readHostName(Map<String, String> environment) {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return environment.getOrDefault("HOSTNAME", "");
        }
    }
}
