package dev.twonode.config;

import java.util.List;
import java.util.stream.Collectors;

/// A checked configuration and how it came about.
///
/// @param config the settings as the agent uses them
/// @param values every setting that has a value, in the order of [Setting], with its origin
/// @param warnings what works but should be changed, full sentences
public record LoadedConfig(Config config, List<SettingValue> values, List<String> warnings) {

    public LoadedConfig {
        values = List.copyOf(values);
        warnings = List.copyOf(warnings);
    }

    /// The settings as a configuration file, each line with its origin. Defaults are commented out,
    /// so that the file does not freeze them; secrets are masked.
    public String toYaml() {
        return values.stream()
                .filter(v -> v.setting() != Setting.CONFIG)
                .map(LoadedConfig::line)
                .collect(Collectors.joining());
    }

    private static String line(SettingValue value) {
        String mark = value.origin() instanceof Origin.Default ? "# " : "";
        String key = value.setting().flag();
        String origin = value.origin() + exception(value);
        return "%s%s: %s  # %s\n".formatted(mark, key, quoted(value.shown()), origin);
    }

    /// A default may be another one in a case of which only the agent knows.
    private static String exception(SettingValue value) {
        String always = value.text() + ",";
        String inWords = value.setting().defaultInWords();
        return value.origin() instanceof Origin.Default && inWords.startsWith(always)
                ? inWords.substring(value.text().length())
                : "";
    }

    /// Plain where YAML takes it as the same text, else in quotes.
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9/][A-Za-z0-9_./:@,+-]*")
                ? text
                : "'" + text.replace("'", "''") + "'";
    }
}
