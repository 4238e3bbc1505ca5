package dev.twonode.logging;

import java.util.logging.Level;

/// The least level that is logged.
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /// The level's name in `java.util.logging`, as `System.Logger` maps its own levels to it.
    public Level toJul() {
        return switch (this) {
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
            case TRACE -> Level.FINER;
        };
    }
}
