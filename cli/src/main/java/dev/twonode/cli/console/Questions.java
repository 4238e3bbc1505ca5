package dev.twonode.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/// Asks the person at the terminal.
///
/// @param streams where questions go and answers come from
public record Questions(Streams streams) {

    /// Whether there is somebody to ask.
    public boolean canAsk() {
        return streams.terminals().in() && streams.terminals().err();
    }

    /// Whether the answer is yes; everything but `y` and `yes` is no.
    public boolean isYes(String question) {
        streams.err().print(question + " [y/N] ");
        streams.err().flush();
        try {
            String answer = streams.in().readLine();
            if (answer == null) {
                return false;
            }
            String word = answer.strip().toLowerCase(Locale.ROOT);
            return word.equals("y") || word.equals("yes");
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be read", e);
        }
    }
}
