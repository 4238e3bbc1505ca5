package dev.twonode.logging;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One event on its way to the log.
///
/// @param time when
/// @param level how grave
/// @param logger who says so
/// @param message what, in words
/// @param fields the values, in order
/// @param cause what was thrown, null when nothing was
record LogLine(
        Instant time,
        Level level,
        String logger,
        String message,
        List<Field> fields,
        @Nullable Throwable cause) {

    static LogLine of(
            Level level,
            String logger,
            String message,
            @Nullable Throwable cause,
            Field... fields) {
        return new LogLine(Instant.now(), level, logger, message, List.of(fields), cause);
    }

    /// What is seen when somebody else's handler prints it.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(message);
        for (Field field : fields) {
            text.append(' ').append(field.key()).append('=').append(field.value());
        }
        return text.toString();
    }
}
