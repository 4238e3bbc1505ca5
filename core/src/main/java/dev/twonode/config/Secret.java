package dev.twonode.config;

/// A word that must not appear in a log, a report or an error.
///
/// @param value the word itself
public record Secret(String value) {

    static final String MASK = "***";

    @Override
    public String toString() {
        return MASK;
    }
}
