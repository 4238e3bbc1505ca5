package dev.twonode.replication;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One message as a stream holds it. The array is shared, not copied: nobody changes it.
///
/// @param sequence its sequence, 1 or more
/// @param subject the subject under which it is stored
/// @param headers its headers in order, names as written; empty when it has none
/// @param data its payload
/// @param time when its stream stored it
@SuppressWarnings("ArrayRecordComponent") // a hot path; equality of payloads is asked for by name
public record StoredMessage(
        long sequence,
        String subject,
        Map<String, List<String>> headers,
        byte[] data,
        Instant time) {}
