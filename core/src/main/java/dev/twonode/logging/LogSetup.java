package dev.twonode.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Turns the process's log into lines on standard error, once, before the first line.
public final class LogSetup {

    /// Libraries that say at INFO what we say ourselves. Kept as loggers, since one that nobody
    /// refers to is collected with its level.
    private static final List<Logger> QUIET = List.of(Logger.getLogger("io.nats"));

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static volatile @Nullable LogSink current;

    private LogSetup() {}

    /// Sets the log of this process up.
    ///
    /// @param format form of the lines
    /// @param least least level that is logged
    /// @param always fields of every line, such as the node's name
    public static void configure(LogFormat format, LogLevel least, List<Field> always) {
        boolean isJournal = isJournal(System.getenv(), STANDARD_ERROR);
        LineStyle style =
                new LineStyle(
                        decide(format, isTerminal(STANDARD_ERROR)),
                        isJournal,
                        always,
                        ZoneId.systemDefault());
        install(new FileOutputStream(FileDescriptor.err), style, least);
    }

    static void install(OutputStream output, LineStyle style, LogLevel least) {
        LogSink sink = new LogSink(output, style, least);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.setLevel(least.toJul());
        root.addHandler(sink);
        boolean isTalkative = least.toJul().intValue() < Level.INFO.intValue();
        QUIET.forEach(logger -> logger.setLevel(isTalkative ? null : Level.WARNING));
        current = sink;
    }

    /// Where the lines of this process go, null before it is set up.
    static @Nullable LogSink sink() {
        return current;
    }

    /// Ends what [#install] began, for the next test in the same process.
    static void uninstall() {
        current = null;
    }

    static LogFormat decide(LogFormat format, boolean isTerminal) {
        if (format != LogFormat.AUTO) {
            return format;
        }
        return isTerminal ? LogFormat.PLAIN : LogFormat.LOGFMT;
    }

    /// Whether journald reads what is written to that file. The variable alone is no proof: it is
    /// inherited by a child whose output goes elsewhere, so it names the stream.
    static boolean isJournal(Map<String, String> environment, Path standardError) {
        String stream = environment.getOrDefault("JOURNAL_STREAM", "");
        if (stream.isEmpty()) {
            return false;
        }
        try {
            Object device = Files.getAttribute(standardError, "unix:dev");
            Object inode = Files.getAttribute(standardError, "unix:ino");
            return stream.equals(device + ":" + inode);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// The launcher has looked, since the shell can at no cost; without it the name of what
    /// standard error leads to tells.
    private static boolean isTerminal(Path standardError) {
        String terminals = System.getProperty("twonode.terminals");
        if (terminals != null) {
            return terminals.contains("2");
        }
        try {
            String target = Files.readSymbolicLink(standardError).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
