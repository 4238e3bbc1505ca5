package dev.twonode.cli.console;

import java.util.Locale;
import java.util.Map;

/// Decides whether a stream gets colours: the flag wins, then `NO_COLOR`, then `FORCE_COLOR` and
/// `CLICOLOR_FORCE`, then `TERM=dumb`, then whether the stream is a terminal.
public enum Colours {
    AUTO,
    ALWAYS,
    NEVER;

    /// Whether text for a stream is coloured.
    ///
    /// @param variables the environment
    /// @param terminal whether that stream is a terminal
    public boolean on(Map<String, String> variables, boolean terminal) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> {
                if (!variables.getOrDefault("NO_COLOR", "").isEmpty()) {
                    yield false;
                }
                if (forces(variables, "FORCE_COLOR") || forces(variables, "CLICOLOR_FORCE")) {
                    yield true;
                }
                yield terminal && !"dumb".equals(variables.get("TERM"));
            }
        };
    }

    private static boolean forces(Map<String, String> variables, String name) {
        String value = variables.getOrDefault(name, "");
        return !value.isEmpty() && !"0".equals(value);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
