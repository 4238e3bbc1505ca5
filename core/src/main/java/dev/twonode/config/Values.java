package dev.twonode.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The chosen texts, read as what they stand for. A text that cannot be read becomes a problem, and
/// the caller goes on with something harmless so that the other problems are found too.
final class Values {

    private final Map<Setting, SettingValue> chosen;
    private final List<String> problems;
    private final Path home;

    Values(Map<Setting, SettingValue> chosen, List<String> problems, Path home) {
        this.chosen = chosen;
        this.problems = problems;
        this.home = home;
    }

    Optional<SettingValue> get(Setting setting) {
        return Optional.ofNullable(chosen.get(setting));
    }

    Optional<String> text(Setting setting) {
        return get(setting).map(SettingValue::text);
    }

    boolean isSet(Setting setting) {
        return chosen.containsKey(setting);
    }

    /// How strong the origin of a setting is, -1 when it has no value.
    int strength(Setting setting) {
        return get(setting).map(v -> v.origin().strength()).orElse(-1);
    }

    boolean isOn(Setting setting) {
        return parsed(setting, Values::onOrOff).orElse(false);
    }

    Optional<Duration> duration(Setting setting) {
        return parsed(setting, DurationText::parse);
    }

    Optional<Integer> whole(Setting setting) {
        return parsed(setting, Values::wholeNumber);
    }

    <E extends Enum<E>> E choice(Setting setting, Class<E> type, E otherwise) {
        return parsed(setting, text -> constant(type, text)).orElse(otherwise);
    }

    Optional<Path> path(Setting setting) {
        return parsed(setting, this::toPath);
    }

    /// The value as `reader` sees it; a refusal becomes a problem and an empty answer.
    <T> Optional<T> parsed(Setting setting, Function<String, T> reader) {
        Optional<SettingValue> value = get(setting);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(value.get().text()));
        } catch (IllegalArgumentException e) {
            problem(setting, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// Notes what is wrong with a setting, with where its value came from.
    void problem(Setting setting, String what) {
        String origin =
                get(setting)
                        .map(SettingValue::origin)
                        .filter(o -> !(o instanceof Origin.Flag))
                        .map(o -> " (" + o + ")")
                        .orElse("");
        problems.add(setting + origin + ": " + what);
    }

    /// Notes what is wrong between settings.
    void problem(String what) {
        problems.add(what);
    }

    private Path toPath(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("no path; name one, or leave it out");
        }
        try {
            return text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is not a path", e);
        }
    }

    private static Boolean onOrOff(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default ->
                    throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static Integer wholeNumber(String text) {
        try {
            return Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        List<String> words =
                Arrays.stream(type.getEnumConstants())
                        .map(c -> c.name().toLowerCase(Locale.ROOT))
                        .toList();
        int index = words.indexOf(text.strip().toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new IllegalArgumentException(
                    "'%s' is not one of %s%s"
                            .formatted(
                                    text, String.join(", ", words), NearestWord.hint(text, words)));
        }
        return type.getEnumConstants()[index];
    }
}
