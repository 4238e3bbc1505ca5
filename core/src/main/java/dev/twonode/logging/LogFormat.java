package dev.twonode.logging;

/// The form of log lines.
public enum LogFormat {
    /// Plain on a terminal, else logfmt.
    AUTO,
    /// Time, level, message, then the fields: for people.
    PLAIN,
    /// `key=value` pairs.
    LOGFMT,
    /// One JSON object per line.
    JSON
}
