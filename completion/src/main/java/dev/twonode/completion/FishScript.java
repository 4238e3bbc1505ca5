package dev.twonode.completion;

import dev.twonode.completion.Word.Sub;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The script for fish: one `complete` line for each command, option and value.
final class FishScript {

    private final StringBuilder script = new StringBuilder();
    private final String program;

    private FishScript(String program) {
        this.program = program;
    }

    /// The whole script.
    static String of(CommandSpec root) {
        FishScript fish = new FishScript(root.name());
        fish.line(
                "# Generated from the command model of twonode; see 'twonode completion --help'.");
        fish.line("complete -c " + root.name() + " -f");
        fish.command(root, "__fish_use_subcommand");
        return fish.script.toString();
    }

    private void command(CommandSpec spec, String here) {
        List<Sub> subs = Word.subcommands(spec);
        String unless =
                subs.isEmpty() || spec.parent() == null ? "" : "; and not " + seen(names(subs));
        for (Sub sub : subs) {
            add(here + unless, "-a " + sub.name() + describe(Word.describe(sub.spec())));
        }
        for (OptionSpec option : Word.options(spec)) {
            add(here + unless, option(option));
        }
        for (PositionalParamSpec position : spec.positionalParameters()) {
            String action = action(position);
            if (!action.isEmpty()) {
                add(here + unless, action.strip() + describe(Word.describe(position)));
            }
        }
        for (Sub sub : subs) {
            String there = seen(String.join(" ", sub.names()));
            command(sub.spec(), spec.parent() == null ? there : here + "; and " + there);
        }
    }

    private void add(String condition, String what) {
        line("complete -c " + program + " -n " + quoted(condition) + " " + what);
    }

    private static String option(OptionSpec option) {
        StringBuilder words = new StringBuilder();
        for (String name : option.names()) {
            words.append(words.isEmpty() ? "" : " ");
            words.append(
                    name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
        }
        return words + action(option) + describe(Word.describe(option));
    }

    private static String action(ArgSpec arg) {
        return switch (Word.value(arg)) {
            case NONE -> "";
            case TEXT -> arg.isOption() && arg.arity().min() > 0 ? " -x" : "";
            case CHOICE ->
                    (arg.isOption() ? " -x" : "")
                            + " -a "
                            + quoted(String.join(" ", Word.choices(arg)));
            case FILE -> " -r -F";
            case FOLDER -> " -x -a '(__fish_complete_directories)'";
            case CONTEXT ->
                    " -x -a '(path change-extension \"\" (path basename"
                            + " ~/.config/nats/context/*.json))'";
        };
    }

    private static String names(List<Sub> subs) {
        return subs.stream().flatMap(sub -> sub.names().stream()).collect(Collectors.joining(" "));
    }

    private static String seen(String names) {
        return "__fish_seen_subcommand_from " + names;
    }

    private static String describe(String text) {
        return text.isEmpty() ? "" : " -d " + quoted(text);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
