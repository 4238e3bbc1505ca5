package dev.twonode.cli.output;

import java.util.Locale;

/// The forms of output, as `-o` names them.
public enum Format {
    TABLE,
    JSON,
    YAML,
    TSV;

    /// The word that is typed.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
