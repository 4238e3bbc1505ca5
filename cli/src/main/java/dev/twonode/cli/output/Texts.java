package dev.twonode.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/// Numbers, sizes and times as a person reads them, and how wide a text is on a terminal.
public final class Texts {

    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Texts() {}

    /// `2,823`.
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// `2,823 messages`.
    public static String messages(long number) {
        return number == 1 ? "1 message" : count(number) + " messages";
    }

    /// `12 KiB`, powers of 1,024.
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1_024 && unit < UNITS.length - 1) {
            value /= 1_024;
            unit++;
        }
        String form = unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, form, value, UNITS[unit]);
    }

    /// `120 ms`, `1.5 s`, `2 min 5 s`, `3 h 10 min`, `4 d 2 h`.
    public static String span(Duration span) {
        long millis = span.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        if (millis < 3_600_000) {
            return span.toMinutes() + " min " + span.toSecondsPart() + " s";
        }
        if (millis < 86_400_000) {
            return span.toHours() + " h " + span.toMinutesPart() + " min";
        }
        return span.toDays() + " d " + span.toHoursPart() + " h";
    }

    /// A time stamp with milliseconds, the way it came if it is none.
    public static String time(String stamp) {
        try {
            return MILLIS.format(Instant.parse(stamp));
        } catch (DateTimeParseException e) {
            return printable(stamp);
        }
    }

    /// How many columns of a terminal a text takes: combining marks none, East Asian wide
    /// characters and pictographs two.
    public static int width(String text) {
        return text.codePoints().map(Texts::width).sum();
    }

    /// The text, cut to that many columns with a sign that something is missing.
    public static String cut(String text, int columns, boolean ascii) {
        if (width(text) <= columns) {
            return text;
        }
        String sign = ascii ? "~" : "…";
        StringBuilder kept = new StringBuilder();
        int used = 1;
        for (int point : text.codePoints().toArray()) {
            used += width(point);
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept + sign + " ".repeat(Math.max(0, columns - width(kept + sign)));
    }

    /// What an agent or a file says, fit for a terminal: control characters would move the cursor.
    public static String printable(String text) {
        return text.codePoints()
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int width(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT) {
            return 0;
        }
        boolean wide =
                (point >= 0x1100 && point <= 0x115F)
                        || (point >= 0x2E80 && point <= 0xA4CF)
                        || (point >= 0xAC00 && point <= 0xD7A3)
                        || (point >= 0xF900 && point <= 0xFAFF)
                        || (point >= 0xFE30 && point <= 0xFE6F)
                        || (point >= 0xFF00 && point <= 0xFF60)
                        || (point >= 0xFFE0 && point <= 0xFFE6)
                        || (point >= 0x1F300 && point <= 0x1FAFF)
                        || (point >= 0x20000 && point <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
