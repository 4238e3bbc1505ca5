package dev.twonode.protocol;

import org.jspecify.annotations.Nullable;

/// From which server processes the content of a node's stream came. What one process took in is one
/// stream, in however many terms: who copied from it may hold what was written in terms of which it
/// never heard (rules T2, G3).
///
/// @param led the one in which this node led last, null when it never did
/// @param copied the one from whose stream this node copied last, null when it never did
/// @param copiedIn number of the term in which it did, 0 for none
public record Origin(@Nullable String led, @Nullable String copied, long copiedIn) {

    /// Nothing is known.
    public static final Origin NONE = new Origin(null, null, 0);

    Origin leading(String server) {
        return new Origin(server, copied, copiedIn);
    }

    /// @param server the leader's server, empty when it did not say
    Origin copying(String server, long term) {
        return server.isEmpty() ? new Origin(led, null, 0) : new Origin(led, server, term);
    }

    /// The stream was open under a term of which the history tells nothing: what it holds may be
    /// nobody's copy.
    Origin open() {
        return new Origin(led, null, 0);
    }

    /// Whether the other node copied last from the process in which this one led last.
    boolean isSourceOf(Origin other) {
        return led != null && led.equals(other.copied());
    }
}
