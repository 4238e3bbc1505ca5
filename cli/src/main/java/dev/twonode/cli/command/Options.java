package dev.twonode.cli.command;

import dev.twonode.config.Setting;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/// Command-line options made from settings, so that flags, defaults and meanings stand in one place
/// only, and the values that were given.
final class Options {

    private final Map<Setting, String> given = new EnumMap<>(Setting.class);
    private final Map<Setting, String> meanings;

    /// With the settings' own meanings.
    Options() {
        this(Map.of());
    }

    /// @param meanings what some of them mean in this place
    Options(Map<Setting, String> meanings) {
        this.meanings = Map.copyOf(meanings);
    }

    /// What was given on the command line, a switch as `true`.
    Map<Setting, String> given() {
        return given;
    }

    /// The options of those settings under a heading of their own.
    ArgGroupSpec group(String heading, int order, List<Setting> settings) {
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder()
                        .heading("%n" + heading + ":%n")
                        .order(order)
                        .validate(false)
                        .multiplicity("0..1");
        for (Setting setting : settings) {
            group.addArg(option(setting));
            if (setting == Setting.TLSFIRST) {
                group.addArg(builder(setting, "--tls-first").hidden(true).build());
            }
        }
        return group.build();
    }

    private OptionSpec option(Setting setting) {
        String flag = "--" + setting.flag();
        return setting == Setting.SERVER
                ? builder(setting, "-s", flag).build()
                : builder(setting, flag).build();
    }

    private OptionSpec.Builder builder(Setting setting, String... names) {
        OptionSpec.Builder option =
                OptionSpec.builder(names)
                        .description(describe(setting))
                        .setter(new Into(given, setting));
        if (setting == Setting.GATEWAY) {
            Several several = new Several(given, setting);
            return option.getter(several)
                    .setter(several)
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .arity("1")
                    .paramLabel(setting.placeholder());
        }
        return setting.isSwitch()
                ? option.type(boolean.class).arity("0")
                : option.type(type(setting)).arity("1").paramLabel(setting.placeholder());
    }

    /// Files have a type of their own, so that a shell completes them.
    private static Class<?> type(Setting setting) {
        boolean isPath =
                setting.placeholder().equals("FILE") || setting.placeholder().equals("DIR");
        return isPath ? Path.class : String.class;
    }

    private String describe(Setting setting) {
        String otherwise = setting.defaultInWords();
        boolean hasDefault = !setting.isSwitch() && !otherwise.equals("none");
        String variable = setting.variables().getLast();
        return (meanings.getOrDefault(setting, setting.meaning())
                        + (hasDefault ? " (default: " + otherwise + ")" : "")
                        + " [$"
                        + variable
                        + "]")
                .replace("%", "%%");
    }

    /// picocli also sets `null`, for an option that is not given.
    private record Into(Map<Setting, String> values, Setting setting) implements ISetter {

        @Override
        @SuppressWarnings("NullAway") // picocli is not annotated
        public <T> T set(@Nullable T value) {
            if (value == null || value.equals(false)) {
                values.remove(setting);
            } else {
                values.put(setting, value.toString());
            }
            return value;
        }
    }

    /// An option that may be repeated. picocli adds to the list that it gets.
    private static final class Several implements IGetter, ISetter {
        private final Map<Setting, String> values;
        private final Setting setting;
        private @Nullable Object list;

        Several(Map<Setting, String> values, Setting setting) {
            this.values = values;
            this.setting = setting;
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
        public <T> T get() {
            return (T) list;
        }

        @Override
        @SuppressWarnings("NullAway") // picocli is not annotated
        public <T> T set(@Nullable T value) {
            list = value;
            if (value instanceof List<?> several && !several.isEmpty()) {
                values.put(
                        setting,
                        several.stream().map(String::valueOf).collect(Collectors.joining(",")));
            } else {
                values.remove(setting);
            }
            return value;
        }
    }
}
