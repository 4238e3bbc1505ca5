package dev.twonode.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as people write them: `250ms`, `1.5s`, `1m`, `1h30m`; whole milliseconds, up to a year.
public final class DurationText {

    private static final Pattern PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|s|m|h)");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(366).toMillis());

    private DurationText() {}

    /// Reads a time.
    ///
    /// @throws IllegalArgumentException if the text is none; the message says what one looks like
    public static Duration parse(String text) {
        String trimmed = text.strip();
        if (trimmed.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = PART.matcher(trimmed);
        BigDecimal millis = BigDecimal.ZERO;
        int end = 0;
        while (end < trimmed.length() && part.find(end) && part.start() == end) {
            millis = millis.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
            end = part.end();
        }
        if (end == 0 || end < trimmed.length()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time; write one like 250ms, 1.5s or 2m");
        }
        if (millis.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("'" + text + "' is longer than a year");
        }
        return Duration.ofMillis(wholeMillis(millis, text));
    }

    /// The shortest text that [#parse] reads back as the same time, to the millisecond.
    public static String print(Duration duration) {
        long millis = duration.toMillis();
        if (millis != 0 && millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis != 0 && millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        if (millis != 0 && millis % 100 == 0 && millis >= 1_000) {
            return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
        }
        return millis + "ms";
    }

    private static BigDecimal unit(String name) {
        return switch (name) {
            case "ms" -> BigDecimal.ONE;
            case "s" -> BigDecimal.valueOf(1_000);
            case "m" -> BigDecimal.valueOf(60_000);
            default -> BigDecimal.valueOf(3_600_000);
        };
    }

    private static long wholeMillis(BigDecimal millis, String text) {
        try {
            return millis.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is finer than a millisecond, which is the finest here", e);
        }
    }
}
