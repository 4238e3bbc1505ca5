package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.config.NearestWord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// The steps of the demo, in the order of the story.
public enum Step {
    START_LEADER,
    START_FOLLOWER,
    KILL_FOLLOWER,
    RESTART_FOLLOWER,
    SWAP_LEADER,
    KILL_LEADER,
    RESTART_LEADER,
    STATUS,
    STOP,
    CLEAN,
    ALL;

    /// The step that was typed, or a usage error that lists all.
    static Step required(@Nullable Step typed) {
        if (typed == null) {
            throw new Failure(
                    ExitCode.USAGE, "which step?", "", "one of " + String.join(", ", words()));
        }
        return typed;
    }

    private static List<String> words() {
        return Arrays.stream(values()).map(Step::toString).toList();
    }

    /// Reads a step as it is typed.
    static final class Reader implements CommandLine.ITypeConverter<Step> {

        @Override
        public Step convert(String text) {
            return Arrays.stream(values())
                    .filter(step -> step.toString().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new CommandLine.TypeConversionException(
                                    "'"
                                            + text
                                            + "' is no step; the steps are "
                                            + String.join(", ", words())
                                            + NearestWord.hint(text, words())));
        }
    }

    /// As it is typed.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
