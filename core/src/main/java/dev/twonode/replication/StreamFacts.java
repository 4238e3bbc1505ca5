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
public record StreamFacts(
        String serverId,
        Instant created,
        Face face,
        long firstSeq,
        long lastSeq,
        long messages,
        long deleted,
        long bytes) {}
