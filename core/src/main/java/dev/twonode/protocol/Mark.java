package dev.twonode.protocol;

/// What a fence says of itself in the stream's metadata: who closed the stream, and the number of
/// the term for which that was done. A mark of the other node is a foreign mark (rules S1, G4).
///
/// @param term number of a term known to the one who fenced, 0 when there was none yet
/// @param by the node whose agent fenced the stream
public record Mark(long term, NodeName by) {

    public Mark {
        if (term < 0) {
            throw new IllegalArgumentException("negative term in a mark: " + term);
        }
    }
}
