package dev.twonode.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lays the sources of settings over each other, the strongest on top.
final class SettingLayers {

    private final Surroundings around;
    private final List<String> problems;
    private boolean filesAreWhole = true;

    SettingLayers(Surroundings around, List<String> problems) {
        this.around = around;
        this.problems = problems;
    }

    /// The value of every setting that has one.
    ///
    /// @param usesSelectedContext whether the context that `nats context select` chose counts when
    ///   nobody names a server
    Map<Setting, SettingValue> lay(Map<Setting, String> flags, boolean usesSelectedContext) {
        Map<Setting, SettingValue> fromFlags = new EnumMap<>(Setting.class);
        flags.forEach((s, text) -> fromFlags.put(s, value(s, text, new Origin.Flag(s))));
        Map<Setting, SettingValue> fromEnvironment = environment();
        Map<Setting, SettingValue> strong = merge(fromEnvironment, fromFlags);
        Map<Setting, SettingValue> weak = merge(defaults(), files(strong.get(Setting.CONFIG)));
        Map<Setting, SettingValue> withoutContext = merge(weak, strong);
        return contextName(withoutContext, usesSelectedContext)
                .map(name -> merge(merge(weak, NatsContext.read(name, around, problems)), strong))
                .orElse(withoutContext);
    }

    private Optional<String> contextName(
            Map<Setting, SettingValue> values, boolean usesSelectedContext) {
        SettingValue off = values.get(Setting.NO_CONTEXT);
        if (off != null && !off.text().equalsIgnoreCase("false")) {
            return Optional.empty();
        }
        SettingValue named = values.get(Setting.CONTEXT);
        if (named != null) {
            return Optional.of(named.text());
        }
        SettingValue server = values.get(Setting.SERVER);
        boolean isServerUnnamed = server == null || server.origin() instanceof Origin.Default;
        return usesSelectedContext && isServerUnnamed
                ? NatsContext.selected(around)
                : Optional.empty();
    }

    private static Map<Setting, SettingValue> defaults() {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            setting.fixedDefault()
                    .ifPresent(t -> values.put(setting, value(setting, t, new Origin.Default())));
        }
        return values;
    }

    /// Files are strict and layered too: the named one over the user's over the machine's.
    private Map<Setting, SettingValue> files(@Nullable SettingValue named) {
        Map<Path, Boolean> files = new LinkedHashMap<>();
        files.put(around.systemConfig(), false);
        files.put(around.userConfig(), false);
        Map<Setting, SettingValue> values = Map.of();
        int problemsBefore = problems.size();
        if (named != null) {
            path(named).ifPresent(file -> files.put(file, true));
        }
        for (Map.Entry<Path, Boolean> entry : files.entrySet()) {
            boolean isDemanded = entry.getValue();
            if (isDemanded || Files.exists(entry.getKey())) {
                values = merge(values, ConfigFile.read(entry.getKey(), problems));
            }
        }
        filesAreWhole = problems.size() == problemsBefore;
        return values;
    }

    private Optional<Path> path(SettingValue named) {
        if (named.text().isBlank()) {
            problems.add(named.setting() + ": no file; name one, or leave it out");
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(named.text()));
        } catch (InvalidPathException e) {
            problems.add("%s: '%s' is not a path".formatted(named.setting(), named.text()));
            return Optional.empty();
        }
    }

    /// Whether every file was understood; else what is not set may stand in what was not.
    boolean areFilesWhole() {
        return filesAreWhole;
    }

    private Map<Setting, SettingValue> environment() {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            for (String variable : setting.variables()) {
                String text = around.environment().getOrDefault(variable, "");
                if (!text.isBlank()) {
                    Origin origin = new Origin.Environment(variable);
                    values.putIfAbsent(setting, value(setting, text, origin));
                }
            }
        }
        return values;
    }

    /// Variables that look like misspelt ones of ours. They are not refused: the launcher and the
    /// user's own scripts have variables with the same beginning.
    List<String> suspiciousVariables() {
        List<String> known =
                Arrays.stream(Setting.values()).flatMap(s -> s.variables().stream()).toList();
        return around.environment().keySet().stream()
                .filter(v -> v.startsWith("TWONODE_") && !known.contains(v))
                .filter(v -> NearestWord.to(v, known).isPresent())
                .sorted()
                .map(v -> "ignored $" + v + NearestWord.hint(v, known))
                .toList();
    }

    private static SettingValue value(Setting setting, String text, Origin origin) {
        return new SettingValue(setting, text, origin);
    }

    private static Map<Setting, SettingValue> merge(
            Map<Setting, SettingValue> below, Map<Setting, SettingValue> above) {
        Map<Setting, SettingValue> merged = new EnumMap<>(Setting.class);
        merged.putAll(below);
        merged.putAll(above);
        return merged;
    }
}
