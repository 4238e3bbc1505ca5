package dev.twonode.config;

import java.util.List;

/// The settings cannot be used: every problem found, each a full sentence with its origin.
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /// The problems, in the order of the settings.
    public List<String> problems() {
        return problems;
    }
}
