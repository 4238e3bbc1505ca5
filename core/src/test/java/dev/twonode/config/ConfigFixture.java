package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A machine with its own environment, home folder and configuration files, and an agent to be
/// started on it.
final class ConfigFixture {

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
    private String hostName = "edge-1.example.org";

    ConfigFixture(Path folder) {
        this.folder = folder;
    }

    /// With the one flag that has no default.
    ConfigFixture withPeer() {
        return flag(Setting.PEER_URL, "nats://other:4222");
    }

    ConfigFixture flag(Setting setting, String text) {
        flags.put(setting, text);
        return this;
    }

    ConfigFixture variable(String name, String text) {
        environment.put(name, text);
        return this;
    }

    ConfigFixture hostName(String name) {
        hostName = name;
        return this;
    }

    ConfigFixture userFile(String yaml) {
        write(around().userConfig(), yaml);
        return this;
    }

    ConfigFixture systemFile(String yaml) {
        write(around().systemConfig(), yaml);
        return this;
    }

    ConfigFixture natsContext(String name, String json) {
        write(around().natsFolder().resolve("context").resolve(name + ".json"), json);
        return this;
    }

    ConfigFixture selectedContext(String name) {
        write(around().natsFolder().resolve("context.txt"), name);
        return this;
    }

    /// A file of the user's, as an absolute path.
    String file(String name, String content) {
        Path file = folder.resolve(name);
        write(file, content);
        return file.toString();
    }

    Surroundings around() {
        return new Surroundings(
                environment,
                folder.resolve("home"),
                folder.resolve("etc/config.yaml"),
                hostName,
                false);
    }

    LoadedConfig load() {
        try {
            return ConfigLoader.load(flags, around());
        } catch (ConfigException e) {
            throw new AssertionError("refused: " + e.problems(), e);
        }
    }

    Config config() {
        return load().config();
    }

    ConnectionSettings connection() {
        try {
            return ConfigLoader.loadConnection(flags, around());
        } catch (ConfigException e) {
            throw new AssertionError("refused: " + e.problems(), e);
        }
    }

    List<String> problems() {
        ConfigException refusal =
                catchThrowableOfType(
                        ConfigException.class, () -> ConfigLoader.load(flags, around()));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.problems();
    }

    String onlyProblem() {
        List<String> problems = problems();
        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    private static void write(Path file, String content) {
        try {
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
