package dev.twonode.cli.command;

import dev.twonode.config.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time as it is typed: `250ms`, `1.5s`, `2m`.
///
/// @param duration the time
public record Span(Duration duration) {

    static final Span ZERO = new Span(Duration.ZERO);

    /// For picocli.
    public static final ITypeConverter<Span> CONVERTER =
            text -> {
                try {
                    return new Span(DurationText.parse(text));
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException(e.getMessage());
                }
            };

    boolean isZero() {
        return duration.isZero();
    }
}
