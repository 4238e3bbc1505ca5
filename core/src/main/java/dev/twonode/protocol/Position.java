package dev.twonode.protocol;

import java.util.Comparator;

/// How far a node's stream goes, compared term first as in Raft's log comparison (rule T4).
///
/// @param term number of the term that owns the last message, 0 when the stream never had one
/// @param lastSeq the stream's last sequence, 0 when nothing was ever stored
public record Position(long term, long lastSeq) implements Comparable<Position> {

    /// Below every position that a stream can have.
    public static final Position NONE = new Position(0, 0);

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::term).thenComparingLong(Position::lastSeq);

    public Position {
        if (term < 0 || lastSeq < 0) {
            throw new IllegalArgumentException("negative position: " + term + "/" + lastSeq);
        }
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return term + ":" + lastSeq;
    }
}
