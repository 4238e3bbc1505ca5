package dev.twonode.cli.demo;

import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import dev.twonode.cli.output.Texts;
import dev.twonode.cli.rig.Waiting;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Tells a person what a step does, line by line.
final class Narrator {

    /// How often a wait that goes on says what it waits for, where there is no line to repaint.
    private static final Duration STILL = Duration.ofSeconds(3);

    private static final Duration REPAINT = Duration.ofMillis(100);
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int MARGIN = 2;

    private volatile PrintWriter out;
    private final Style style;
    private final boolean terminal;
    private final boolean stops;

    /// @param terminal whether `out` is a screen, on which a line can be painted again
    /// @param stops whether the person types the next step: one is suggested then
    Narrator(PrintWriter out, Style style, boolean terminal, boolean stops) {
        this.out = out;
        this.style = style;
        this.terminal = terminal;
        this.stops = stops;
    }

    /// Says nothing any more: what the rest of a step finds while it is being undone misleads.
    void hush() {
        out = new PrintWriter(Writer.nullWriter());
    }

    /// Opens a step.
    void title(String text) {
        out.println();
        out.println(style.paint(Tone.STRONG, text));
        out.flush();
    }

    /// Says what is going to happen and why, broken at the width of the screen.
    void explain(String text) {
        StringBuilder line = new StringBuilder(" ".repeat(MARGIN - 1));
        for (String word : Arrays.asList(text.strip().split("\\s+", -1))) {
            if (line.length() + 1 + word.length() > style.width() && line.length() > MARGIN) {
                out.println(line);
                line = new StringBuilder(" ".repeat(MARGIN - 1));
            }
            line.append(' ').append(word);
        }
        out.println(line);
        out.flush();
    }

    /// A command that does by hand what the step does.
    void command(String text) {
        out.println("  " + style.paint(Tone.DIM, "$ " + text));
        out.flush();
    }

    /// Another command that does the same as the one before.
    void orCommand(String text) {
        out.println("  or " + style.paint(Tone.DIM, "$ " + text));
        out.flush();
    }

    /// Something is as it should be.
    void done(String text) {
        out.println("  " + style.paint(Tone.GOOD, style.sign("✓", "ok")) + " " + text);
        out.flush();
    }

    /// Something is as it should be, after this time.
    void done(String text, Duration took) {
        done(text + " (" + Texts.span(took) + ")");
    }

    /// A line that a command has printed.
    void quote(String text) {
        out.println("    " + Texts.cut(Texts.printable(text), style.width() - 1, style.ascii()));
        out.flush();
    }

    /// A name and what is known of it.
    void fact(String name, String text) {
        out.printf("  %-9s %s%n", name, text);
        out.flush();
    }

    /// Something is not as it should be.
    void wrong(String text) {
        out.println("  " + style.paint(Tone.BAD, style.sign("✗", "WRONG")) + " " + text);
        out.flush();
    }

    /// The line that sums up.
    void result(String text, boolean good) {
        out.println("  " + style.paint(good ? Tone.STRONG : Tone.BAD, text));
        out.flush();
    }

    /// What separates the parts of a line.
    String dot() {
        return style.sign("·", "-");
    }

    /// What to type now.
    void next(String text) {
        if (stops) {
            out.println("  " + style.paint(Tone.DIM, "next: " + text));
        }
        out.flush();
    }

    /// Waits and shows that it waits.
    ///
    /// @param what what is waited for, for example "node a leads"
    /// @param detail what is known meanwhile; may be empty
    /// @return whether it came true within the bound
    boolean await(String what, Supplier<String> detail, BooleanSupplier condition, Duration bound) {
        return await(what, detail, condition, () -> true, bound);
    }

    /// As above, for waits that can end in vain before their bound.
    ///
    /// @param over whether there is nothing more to wait for
    /// @param good asked when it is over: whether it came true
    boolean await(
            String what,
            Supplier<String> detail,
            BooleanSupplier over,
            BooleanSupplier good,
            Duration bound) {
        long began = System.nanoTime();
        Duration slice = terminal ? REPAINT : STILL;
        while (true) {
            Duration left = bound.minusNanos(System.nanoTime() - began);
            Duration look = left.compareTo(slice) < 0 ? left : slice;
            boolean held = Waiting.until(over, look.isNegative() ? Duration.ZERO : look);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (held && good.getAsBoolean()) {
                clear();
                done(what, took);
                return true;
            }
            if (held) {
                clear();
                wrong("in vain: " + what);
                return false;
            }
            if (took.compareTo(bound) >= 0) {
                clear();
                wrong("not within " + Texts.span(bound) + ": " + what + brackets(detail.get()));
                return false;
            }
            still(what, took, detail.get());
        }
    }

    private void still(String what, Duration took, String detail) {
        String line =
                "  "
                        + style.sign("…", "..")
                        + " "
                        + what
                        + " ("
                        + Texts.span(took)
                        + ")"
                        + brackets(detail);
        if (terminal) {
            out.print(CLEAR_LINE + Texts.cut(line, style.width() - 1, style.ascii()));
        } else {
            out.println(line);
        }
        out.flush();
    }

    private void clear() {
        if (terminal) {
            out.print(CLEAR_LINE);
        }
    }

    private static String brackets(String detail) {
        return detail.isEmpty() ? "" : " [" + Texts.printable(detail) + "]";
    }
}
