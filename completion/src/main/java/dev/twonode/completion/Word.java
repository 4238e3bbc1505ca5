package dev.twonode.completion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What the shells need to know of commands and options.
final class Word {

    private Word() {}

    /// What can be typed for a value.
    enum Value {
        /// Nothing: a switch.
        NONE,
        /// Any text.
        TEXT,
        /// One of a closed set.
        CHOICE,
        /// A file.
        FILE,
        /// A folder.
        FOLDER,
        /// A NATS context.
        CONTEXT
    }

    /// A command below another one.
    ///
    /// @param names its name and its aliases
    /// @param spec its model
    record Sub(List<String> names, CommandSpec spec) {

        String name() {
            return names.getFirst();
        }
    }

    /// The commands below a command, each once.
    static List<Sub> subcommands(CommandSpec spec) {
        List<Sub> subs = new ArrayList<>();
        for (CommandLine child : spec.subcommands().values()) {
            CommandSpec model = child.getCommandSpec();
            boolean isKnown = subs.stream().anyMatch(sub -> sub.spec().equals(model));
            if (!isKnown && !model.usageMessage().hidden()) {
                List<String> names = new ArrayList<>(List.of(model.name()));
                names.addAll(Arrays.asList(model.aliases()));
                subs.add(new Sub(names, model));
            }
        }
        return subs;
    }

    /// The options that the help shows.
    static List<OptionSpec> options(CommandSpec spec) {
        return spec.options().stream().filter(option -> !option.hidden()).toList();
    }

    /// What a command is for, on one line.
    static String describe(CommandSpec spec) {
        String[] header = spec.usageMessage().header();
        return header.length == 0 ? "" : header[0].replace("%%", "%").replace("%n", " ");
    }

    /// What an option is for, without its default and its variable.
    static String describe(ArgSpec arg) {
        String[] lines = arg.description();
        String whole = lines.length == 0 ? "" : lines[0].replace("%%", "%");
        return whole.replaceAll(" \\((default|one of).*", "")
                .replaceAll(" \\[\\$.*", "")
                .replaceAll(": [a-z]+(, [a-z]+)+$", "");
    }

    static Value value(ArgSpec arg) {
        if (arg.arity().max() == 0) {
            return Value.NONE;
        }
        if (!choices(arg).isEmpty()) {
            return Value.CHOICE;
        }
        if (arg.type() == Path.class) {
            return arg.paramLabel().equals("DIR") ? Value.FOLDER : Value.FILE;
        }
        return arg instanceof OptionSpec option && option.longestName().equals("--context")
                ? Value.CONTEXT
                : Value.TEXT;
    }

    /// The closed set of values; empty when any text may be typed.
    static List<String> choices(ArgSpec arg) {
        List<String> words = new ArrayList<>();
        if (arg.completionCandidates() != null) {
            arg.completionCandidates().forEach(words::add);
        }
        String label = arg.paramLabel();
        if (words.isEmpty()
                && label.contains("|")
                && label.equals(label.toLowerCase(Locale.ROOT))) {
            words.addAll(List.of(label.split("\\|", -1)));
        }
        return words;
    }
}
