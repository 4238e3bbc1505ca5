package dev.twonode.completion;

import dev.twonode.completion.Word.Sub;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The script for zsh: one function for each command, options with their descriptions.
final class ZshScript {

    private final StringBuilder script = new StringBuilder();

    /// The whole script.
    static String of(CommandSpec root) {
        ZshScript zsh = new ZshScript();
        zsh.line("#compdef " + root.name());
        zsh.line("# Generated from the command model of twonode; see 'twonode completion --help'.");
        zsh.contexts();
        zsh.function("_" + root.name(), root);
        zsh.line("");
        // Sourced, the script only defines; from fpath it is the function itself.
        zsh.line("if [[ $zsh_eval_context[-1] == loadautofunc ]]; then");
        zsh.line("    _" + root.name() + " \"$@\"");
        zsh.line("else");
        zsh.line("    compdef _" + root.name() + " " + root.name());
        zsh.line("fi");
        return zsh.script.toString();
    }

    private void contexts() {
        line("");
        line("_twonode_contexts() {");
        line("    local -a contexts");
        line("    contexts=(${XDG_CONFIG_HOME:-$HOME/.config}/nats/context/*.json(N:t:r))");
        line("    _describe -t contexts 'NATS context' contexts");
        line("}");
    }

    private void function(String name, CommandSpec spec) {
        List<Sub> subs = Word.subcommands(spec);
        for (Sub sub : subs) {
            function(name + "_" + sub.name().replace('-', '_'), sub.spec());
        }
        line("");
        line(name + "() {");
        if (subs.isEmpty()) {
            List<String> words = options(spec);
            for (PositionalParamSpec position : spec.positionalParameters()) {
                words.add(quoted(":" + plain(position.paramLabel()) + ":" + action(position)));
            }
            line("    _arguments -s \\");
            line("        " + String.join(" \\\n        ", words));
        } else {
            branches(name, spec, subs);
        }
        line("}");
    }

    private void branches(String name, CommandSpec spec, List<Sub> subs) {
        List<String> words = options(spec);
        words.add("'1: :->command'");
        words.add("'*:: :->words'");
        line("    local context state state_descr line");
        line("    typeset -A opt_args");
        line("    _arguments -s -C \\");
        line("        " + String.join(" \\\n        ", words));
        line("    case $state in");
        line("    command)");
        line("        local -a commands");
        line("        commands=(");
        for (Sub sub : subs) {
            String text = sub.name().replace(":", "\\:") + ":" + Word.describe(sub.spec());
            line("            " + quoted(text));
        }
        line("        )");
        line("        _describe -t commands command commands");
        line("        ;;");
        line("    words)");
        line("        case $line[1] in");
        for (Sub sub : subs) {
            String function = name + "_" + sub.name().replace('-', '_');
            line("        " + String.join("|", sub.names()) + ") " + function + " ;;");
        }
        line("        esac");
        line("        ;;");
        line("    esac");
    }

    private static List<String> options(CommandSpec spec) {
        List<String> words = new ArrayList<>();
        for (OptionSpec option : Word.options(spec)) {
            for (String name : option.names()) {
                words.add(option(option, name));
            }
        }
        return words;
    }

    /// `'(-o --output)--output=[form]:FORMAT:(table json)'`
    private static String option(OptionSpec option, String name) {
        StringBuilder word = new StringBuilder();
        word.append('(').append(String.join(" ", option.names())).append(')').append(name);
        boolean takesValue = option.arity().max() > 0;
        if (takesValue) {
            word.append(name.startsWith("--") ? "=" : "+");
        }
        word.append('[').append(plain(Word.describe(option))).append(']');
        if (takesValue) {
            word.append(option.arity().min() == 0 ? "::" : ":");
            word.append(plain(option.paramLabel())).append(':').append(action(option));
        }
        return quoted(word.toString());
    }

    private static String action(ArgSpec arg) {
        return switch (Word.value(arg)) {
            case NONE, TEXT -> " ";
            case CHOICE -> "(" + String.join(" ", Word.choices(arg)) + ")";
            case FILE -> "_files";
            case FOLDER -> "_files -/";
            case CONTEXT -> "_twonode_contexts";
        };
    }

    /// Brackets and colons are syntax of `_arguments`.
    private static String plain(String text) {
        return text.replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
