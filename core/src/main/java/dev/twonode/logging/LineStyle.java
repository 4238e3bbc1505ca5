package dev.twonode.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes one event as one line of text. No input can make a second line of it or move a terminal's
/// cursor: control characters come out escaped.
///
/// @param format PLAIN, LOGFMT or JSON
/// @param isJournal whether journald reads the lines: it has times of its own, and wants the
///   priority in front
/// @param always fields of every line
/// @param zone the zone of PLAIN times; the other formats are in UTC
record LineStyle(LogFormat format, boolean isJournal, List<Field> always, ZoneId zone) {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");

    LineStyle {
        always = List.copyOf(always);
        if (format == LogFormat.AUTO) {
            throw new IllegalArgumentException("AUTO is decided before lines are written");
        }
    }

    /// The line with its line end.
    String write(LogLine line) {
        StringBuilder text = new StringBuilder(160);
        if (isJournal) {
            text.append('<').append(priority(line)).append('>');
        }
        switch (format) {
            case PLAIN, AUTO -> plain(text, line);
            case LOGFMT -> logfmt(text, line);
            case JSON -> json(text, line);
        }
        return text.append('\n').toString();
    }

    private void plain(StringBuilder text, LogLine line) {
        if (!isJournal) {
            text.append(CLOCK.format(line.time().atZone(zone))).append(' ');
        }
        text.append("%-5s ".formatted(level(line)));
        escape(text, line.message(), false);
        for (Field field : fields(line)) {
            text.append(' ').append(field.key()).append('=');
            logfmtValue(text, field.value());
        }
        String cause = stackOf(line);
        if (cause != null) {
            text.append(" cause=");
            logfmtValue(text, cause);
        }
    }

    private void logfmt(StringBuilder text, LogLine line) {
        if (!isJournal) {
            text.append("time=").append(stamp(line)).append(' ');
        }
        text.append("level=").append(level(line)).append(" msg=");
        logfmtValue(text, line.message());
        for (Field field : fields(line)) {
            text.append(' ').append(field.key()).append('=');
            logfmtValue(text, field.value());
        }
        text.append(" logger=").append(shortLogger(line));
        String cause = stackOf(line);
        if (cause != null) {
            text.append(" cause=");
            logfmtValue(text, cause);
        }
    }

    private void json(StringBuilder text, LogLine line) {
        text.append("{\"time\":\"").append(stamp(line)).append("\",\"level\":\"");
        text.append(level(line)).append("\",\"msg\":");
        quoted(text, line.message());
        for (Field field : fields(line)) {
            text.append(',');
            quoted(text, field.key());
            text.append(':');
            quoted(text, field.value());
        }
        text.append(",\"logger\":");
        quoted(text, shortLogger(line));
        String cause = stackOf(line);
        if (cause != null) {
            text.append(",\"cause\":");
            quoted(text, cause);
        }
        text.append('}');
    }

    private List<Field> fields(LogLine line) {
        return Stream.concat(always.stream(), line.fields().stream()).toList();
    }

    /// Plain when nothing in it could be misread, else in quotes.
    private static void logfmtValue(StringBuilder text, String value) {
        boolean isPlain = !value.isEmpty();
        for (int i = 0; i < value.length() && isPlain; i++) {
            char c = value.charAt(i);
            isPlain = c > ' ' && c != '"' && c != '=' && c != '\\' && !Character.isISOControl(c);
        }
        if (isPlain) {
            text.append(value);
        } else {
            quoted(text, value);
        }
    }

    private static void quoted(StringBuilder text, String value) {
        text.append('"');
        escape(text, value, true);
        text.append('"');
    }

    private static void escape(StringBuilder text, String value, boolean isQuoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '"', '\\' -> text.append(isQuoted ? "\\" : "").append(c);
                default -> {
                    if (isUnprintable(c)) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
    }

    /// Controls, the two Unicode line ends, and the marks that reverse the order of what follows.
    private static boolean isUnprintable(char c) {
        return Character.isISOControl(c)
                || c == '\u2028'
                || c == '\u2029'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }

    private static String level(LogLine line) {
        return switch (line.level()) {
            case ERROR, OFF -> "error";
            case WARNING -> "warn";
            case INFO -> "info";
            case DEBUG -> "debug";
            case TRACE, ALL -> "trace";
        };
    }

    /// As syslog numbers them.
    private static int priority(LogLine line) {
        return switch (line.level()) {
            case ERROR, OFF -> 3;
            case WARNING -> 4;
            case INFO -> 6;
            case DEBUG, TRACE, ALL -> 7;
        };
    }

    private static String stamp(LogLine line) {
        return STAMP.format(line.time().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC));
    }

    /// `dev.twonode.node.NodeDriver` is `node.NodeDriver`; others keep their whole name.
    private static String shortLogger(LogLine line) {
        String own = "dev.twonode.";
        String name = line.logger();
        return name.startsWith(own) ? name.substring(own.length()) : name;
    }

    private static @Nullable String stackOf(LogLine line) {
        Throwable cause = line.cause();
        if (cause == null) {
            return null;
        }
        StringWriter stack = new StringWriter();
        cause.printStackTrace(new PrintWriter(stack));
        return stack.toString().replace("\t", "  ").stripTrailing();
    }
}
