package dev.twonode.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import dev.twonode.cli.output.JsonText;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Tells a failure on the error writer: as text in three parts, or as one JSON object when the
/// output format is JSON. The stack is shown with `--verbose` only.
final class FailureHandler implements IParameterExceptionHandler, IExecutionExceptionHandler {

    /// More places than this are not listed.
    private static final int FEW = 2;

    private final Environment environment;
    private final List<String> args;

    /// @param args the raw arguments, since after a usage error nothing else tells the format
    FailureHandler(Environment environment, String... args) {
        this.environment = environment;
        this.args = List.of(args);
    }

    @Override
    public int handleParseException(ParameterException problem, String[] given) {
        String command = problem.getCommandLine().getCommandSpec().qualifiedName();
        String message = firstLine(problem);
        List<String> suggestions = List.of();
        if (problem instanceof UnmatchedArgumentException unmatched) {
            suggestions = likeliestFirst(unmatched);
            message = unknown(unmatched);
        }
        String next =
                suggestions.isEmpty()
                        ? "see " + command + " --help"
                        : "did you mean " + suggestions.getFirst() + "? See " + command + " --help";
        return tell(
                new Failure(
                        ExitCode.USAGE,
                        lowerFirst(message),
                        "",
                        askedWithNats(problem).or(() -> behindACommand(problem)).orElse(next),
                        problem));
    }

    /// An option of a command that stands before it, or without it.
    private static Optional<String> behindACommand(ParameterException problem) {
        if (!(problem instanceof UnmatchedArgumentException unmatched)
                || !unmatched.isUnknownOption()) {
            return Optional.empty();
        }
        CommandSpec spec = problem.getCommandLine().getCommandSpec();
        String option = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
        List<String> places =
                spec.subcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(child -> child.optionsMap().containsKey(option))
                        .map(child -> "'%s %s'".formatted(child.qualifiedName(), option))
                        .distinct()
                        .toList();
        if (!takesCommands(spec) || places.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "put it behind the command"
                        + (places.size() > FEW ? "" : ": " + String.join(" or ", places)));
    }

    /// What a node is asked for by `nats`, and no command of this program is for.
    private static Optional<String> askedWithNats(ParameterException problem) {
        boolean isFirst = problem.getCommandLine().getParent() == null;
        return isFirst && problem instanceof UnmatchedArgumentException unmatched
                ? Stream.of("pause", "resume")
                        .filter(unmatched.getUnmatched().getFirst()::equals)
                        .map("ask the node's server: nats -s HOST:PORT req %s ''"::formatted)
                        .findFirst()
                : Optional.empty();
    }

    @Override
    public int handleExecutionException(
            Exception problem, CommandLine command, ParseResult parsed) {
        if (problem instanceof Failure failure) {
            return tell(failure);
        }
        if (problem instanceof ParameterException usage) {
            return handleParseException(usage, new String[0]);
        }
        return tell(
                new Failure(
                        ExitCode.FAILURE,
                        command.getCommandSpec().qualifiedName() + " failed unexpectedly",
                        String.valueOf(problem),
                        "run it again with --verbose and report what it prints",
                        problem));
    }

    /// Letters are left out or swapped more often than mistaken: `stats` and `stauts` are rather
    /// `status` than `state`.
    private static List<String> likeliestFirst(UnmatchedArgumentException unmatched) {
        String typed = unmatched.getUnmatched().getFirst();
        Pattern fuller =
                Pattern.compile(
                        typed.chars()
                                .mapToObj(letter -> Pattern.quote(Character.toString(letter)))
                                .collect(Collectors.joining(".*", ".*", ".*")));
        return unmatched.getSuggestions().stream()
                .sorted(
                        Comparator.comparing(word ->
                                !fuller.matcher(word).matches()
                                        && !letters(word).equals(letters(typed))))
                .toList();
    }

    private static List<Integer> letters(String word) {
        return word.chars().sorted().boxed().toList();
    }

    /// Names the first word only: what follows an unknown option may be its value.
    private static String unknown(UnmatchedArgumentException unmatched) {
        String word = unmatched.getUnmatched().getFirst();
        boolean mayBeCommand = takesCommands(unmatched.getCommandLine().getCommandSpec());
        String kind =
                unmatched.isUnknownOption() ? "option" : mayBeCommand ? "command" : "argument";
        return "unknown " + kind + " '" + word + "'";
    }

    private static boolean takesCommands(CommandSpec spec) {
        return !spec.subcommands().isEmpty() && spec.positionalParameters().isEmpty();
    }

    private int tell(Failure failure) {
        PrintWriter err = environment.streams().err();
        if (wantsJson()) {
            err.println(JsonText.compact(json(failure)));
        } else {
            text(failure, err);
        }
        if (args.contains("--verbose") && failure.getCause() != null) {
            failure.getCause().printStackTrace(err);
        }
        err.flush();
        return failure.code().number();
    }

    private void text(Failure failure, PrintWriter err) {
        boolean colour =
                TwoNode.asked(args.toArray(String[]::new))
                        .on(environment.variables(), environment.streams().terminals().err());
        Style style = new Style(colour, true, 80);
        err.println(style.paint(Tone.BAD, "error:") + " " + failure.what());
        if (!failure.why().isEmpty()) {
            err.println("  why: " + failure.why());
        }
        if (!failure.next().isEmpty()) {
            err.println("  do:  " + failure.next());
        }
    }

    private static ObjectNode json(Failure failure) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", failure.code().number());
        error.put("kind", failure.code().kind());
        error.put("what", failure.what());
        error.put("why", failure.why());
        error.put("next", failure.next());
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.put("schema", JsonText.SCHEMA);
        whole.set("error", error);
        return whole;
    }

    private boolean wantsJson() {
        for (int i = 0; i < args.size(); i++) {
            String word = args.get(i);
            boolean separate = word.equals("-o") || word.equals("--output");
            String value =
                    separate && i + 1 < args.size()
                            ? args.get(i + 1)
                            : word.replaceFirst("^(-o=?|--output=)", "");
            boolean isOption = separate || !value.equals(word);
            if (word.equals("--json") || (isOption && value.equalsIgnoreCase("json"))) {
                return true;
            }
        }
        return false;
    }

    private static String firstLine(Throwable problem) {
        return Arrays.stream(String.valueOf(problem.getMessage()).split("\\R"))
                .findFirst()
                .orElse("");
    }

    /// picocli starts its messages with a capital; ours stand behind a colon.
    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
