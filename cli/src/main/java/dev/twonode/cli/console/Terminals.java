package dev.twonode.cli.console;

import java.io.Console;
import java.util.Optional;

/// Which of the standard streams is a terminal.
///
/// @param in standard input
/// @param out standard output
/// @param err standard error
public record Terminals(boolean in, boolean out, boolean err) {

    /// The launcher's `[ -t N ]` answers, one digit for each stream that is a terminal. The JDK
    /// tells only whether input and output both are one, which makes `twonode status | less` and
    /// `echo y | twonode stepdown` look alike.
    public static final String PROPERTY = "twonode.terminals";

    /// No stream is a terminal.
    public static final Terminals NONE = new Terminals(false, false, false);

    static Terminals ofProcess() {
        String digits = System.getProperty(PROPERTY);
        if (digits != null) {
            return new Terminals(digits.contains("0"), digits.contains("1"), digits.contains("2"));
        }
        boolean both =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Terminals(both, both, both);
    }
}
