package dev.twonode.logging;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.ResourceBundle;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A logger with fields.
///
/// In a process that [LogSetup] has set up, lines go straight to its sink: `java.util.logging` lets
/// go of its handlers in a shutdown hook of its own, in no order with anybody else's, and the last
/// words of an agent must not be lost. Elsewhere they go through `System.Logger` like anybody's.
public final class Log {

    private static final Pattern NUMBERS = Pattern.compile("\\d+");

    private static volatile boolean silent;

    private final String name;
    private final System.Logger logger;

    private Log(String name) {
        this.name = name;
        this.logger = System.getLogger(name);
    }

    /// The log of a class.
    public static Log of(Class<?> owner) {
        return new Log(owner.getName());
    }

    /// For a process whose user is told by other means: nothing is logged from now on.
    public static void silence() {
        silent = true;
    }

    /// For people who look for a fault.
    public void debug(String message, Field... fields) {
        log(Level.DEBUG, message, null, fields);
    }

    /// What happened as it should.
    public void info(String message, Field... fields) {
        log(Level.INFO, message, null, fields);
    }

    /// What an operator may care about.
    public void warn(String message, Field... fields) {
        log(Level.WARNING, message, null, fields);
    }

    /// The same, with what caused it.
    public void warn(String message, Throwable cause, Field... fields) {
        log(Level.WARNING, message, cause, fields);
    }

    /// A warning that would otherwise come again and again: one line per cause and interval, which
    /// says how many were left out since the last.
    ///
    /// @param cause what makes two of them the same
    public void warnRarely(RateLimit limit, String cause, String message, Field... fields) {
        rarely(Level.WARNING, limit, cause, message, fields);
    }

    /// The same where the message is the cause: two that differ in nothing but numbers are one.
    public void warnOnce(RateLimit limit, String message, Field... fields) {
        rarely(Level.WARNING, limit, causeOf(message), message, fields);
    }

    /// The same for what somebody has to act on.
    public void errorOnce(RateLimit limit, String message, Field... fields) {
        rarely(Level.ERROR, limit, causeOf(message), message, fields);
    }

    private static String causeOf(String message) {
        return NUMBERS.matcher(message).replaceAll("#");
    }

    private void rarely(
            Level level, RateLimit limit, String cause, String message, Field... fields) {
        OptionalLong withheld = limit.admit(cause);
        if (withheld.isEmpty()) {
            return;
        }
        if (withheld.getAsLong() == 0) {
            log(level, message, null, fields);
            return;
        }
        Field[] more = Arrays.copyOf(fields, fields.length + 1);
        more[fields.length] = Field.field("withheld", withheld.getAsLong());
        log(level, message, null, more);
    }

    /// Somebody has to act.
    public void error(String message, Field... fields) {
        log(Level.ERROR, message, null, fields);
    }

    /// The same, with what caused it.
    public void error(String message, Throwable cause, Field... fields) {
        log(Level.ERROR, message, cause, fields);
    }

    private void log(Level level, String message, @Nullable Throwable cause, Field... fields) {
        LogSink sink = LogSetup.sink();
        if (sink != null) {
            if (sink.isWanted(level)) {
                sink.write(LogLine.of(level, name, message, cause, fields));
            }
        } else if (!silent && logger.isLoggable(level)) {
            LogLine line = LogLine.of(level, name, message, cause, fields);
            logger.log(level, (ResourceBundle) null, line.toString(), cause);
        }
    }

    /// How a time reads in a line.
    public static Field milliseconds(String key, Duration duration) {
        return Field.field(key, duration.toMillis());
    }
}
