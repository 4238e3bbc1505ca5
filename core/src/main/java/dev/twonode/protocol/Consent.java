package dev.twonode.protocol;

import java.util.Objects;

/// One node's word that the other may lead: the only way to get a right from the peer (rule K1).
/// Its giver has journalled it before it is sent.
///
/// @param number number of the term that `who` may lead
/// @param who the node that may lead
/// @param endSeq the giver's own last sequence; [#UNKNOWN] when its store does not answer
/// @param counter the giver's counter when it consented; orders it against in-sync requests (K2)
public record Consent(long number, NodeName who, long endSeq, long counter) {

    public Consent {
        Objects.requireNonNull(who, "who");
    }

    /// The giver cannot read its own stream.
    public static final long UNKNOWN = -1;
}
