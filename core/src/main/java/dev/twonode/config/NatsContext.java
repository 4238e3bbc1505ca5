package dev.twonode.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the contexts of the `nats` command (NATS ADR-21). Keys that are not known here are passed
/// over, as the record wants it.
public final class NatsContext {

    private static final Map<String, Setting> KEYS =
            Map.ofEntries(
                    Map.entry("url", Setting.SERVER),
                    Map.entry("user", Setting.USER),
                    Map.entry("password", Setting.PASSWORD),
                    Map.entry("token", Setting.TOKEN),
                    Map.entry("creds", Setting.CREDS),
                    Map.entry("nkey", Setting.NKEY),
                    Map.entry("cert", Setting.TLSCERT),
                    Map.entry("key", Setting.TLSKEY),
                    Map.entry("ca", Setting.TLSCA),
                    Map.entry("tls_first", Setting.TLSFIRST),
                    Map.entry("inbox_prefix", Setting.INBOX_PREFIX));

    private static final List<String> UNSUPPORTED = List.of("nsc", "user_jwt", "user_seed");

    private NatsContext() {}

    /// The name of the context that `nats context select` chose.
    public static Optional<String> selected(Surroundings around) {
        try {
            String name = Files.readString(around.natsFolder().resolve("context.txt")).strip();
            return name.isEmpty() ? Optional.empty() : Optional.of(name);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The names of all contexts, sorted.
    public static List<String> names(Surroundings around) {
        try (var files = Files.list(around.natsFolder().resolve("context"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".json"))
                    .map(n -> n.substring(0, n.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The settings of a context, by its name or the path of its file; what is wrong with it is
    /// added to `problems`.
    static Map<Setting, SettingValue> read(
            String name, Surroundings around, List<String> problems) {
        boolean isPath = name.contains("/");
        Path file;
        try {
            file = isPath ? Path.of(name).toAbsolutePath().normalize() : named(name, around);
        } catch (InvalidPathException e) {
            problems.add("the NATS context '" + name + "' is not a path");
            return Map.of();
        }
        if (!isPath && !Files.exists(file)) {
            problems.add(
                    "there is no NATS context '%s'%s; 'nats context ls' lists them"
                            .formatted(name, NearestWord.hint(name, names(around))));
            return Map.of();
        }
        try {
            return values(file, new ObjectMapper().readTree(Files.readString(file)), problems);
        } catch (JacksonException e) {
            problems.add("the NATS context " + file + " is not valid JSON");
        } catch (IOException e) {
            problems.add("cannot read the NATS context " + Unreadable.why(file, e));
        }
        return Map.of();
    }

    private static Path named(String name, Surroundings around) {
        return around.natsFolder().resolve("context").resolve(name + ".json");
    }

    private static Map<Setting, SettingValue> values(
            Path file, JsonNode root, List<String> problems) {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        KEYS.forEach((key, setting) -> {
            String text = root.path(key).asText("");
            if (!text.isBlank()) {
                Origin origin = new Origin.Context(file, key);
                values.put(setting, new SettingValue(setting, text, origin));
            }
        });
        for (String key : UNSUPPORTED) {
            if (!root.path(key).asText("").isBlank()) {
                problems.add(
                        ("the NATS context %s uses '%s', which twonode does not: put the"
                                        + " credentials into a file and name it as 'creds'")
                                .formatted(file, key));
            }
        }
        return values;
    }
}
