package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Face;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The configurations that a bucket's stream may have. What kine's own settings choose is taken
/// from the stream itself; everything else has one value for each face.
///
/// @param bucket the KV bucket's name
/// @param history how many messages of one subject are kept
/// @param replicas the number of replicas that the stream asks for
record StreamShape(String bucket, int history, int replicas) {

    private static final String TERM = "twonode.term";
    private static final String BY = "twonode.by";
    private static final String BATCHES = "allow_atomic";

    /// What kine takes as its `revHistory`.
    private static final int MIN_HISTORY = 2;

    private static final int MAX_HISTORY = 64;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+");

    StreamShape {
        if (!TOKEN.matcher(bucket).matches()) {
            throw new IllegalArgumentException("not a bucket's name: '" + bucket + "'");
        }
    }

    /// The shape of an existing stream.
    static StreamShape of(String bucket, JsonNode config) {
        return new StreamShape(
                bucket,
                config.path("max_msgs_per_subject").asInt(),
                config.path("num_replicas").asInt());
    }

    String stream() {
        return "KV_" + bucket;
    }

    /// Where clients write.
    String clientSubjects() {
        return "$KV." + bucket + ".";
    }

    /// Where a session's copies are written; what follows is the subject below the bucket.
    String replicaSubjects(String session) {
        return "$TWONODE.replica." + bucket + "." + session + ".";
    }

    /// Where a session's placeholders are written. The session's token is part of it, so that late
    /// placeholders of an ended session fall away as its copies do.
    String gapSubjects(String session) {
        return "$TWONODE.gap." + bucket + "." + session + ".";
    }

    /// Placeholders of every session.
    String anyGap() {
        return "$TWONODE.gap." + bucket + ".>";
    }

    /// What kine's create call asks for.
    ObjectNode open() {
        ObjectNode config = Json.object();
        config.put("name", stream());
        config.put("description", "Holds kine key/values");
        config.putArray("subjects").add(clientSubjects() + ">");
        config.put("retention", "limits");
        config.put("storage", "file");
        config.put("discard", "new");
        config.put("max_msgs_per_subject", history);
        config.put("num_replicas", replicas);
        config.put("max_consumers", -1);
        config.put("max_msgs", -1);
        config.put("max_bytes", -1);
        config.put("max_msg_size", -1);
        config.put("duplicate_window", Duration.ofMinutes(2).toNanos());
        config.put("allow_direct", true);
        config.put("deny_delete", true);
        config.put("allow_rollup_hdrs", true);
        return config;
    }

    /// The same stream closed to clients. The server receives copies of one session only, yet it
    /// transforms those of any: what it received of the session before is stored after the change.
    ObjectNode fenced(Mark mark, String session) {
        if (!TOKEN.matcher(session).matches()) {
            throw new IllegalArgumentException("not a session's token: '" + session + "'");
        }
        ObjectNode config = open();
        config.putArray("subjects")
                .add(replicaSubjects(session) + ">")
                .add(gapSubjects(session) + ">");
        config.putObject("subject_transform")
                .put("src", replicaSubjects("*") + ">")
                .put("dest", clientSubjects() + ">");
        config.putObject("metadata")
                .put(TERM, Long.toString(mark.term()))
                .put(BY, mark.by().value());
        return config;
    }

    /// The same stream, which also takes atomic batches of messages.
    ObjectNode batched(Mark mark, String session) {
        return fenced(mark, session).put(BATCHES, true);
    }

    /// Tells which face a configuration shows.
    static Face face(String bucket, JsonNode config) {
        Optional<String> filled = filledFrom(config);
        if (filled.isPresent()) {
            return new Face.Foreign(filled.get());
        }
        StreamShape shape = of(bucket, config);
        if (shape.history < MIN_HISTORY || shape.history > MAX_HISTORY) {
            return new Face.Foreign(
                    "max_msgs_per_subject is "
                            + shape.history
                            + ", kine uses "
                            + MIN_HISTORY
                            + " to "
                            + MAX_HISTORY);
        }
        Optional<Face.Fenced> claimed = shape.claimedFence(config);
        if (claimed.isEmpty()) {
            return difference(shape.open(), config)
                    .<Face>map(Face.Foreign::new)
                    .orElseGet(Face.Open::new);
        }
        Face.Fenced fence = claimed.get();
        ObjectNode wanted =
                config.path(BATCHES).asBoolean()
                        ? shape.batched(fence.mark(), fence.session())
                        : shape.fenced(fence.mark(), fence.session());
        return difference(wanted, config).<Face>map(Face.Foreign::new).orElse(fence);
    }

    /// A stream that the server fills by itself, in the place of clients or beside them.
    private static Optional<String> filledFrom(JsonNode config) {
        JsonNode mirror = config.path("mirror");
        if (mirror.isObject()) {
            return Optional.of("it is a mirror of the stream " + mirror.path("name").asText());
        }
        return config.path("sources").isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "the server copies the stream "
                                + config.path("sources").path(0).path("name").asText()
                                + " into it (sources)");
    }

    /// The fence that a configuration claims to be, if it bears a well-formed mark and session.
    private Optional<Face.Fenced> claimedFence(JsonNode config) {
        JsonNode metadata = config.path("metadata");
        String term = metadata.path(TERM).asText();
        String by = metadata.path(BY).asText();
        Pattern replica =
                Pattern.compile(
                        Pattern.quote("$TWONODE.replica." + bucket + ".") + "([A-Za-z0-9_-]+)\\.>");
        Matcher subject = replica.matcher(config.path("subjects").path(0).asText());
        if (!NUMBER.matcher(term).matches() || !subject.matches()) {
            return Optional.empty();
        }
        try {
            Mark mark = new Mark(Long.parseLong(term), new NodeName(by));
            return Optional.of(new Face.Fenced(mark, subject.group(1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The first field in which a server's configuration is not the wanted one. The server's own
    /// `_nats.` metadata does not count, and neither do fields that are off or empty.
    static Optional<String> difference(JsonNode wanted, JsonNode actual) {
        Iterator<Map.Entry<String, JsonNode>> fields = wanted.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            JsonNode found = own(field.getKey(), actual.path(field.getKey()));
            if (!found.equals(field.getValue()) && !sameNumber(found, field.getValue())) {
                return Optional.of(
                        field.getKey() + " is " + shown(found) + ", not " + field.getValue());
            }
        }
        for (Map.Entry<String, JsonNode> field : actual.properties()) {
            JsonNode found = own(field.getKey(), field.getValue());
            if (!wanted.has(field.getKey()) && !isOff(found)) {
                return Optional.of(field.getKey() + " is set to " + shown(found));
            }
        }
        return Optional.empty();
    }

    private static JsonNode own(String field, JsonNode value) {
        if (!field.equals("metadata") || !value.isObject()) {
            return value;
        }
        ObjectNode kept = Json.object();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (!entry.getKey().startsWith("_nats.")) {
                kept.set(entry.getKey(), entry.getValue());
            }
        }
        return kept;
    }

    private static boolean sameNumber(JsonNode one, JsonNode other) {
        return one.isIntegralNumber() && other.isIntegralNumber() && one.asLong() == other.asLong();
    }

    private static boolean isOff(JsonNode value) {
        if (value.isContainerNode()) {
            return value.isEmpty();
        }
        return value.isNull()
                || (value.isBoolean() && !value.asBoolean())
                || (value.isNumber() && value.asLong() == 0)
                || (value.isTextual() && isNoChoice(value.asText()));
    }

    private static boolean isNoChoice(String text) {
        return text.isEmpty() || text.equals("none") || text.equals("default");
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : value.toString();
    }
}
