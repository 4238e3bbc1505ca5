package dev.twonode.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one YAML file of `flag: value` lines. Strict: what is not understood is a problem with its
/// line, because a setting that is silently ignored is found out at the next failover.
final class ConfigFile {

    private static final long GREATEST_SIZE = 1 << 20;

    private final Path file;
    private final List<String> problems;
    private final Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);

    private ConfigFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /// The settings in a file; what is wrong with it is added to `problems`.
    static Map<Setting, SettingValue> read(Path file, List<String> problems) {
        ConfigFile reader = new ConfigFile(file, problems);
        try {
            if (Files.size(file) > GREATEST_SIZE) {
                problems.add(file + ": larger than 1 MiB, so not a configuration file");
                return Map.of();
            }
            try (JsonParser parser = new YAMLFactory().createParser(Files.readString(file))) {
                reader.readDocument(parser);
            }
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String why = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
            problems.add("%s:%d: not valid YAML: %s".formatted(file, line, why));
        } catch (IOException e) {
            problems.add("cannot read the configuration file " + Unreadable.why(file, e));
        }
        return reader.values;
    }

    private void readDocument(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            problem(parser, "expected lines like 'peer-url: nats://HOST:4222'");
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            readEntry(parser);
        }
        if (parser.nextToken() != null) {
            problem(parser, "a second document; one file holds one");
        }
    }

    private void readEntry(JsonParser parser) throws IOException {
        String key = parser.currentName();
        int line = parser.currentTokenLocation().getLineNr();
        JsonToken token = parser.nextToken();
        String text = valueOf(parser, token, key);
        Setting setting = Setting.ofFlag(key).filter(s -> s != Setting.CONFIG).orElse(null);
        if (setting == null) {
            String hint = NearestWord.hint(key, keys());
            problems.add("%s:%d: unknown key '%s'%s".formatted(file, line, key, hint));
        } else if (values.containsKey(setting)) {
            problems.add("%s:%d: '%s' is set a second time".formatted(file, line, key));
        } else if (text != null) {
            values.put(setting, new SettingValue(setting, text, new Origin.File(file, line)));
        }
    }

    /// The value as text, a list joined by commas; null after a problem. Leaves the parser at the
    /// value's last token.
    private @Nullable String valueOf(JsonParser parser, JsonToken token, String key)
            throws IOException {
        if (token == JsonToken.START_ARRAY) {
            return listOf(parser, key);
        }
        if (token == JsonToken.START_OBJECT) {
            problem(parser, "'" + key + "' takes one value, not a block of keys");
            parser.skipChildren();
            return null;
        }
        if (token == JsonToken.VALUE_NULL || parser.getText().isBlank()) {
            problem(parser, "'" + key + "' has no value; give it one or remove the line");
            return null;
        }
        return parser.getText();
    }

    private @Nullable String listOf(JsonParser parser, String key) throws IOException {
        List<String> parts = new ArrayList<>();
        boolean isFlat = true;
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
            if (t.isScalarValue()) {
                parts.add(parser.getText());
            } else {
                isFlat = false;
                parser.skipChildren();
            }
        }
        if (!isFlat || parts.isEmpty()) {
            problem(parser, "'" + key + "' takes a list of plain values with at least one");
            return null;
        }
        return String.join(",", parts);
    }

    private void problem(JsonParser parser, String what) {
        int line = parser.currentTokenLocation().getLineNr();
        problems.add("%s:%d: %s".formatted(file, line, what));
    }

    private static List<String> keys() {
        return Arrays.stream(Setting.values())
                .filter(s -> s != Setting.CONFIG)
                .map(Setting::flag)
                .toList();
    }
}
