package dev.twonode.protocol;

import java.util.Objects;

/// A leader's server did not store what clients of a node's gateway wrote, and not because of what
/// was written (rule H1).
///
/// @param term the leader's term, which lives in one server process (rule T2)
/// @param why in the server's words
/// @param lasted for how long it has stored none, as far as clients tried, in milliseconds
public record Refusal(Term term, String why, long lasted) {
    public Refusal {
        Objects.requireNonNull(term, "term");
        Objects.requireNonNull(why, "why");
    }
}
