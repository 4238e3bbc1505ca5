package dev.twonode.protocol;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the machine needs to know of one reading of a stream.
///
/// @param serverId the server process that answered (rule T2)
/// @param created the stream's creation stamp
/// @param face which face it showed
/// @param firstSeq its first sequence
/// @param lastSeq its last sequence; final when the reading is the answer to a fence
/// @param messages how many messages it holds, null where only its end is known
public record Reading(
        String serverId,
        Instant created,
        Face face,
        long firstSeq,
        long lastSeq,
        @Nullable Long messages) {

    /// Which face a stream shows.
    public sealed interface Face {

        /// Clients may write.
        record Open() implements Face {}

        /// Only the replicator may write.
        record Fenced(Mark mark) implements Face {}

        /// Somebody changed the stream by hand, or it never was kine's.
        record Foreign(String why) implements Face {}
    }

    boolean isOpen() {
        return face instanceof Face.Open;
    }

    /// Whether somebody other than `node` closed this stream (rule G4).
    boolean fencedByOther(NodeName node) {
        return face instanceof Face.Fenced(Mark mark) && !mark.by().equals(node);
    }
}
