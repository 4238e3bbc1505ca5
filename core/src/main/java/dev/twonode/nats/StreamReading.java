package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what the JetStream API says of streams and messages into the words of the port.
final class StreamReading {

    private StreamReading() {}

    /// Facts from an answer that carries a stream's `config`, `state` and `created`.
    static StreamFacts facts(String bucket, String serverId, JsonNode info) throws StoreException {
        return facts(bucket, serverId, time(info.path("created").asText()), info);
    }

    /// Facts from an answer that does not say when the stream was created.
    static StreamFacts facts(String bucket, String serverId, Instant created, JsonNode info) {
        JsonNode config = info.path("config");
        JsonNode state = info.path("state");
        long first = state.path("first_seq").asLong();
        long last = state.path("last_seq").asLong();
        long messages = state.path("messages").asLong();
        return new StreamFacts(
                serverId,
                created,
                StreamShape.face(bucket, config),
                first,
                last,
                messages,
                messages == 0 ? 0 : last - first + 1 - messages,
                state.path("bytes").asLong(),
                config.path("max_msgs_per_subject").asInt());
    }

    /// A message as MSG.GET returns it.
    static StoredMessage message(JsonNode message) throws StoreException {
        try {
            return new StoredMessage(
                    message.path("seq").asLong(),
                    message.path("subject").asText(),
                    headers(message.path("hdrs").binaryValue()),
                    data(message.path("data").binaryValue()),
                    time(message.path("time").asText()));
        } catch (IOException e) {
            throw new StoreException(Kind.UNKNOWN, "a message that cannot be read", e);
        }
    }

    static Instant time(String text) throws StoreException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new StoreException(Kind.UNKNOWN, "not a time: '" + text + "'", e);
        }
    }

    private static byte[] data(byte @Nullable [] value) {
        return value == null ? new byte[0] : value;
    }

    /// Parses a header block, `NATS/1.0` first and one `Name: value` a line.
    static Map<String, List<String>> headers(byte @Nullable [] block) {
        if (block == null || block.length == 0) {
            return Map.of();
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        List<String> lines = new String(block, StandardCharsets.UTF_8).lines().skip(1).toList();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        return headers;
    }
}
