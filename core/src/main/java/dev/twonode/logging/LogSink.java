package dev.twonode.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// The end of every log line: writes it to the process's standard error, whole, in one call.
final class LogSink extends Handler {

    private final OutputStream output;
    private final LineStyle style;

    LogSink(OutputStream output, LineStyle style, LogLevel least) {
        this.output = output;
        this.style = style;
        setLevel(least.toJul());
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            write(lineOf(record));
        }
    }

    /// Whether a line of that level is written at all.
    boolean isWanted(Level level) {
        return level.getSeverity() >= levelOf(getLevel()).getSeverity();
    }

    @Override
    public void flush() {
        // Every line is written through.
    }

    /// Standard error stays open for the lines that come after the runtime's own logging.
    @Override
    public void close() {
        flush();
    }

    /// Writes a line of ours, which need not come through `java.util.logging`.
    synchronized void write(LogLine line) {
        try {
            output.write(style.write(line).getBytes(StandardCharsets.UTF_8));
            output.flush();
        } catch (IOException e) {
            // Standard error is gone, so there is nobody left to tell.
            return;
        }
    }

    private static LogLine lineOf(LogRecord record) {
        String name = record.getLoggerName() == null ? "" : record.getLoggerName();
        return new LogLine(
                record.getInstant(),
                levelOf(record.getLevel()),
                name,
                messageOf(record),
                List.of(),
                record.getThrown());
    }

    private static String messageOf(LogRecord record) {
        String message = record.getMessage() == null ? "" : record.getMessage();
        Object[] parameters = record.getParameters();
        if (parameters == null || parameters.length == 0 || !message.contains("{")) {
            return message;
        }
        try {
            return MessageFormat.format(message, parameters);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }

    private static Level levelOf(java.util.logging.Level level) {
        int value = level.intValue();
        if (value >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (value >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARNING;
        }
        if (value >= java.util.logging.Level.INFO.intValue()) {
            return Level.INFO;
        }
        return value >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
    }
}
