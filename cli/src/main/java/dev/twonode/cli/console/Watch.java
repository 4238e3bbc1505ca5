package dev.twonode.cli.console;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Looks again and again, until somebody ends it.
public final class Watch {

    private final Streams streams;
    private final Map<String, String> variables;
    private final Duration interval;

    /// @param streams where to write
    /// @param variables the environment
    /// @param interval time between two looks
    public Watch(Streams streams, Map<String, String> variables, Duration interval) {
        this.streams = streams;
        this.variables = variables;
        this.interval = interval;
    }

    /// One look, drawn for any width, since the terminal may be resized between two looks.
    @FunctionalInterface
    public interface Frame {
        List<String> lines(int width);
    }

    /// Whether there is a terminal that can show a screen and send keys.
    public boolean hasScreen() {
        String term = variables.getOrDefault("TERM", "");
        return streams.terminals().in()
                && streams.terminals().out()
                && !term.isEmpty()
                && !term.equals("dumb");
    }

    /// Shows each look on the terminal's other screen until `q` is typed.
    public void onScreen(Supplier<Frame> look) {
        new Screen(streams.out(), interval).show(look);
    }

    /// Writes a line whenever a look has one, until the reader goes away or the thread is
    /// interrupted.
    public void asLines(Supplier<Optional<String>> look) {
        while (true) {
            look.get().ifPresent(streams.out()::println);
            streams.out().flush();
            if (streams.out().checkError()) {
                return;
            }
            try {
                // The operator asked for a look every so often, not for what happens between.
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
