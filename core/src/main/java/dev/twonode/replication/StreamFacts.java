package dev.twonode.replication;

import java.time.Instant;

/// One reading of a stream.
///
/// @param serverId id of the server process that answered
/// @param created the stream's own creation stamp; another stamp is another stream
/// @param face open, fenced, or neither
/// @param firstSeq first sequence, 0 in a stream that never held anything
/// @param lastSeq last sequence ever given, 0 when none was
/// @param messages number of messages present
/// @param deleted number of sequences between first and last that are absent
/// @param bytes size of the stored messages
/// @param perSubject how many messages of one subject are kept (kine's history)
public record StreamFacts(
        String serverId,
        Instant created,
        Face face,
        long firstSeq,
        long lastSeq,
        long messages,
        long deleted,
        long bytes,
        int perSubject) {

    /// Whether no message is present, whatever sequences were given out.
    public boolean isEmpty() {
        return messages == 0;
    }

    /// Whether both hold the same range of sequences and the same number of messages.
    public boolean holdsAsMuchAs(StreamFacts other) {
        return lastSeq == other.lastSeq
                && messages == other.messages
                && (messages == 0 || firstSeq == other.firstSeq);
    }
}
