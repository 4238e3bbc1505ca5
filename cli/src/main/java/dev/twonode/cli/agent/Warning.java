package dev.twonode.cli.agent;

import java.util.Locale;

/// Something that is not as it should be, and what to do about it.
///
/// @param code one word for scripts
/// @param severity how bad it is
/// @param node the node that it concerns, empty when it is the pair
/// @param message what is wrong, one sentence
/// @param next what to do, a command where there is one
public record Warning(String code, Severity severity, String node, String message, String next) {

    /// How bad something is.
    public enum Severity {
        /// Nothing is broken; somebody should look in daylight.
        NOTE,
        /// The pair is whole; somebody has to do something by hand.
        TASK,
        /// Writes work, but the next failure may stop them.
        DEGRADED,
        /// Writes do not work, or may be lost.
        CRITICAL,
        /// The two histories disagree; only an operator can decide.
        DIVERGED;

        /// Whether both nodes do what they are there for.
        public boolean isFine() {
            return this == NOTE || this == TASK;
        }

        /// The word in JSON.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
