package dev.twonode.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.ConstructorDetector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Consent;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What agents say to each other: one JSON object a message, unknown fields ignored, bounded in
/// size. A message that cannot be read means nothing.
final class Wire {

    /// A history of some ten thousand terms fits.
    private static final int MAX_BYTES = 1 << 20;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .constructorDetector(ConstructorDetector.USE_PROPERTIES_BASED)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .addMixIn(NodeName.class, AsText.class)
                    .addMixIn(TermHistory.class, AsList.class)
                    .build();

    private Wire() {}

    /// A node's name is a string.
    @SuppressWarnings("UnusedVariable") // a mixin: only its annotations count
    private abstract static class AsText {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        AsText(String value) {}

        @JsonValue
        abstract String value();
    }

    /// A history is a list of terms.
    @SuppressWarnings("UnusedVariable") // a mixin: only its annotations count
    private abstract static class AsList {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        AsList(List<Term> terms) {}

        @JsonValue
        abstract List<Term> terms();
    }

    /// A follower's durable sequence, told to its leader.
    ///
    /// @param sender the follower
    /// @param term the term in which it was copied
    /// @param seq the durable sequence
    record Progress(Report.Sender sender, Term term, long seq) {
        Progress {
            Objects.requireNonNull(sender);
            Objects.requireNonNull(term);
        }
    }

    /// What a request for a leader's state may tell it: how far its stream goes at least, as a
    /// gateway of the other node saw.
    ///
    /// @param term number of the term in which it was seen, 0 for nothing
    /// @param seen the sequence
    record Sight(long term, long seen) {}

    /// The grant of a term.
    record Takeover(Report.Sender sender, Term term, Consent consent) {
        Takeover {
            Objects.requireNonNull(sender);
            Objects.requireNonNull(term);
            Objects.requireNonNull(consent);
        }
    }

    /// The request to void a grant.
    record Withdrawal(Report.Sender sender, long number) {
        Withdrawal {
            Objects.requireNonNull(sender);
        }
    }

    /// Writes and reads each kind of message once. Of what a message is made the library finds out
    /// at its first use, which takes some 20 ms: a takeover comes rarely, and has to be quick then.
    static void prepare(NodeName node) {
        Report.Sender sender = new Report.Sender("pair", node, "process", 1);
        Term term = new Term(1, node, 1);
        List.of(
                        new Sight(1, 1),
                        new Progress(sender, term, 1),
                        new Withdrawal(sender, 1),
                        new Takeover(sender, term, new Consent(1, node, 1, 1)))
                .forEach(Wire::rehearse);
    }

    private static void rehearse(Object message) {
        if (!read(bytes(message), message.getClass()).equals(Optional.of(message))) {
            throw new IllegalStateException("a message that does not arrive as it was sent");
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message that cannot be written", e);
        }
    }

    static <T> Optional<T> read(byte[] body, Class<T> type) {
        if (body.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(MAPPER.readValue(body, type));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The report in a heartbeat or in a `state` answer.
    static Optional<Report> report(JsonNode message) {
        try {
            return Optional.ofNullable(MAPPER.treeToValue(message.path("agent"), Report.class));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<JsonNode> tree(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            return Optional.of(object());
        }
        return read(body, JsonNode.class).filter(JsonNode::isObject);
    }
}
