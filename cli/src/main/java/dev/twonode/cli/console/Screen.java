package dev.twonode.cli.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/// The terminal's other screen, repainted at every look. One thread looks, which may take seconds
/// when a node is down; the command's own thread paints and reads keys, so that `q` always works.
/// However it ends, by a key or a signal, the terminal is put back as it was.
final class Screen {

    private static final long KEY_WAIT_MS = 100;
    private static final String KEYS = "q quit  r look again";

    private final PrintWriter out;
    private final Duration interval;
    private final AtomicReference<Watch.@Nullable Frame> latest = new AtomicReference<>();
    private final AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();
    private final SynchronousQueue<Boolean> again = new SynchronousQueue<>();

    /// @param out standard output, which is the terminal
    Screen(PrintWriter out, Duration interval) {
        this.out = out;
        this.interval = interval;
    }

    void show(Supplier<Watch.Frame> look) {
        // Nobody waits for what the terminal says of its handling of composed characters.
        System.setProperty(TerminalBuilder.PROP_GRAPHEME_CLUSTER, "false");
        try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).build()) {
            Attributes before = takeKeys(terminal);
            Thread leaver = leaver(terminal);
            Runtime.getRuntime().addShutdownHook(leaver);
            terminal.puts(Capability.enter_ca_mode);
            terminal.puts(Capability.cursor_invisible);
            Thread looker = Thread.ofPlatform().daemon().name("look").start(() -> lookOn(look));
            try {
                paintOn(terminal);
            } finally {
                looker.interrupt();
                terminal.setAttributes(before);
                terminal.puts(Capability.cursor_normal);
                terminal.puts(Capability.exit_ca_mode);
                terminal.flush();
                forget(leaver);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the terminal cannot be used", e);
        }
    }

    /// Lets single keys through. Ctrl-C stays the kernel's business, so that it works whatever this
    /// process is busy with; a suspended screen would leave the shell without its terminal. The
    /// kernel sends the signal before it throws away what is on its way to the terminal, by then
    /// perhaps what leaves the screen, unless it is told to throw nothing away.
    private static Attributes takeKeys(Terminal terminal) {
        Attributes before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(LocalFlag.ISIG, true);
        raw.setLocalFlag(LocalFlag.NOFLSH, true);
        raw.setControlChar(ControlChar.VSUSP, 0);
        terminal.setAttributes(raw);
        return before;
    }

    /// For the end by a signal. The library has a hook of its own, which puts the attributes back
    /// and closes the terminal, so this one writes past it.
    private Thread leaver(Terminal terminal) {
        String leave =
                sequence(terminal, Capability.cursor_normal)
                        + sequence(terminal, Capability.exit_ca_mode);
        return new Thread(
                () -> {
                    out.print(leave);
                    out.flush();
                },
                "leave-screen");
    }

    private void lookOn(Supplier<Watch.Frame> look) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                latest.set(look.get());
                again.poll(interval.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            broken.set(e);
        }
    }

    private void paintOn(Terminal terminal) throws IOException {
        NonBlockingReader keys = terminal.reader();
        Watch.@Nullable Frame shown = null;
        @Nullable Size size = null;
        while (true) {
            RuntimeException problem = broken.get();
            if (problem != null) {
                throw problem;
            }
            Watch.Frame frame = latest.get();
            Size now = terminal.getSize();
            if (!Objects.equals(frame, shown) || !now.equals(size)) {
                paint(terminal, frame, now);
                shown = frame;
                size = now;
            }
            int key = keys.read(KEY_WAIT_MS);
            if (key == 'q' || key == NonBlockingReader.EOF || Thread.interrupted()) {
                return;
            }
            if (key == 'r') {
                again.offer(true);
            }
        }
    }

    /// Paints over what is there. The library's own way would turn the lines of tables into codes
    /// of the alternate character set, which terminals such as PuTTY show as letters.
    private static void paint(Terminal terminal, Watch.@Nullable Frame frame, Size size) {
        int rows = Math.max(2, size.getRows());
        int columns = Math.max(20, size.getColumns());
        List<String> lines =
                frame == null ? List.of("asking the nodes ...") : frame.lines(columns - 1);
        String endOfLine = sequence(terminal, Capability.clr_eol);
        StringBuilder screen = new StringBuilder(sequence(terminal, Capability.cursor_home));
        for (String line : lines.subList(0, Math.min(lines.size(), rows - 1))) {
            screen.append(cut(line, columns)).append(endOfLine).append("\r\n");
        }
        screen.append(sequence(terminal, Capability.clr_eos));
        screen.append(sequence(terminal, Capability.cursor_address, rows - 1, 0)).append(KEYS);
        terminal.writer().print(screen);
        terminal.flush();
    }

    private static String cut(String line, int columns) {
        AttributedString text = AttributedString.fromAnsi(line);
        return text.columnLength() <= columns ? line : text.columnSubSequence(0, columns).toAnsi();
    }

    private static String sequence(Terminal terminal, Capability capability, Object... values) {
        String known = terminal.getStringCapability(capability);
        return known == null ? "" : Curses.tputs(known, values);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is going down already, and the hook with it.
            return;
        }
    }
}
