package dev.twonode.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.twonode.gateway.wire.Frame;
import java.util.concurrent.TimeUnit;

/// How long a client waits for a consumer's next messages, and what it was promised meanwhile.
///
/// @param batch how many messages it wants
/// @param bytes how many bytes at most, 0 for any number
/// @param heartbeat how often it wants a sign of life, in milliseconds, 0 for never
/// @param expires how long it waits, in milliseconds, 0 when it does not say
record Pull(long batch, long bytes, long heartbeat, long expires) {

    /// The sign of life, as a server gives it.
    static final String HEARTBEAT = "100 Idle Heartbeat";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Pull of(Frame.Publish publish) {
        JsonNode said = json(publish.text());
        long batch = said.isNumber() ? said.asLong() : said.path("batch").asLong();
        return new Pull(
                Math.max(1, batch),
                said.path("max_bytes").asLong(),
                millis(said.path("idle_heartbeat")),
                millis(said.path("expires")));
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static long millis(JsonNode nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos.asLong());
    }

    /// What a server says when a pull's time is over and nothing came. It is no error: whoever goes
    /// on pulls anew.
    String timeout() {
        return "408 Request Timeout\r\nNats-Pending-Messages: "
                + batch
                + "\r\nNats-Pending-Bytes: "
                + bytes;
    }
}
