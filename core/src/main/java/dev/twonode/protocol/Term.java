package dev.twonode.protocol;

import java.util.Objects;

/// A period in which one node leads (rule T1).
///
/// @param number greater than that of every earlier term of the pair, 1 or more
/// @param leader the node that leads in it
/// @param startSeq the first sequence that belongs to it, 1 or more; lower ones belong to earlier
///   terms
public record Term(long number, NodeName leader, long startSeq) {

    public Term {
        Objects.requireNonNull(leader, "leader");
        if (number < 1) {
            throw new IllegalArgumentException("a term's number is at least 1, not " + number);
        }
        if (startSeq < 1) {
            throw new IllegalArgumentException("a term starts at 1 or later, not at " + startSeq);
        }
    }

    @Override
    public String toString() {
        return number + "/" + leader + "@" + startSeq;
    }
}
