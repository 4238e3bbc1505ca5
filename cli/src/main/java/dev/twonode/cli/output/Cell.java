package dev.twonode.cli.output;

import dev.twonode.cli.console.Style.Tone;

/// One field of a table.
///
/// @param text what it says
/// @param tone how it is meant
public record Cell(String text, Tone tone) {

    public static Cell of(String text) {
        return new Cell(text, Tone.PLAIN);
    }

    /// A number with thousands apart, as a person reads it.
    public static Cell of(long number) {
        return of(Texts.count(number));
    }
}
