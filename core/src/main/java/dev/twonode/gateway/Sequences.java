package dev.twonode.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.gateway.wire.Frame;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the highest sequence of the bucket's stream that a message from a server gives away: in
/// what a delivery is acknowledged to, in the headers of a direct answer, in the JSON of an answer.
final class Sequences {

    /// A message that says nothing of the stream.
    static final long NONE = 0;

    private static final String ACK = "$JS.ACK.";
    private static final int TOKENS_V1 = 9;
    private static final int TOKENS_V2 = 11;
    private static final byte[][] KEYS = {
        bytes("\"seq\":"),
        bytes("\"last_seq\":"),
        bytes("\"stream_seq\":"),
        bytes("last sequence: "),
    };
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String stream;
    private final byte[] ackStart;

    Sequences(Bucket bucket) {
        this.stream = bucket.stream();
        this.ackStart = bytes("{\"stream\":\"" + stream + "\"");
    }

    /// Whether a message is the server's own: anybody can publish what looks like its answer, and a
    /// stream need not have the sequence that such a message names.
    static boolean isOfServer(Frame.Message message, @Nullable Purpose purpose) {
        String reply = message.reply();
        boolean answers = purpose != null && purpose.isSequenced();
        return answers || (reply != null && reply.startsWith(ACK));
    }

    /// @param purpose what was asked if this is the answer to a request, else null
    long of(Frame.Message message, @Nullable Purpose purpose) {
        String reply = message.reply();
        if (reply != null && reply.startsWith(ACK)) {
            return delivered(reply);
        }
        long found = message.hasHeaders() ? inHeaders(message, purpose) : NONE;
        if (purpose == Purpose.SURVEY) {
            return Math.max(found, inSurvey(message));
        }
        boolean answers = purpose != null && purpose.isSequenced();
        return answers || startsAsAck(message) ? Math.max(found, inText(message)) : found;
    }

    /// `$JS.ACK.stream.consumer.delivered.sequence.…`, or with domain and account before them.
    private long delivered(String reply) {
        String[] tokens = reply.split("\\.", -1);
        int at =
                switch (tokens.length) {
                    case TOKENS_V1 -> 2;
                    default -> tokens.length < TOKENS_V2 ? -1 : 4;
                };
        return at > 0 && tokens[at].equals(stream) ? number(tokens[at + 3]) : NONE;
    }

    private long inHeaders(Frame.Message message, @Nullable Purpose purpose) {
        boolean ours =
                stream.equals(message.header("Nats-Stream"))
                        || (purpose == Purpose.READ && message.status() != 0);
        if (!ours) {
            return NONE;
        }
        long found = number(message.header("Nats-Sequence"));
        found = Math.max(found, number(message.header("Nats-Last-Sequence")));
        return Math.max(found, number(message.header("Nats-UpTo-Sequence")));
    }

    private boolean startsAsAck(Frame.Message message) {
        return message.payloadLength() >= ackStart.length
                && isAt(message.bytes(), message.payloadAt(), ackStart);
    }

    private static long inText(Frame.Message message) {
        byte[] bytes = message.bytes();
        long highest = NONE;
        int end = message.end();
        for (int at = message.payloadAt(); at < end; at++) {
            if (bytes[at] != '"' && bytes[at] != 'l') {
                continue;
            }
            for (byte[] key : KEYS) {
                if (end - at > key.length && isAt(bytes, at, key)) {
                    highest = Math.max(highest, number(bytes, at + key.length, end));
                }
            }
        }
        return highest;
    }

    /// A list names other streams too, whose sequences mean nothing here.
    private long inSurvey(Frame.Message message) {
        try {
            JsonNode streams = MAPPER.readTree(message.text()).path("streams");
            for (JsonNode each : streams) {
                if (each.path("config").path("name").asText().equals(stream)) {
                    return each.path("state").path("last_seq").asLong();
                }
            }
            return NONE;
        } catch (JsonProcessingException e) {
            return NONE;
        }
    }

    private static boolean isAt(byte[] bytes, int at, byte[] key) {
        for (int i = 0; i < key.length; i++) {
            if (bytes[at + i] != key[i]) {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] bytes, int from, int end) {
        long number = 0;
        int at = from;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && number < Long.MAX_VALUE / 20) {
            number = number * 10 + (bytes[at++] - '0');
        }
        return number;
    }

    private static long number(@Nullable String text) {
        return text == null ? NONE : number(bytes(text), 0, text.length());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
