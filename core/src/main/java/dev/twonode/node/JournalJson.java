package dev.twonode.node;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Origin;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The text of a journal: one JSON object, readable by people, with a checksum over the rest of it.
///
/// The checksum is there because a flipped bit in a digit is still valid JSON, and a node that
/// believes a wrong term number can undo what was acknowledged.
final class JournalJson {

    static final int SCHEMA = 1;

    private static final String CHECKSUM = "checksum";

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    private JournalJson() {}

    /// The text is not a journal as it was written.
    static final class Damage extends Exception {
        private static final long serialVersionUID = 1L;

        Damage(String message) {
            super(message);
        }
    }

    /// The text was written by a later version.
    static final class Newer extends Exception {
        private static final long serialVersionUID = 1L;

        private final long schema;

        Newer(long schema) {
            super("schema " + schema);
            this.schema = schema;
        }

        long schema() {
            return schema;
        }
    }

    /// A journal and whose it is.
    ///
    /// @param bucket the bucket of its stream, empty in one that an earlier version wrote
    record Content(Journal journal, String bucket) {}

    static String encode(Content content) {
        Journal journal = content.journal();
        ObjectNode root = MAPPER.createObjectNode();
        root.put("schema", SCHEMA);
        root.put("bucket", content.bucket());
        root.put("node", journal.node().value());
        root.put("pairId", journal.pairId());
        root.put("highestTerm", journal.highestTerm());
        root.put("alone", journal.alone());
        root.put("resync", journal.resync());
        root.put("created", journal.created() == null ? null : journal.created().toString());
        root.put("commitSeq", journal.commitSeq());
        root.put("ceiling", journal.ceiling());
        jump(root, journal.jump());
        if (journal.fencedIn() != 0) {
            root.put("fencedIn", journal.fencedIn());
        }
        origin(root, journal.origin());
        if (journal.voidFrom() != 0) {
            root.put("voidFrom", journal.voidFrom());
        }
        Term unshown = journal.unshown();
        if (unshown != null) {
            term(root.putObject("unshown"), unshown);
        }
        ArrayNode history = root.putArray("history");
        for (Term term : journal.history().terms()) {
            term(history.addObject(), term);
        }
        root.put(CHECKSUM, checksumOf(root));
        return root.toPrettyString() + "\n";
    }

    static Content decode(String text) throws Damage, Newer {
        ObjectNode root = parse(text);
        long schema = whole(root, "schema");
        if (schema > SCHEMA) {
            throw new Newer(schema);
        }
        String checksum = text(root, CHECKSUM);
        root.remove(CHECKSUM);
        if (!checksum.equals(checksumOf(root))) {
            throw new Damage("its checksum is wrong");
        }
        try {
            return new Content(journal(root), root.has("bucket") ? text(root, "bucket") : "");
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new Damage(String.valueOf(e.getMessage()));
        }
    }

    private static Journal journal(ObjectNode root) throws Damage {
        String created = textOrNull(root, "created");
        return new Journal(
                textOrNull(root, "pairId"),
                new NodeName(text(root, "node")),
                whole(root, "highestTerm"),
                history(root.path("history")),
                created == null ? null : Instant.parse(created),
                truth(root, "alone"),
                truth(root, "resync"),
                whole(root, "commitSeq"),
                whole(root, "ceiling"),
                jump(root.path("jump")),
                root.has("fencedIn") ? whole(root, "fencedIn") : 0,
                origin(root.path("origin")),
                root.has("voidFrom") ? whole(root, "voidFrom") : 0,
                root.has("unshown") ? term(root.path("unshown")) : null);
    }

    private static void term(ObjectNode entry, Term term) {
        entry.put("number", term.number())
                .put("leader", term.leader().value())
                .put("startSeq", term.startSeq());
    }

    private static Term term(JsonNode entry) throws Damage {
        NodeName leader = new NodeName(text(entry, "leader"));
        return new Term(whole(entry, "number"), leader, whole(entry, "startSeq"));
    }

    private static void origin(ObjectNode root, Origin origin) {
        if (!origin.equals(Origin.NONE)) {
            root.putObject("origin")
                    .put("led", origin.led())
                    .put("copied", origin.copied())
                    .put("copiedIn", origin.copiedIn());
        }
    }

    private static Origin origin(JsonNode entry) throws Damage {
        return entry.isMissingNode()
                ? Origin.NONE
                : new Origin(
                        textOrNull(entry, "led"),
                        textOrNull(entry, "copied"),
                        whole(entry, "copiedIn"));
    }

    private static void jump(ObjectNode root, @Nullable Jump jump) {
        if (jump != null) {
            root.putObject("jump")
                    .put("term", jump.term())
                    .put("from", jump.from())
                    .put("to", jump.to())
                    .put("bounded", jump.bounded())
                    .put("stage", jump.stage().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private static @Nullable Jump jump(JsonNode entry) throws Damage {
        if (entry.isMissingNode()) {
            return null;
        }
        String stage = text(entry, "stage").toUpperCase(Locale.ROOT).replace('-', '_');
        return new Jump(
                whole(entry, "term"),
                whole(entry, "from"),
                whole(entry, "to"),
                truth(entry, "bounded"),
                Jump.Stage.valueOf(stage));
    }

    private static TermHistory history(JsonNode entries) throws Damage {
        if (!entries.isArray()) {
            throw new Damage("'history' is missing");
        }
        List<Term> terms = new ArrayList<>();
        for (JsonNode entry : entries) {
            terms.add(term(entry));
        }
        return new TermHistory(terms);
    }

    private static ObjectNode parse(String text) throws Damage {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode root) {
                return root;
            }
            throw new Damage("it is not a JSON object");
        } catch (JacksonException e) {
            String line = e.getLocation() == null ? "?" : "" + e.getLocation().getLineNr();
            throw new Damage("it is not JSON from line " + line + " on");
        }
    }

    private static long whole(JsonNode root, String key) throws Damage {
        JsonNode value = root.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
            throw new Damage("'" + key + "' is missing or no whole number");
        }
        return value.asLong();
    }

    private static boolean truth(JsonNode root, String key) throws Damage {
        JsonNode value = root.path(key);
        if (!value.isBoolean()) {
            throw new Damage("'" + key + "' is missing or neither true nor false");
        }
        return value.asBoolean();
    }

    private static String text(JsonNode root, String key) throws Damage {
        String value = textOrNull(root, key);
        if (value == null) {
            throw new Damage("'" + key + "' is missing");
        }
        return value;
    }

    private static @Nullable String textOrNull(JsonNode root, String key) throws Damage {
        JsonNode value = root.path(key);
        if (value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new Damage("'" + key + "' is missing or no text");
        }
        return value.asText();
    }

    /// Over the content without its white space, so that an editor's reformatting does no harm.
    private static String checksumOf(ObjectNode root) {
        CRC32C crc = new CRC32C();
        crc.update(root.toString().getBytes(StandardCharsets.UTF_8));
        return "crc32c:%08x".formatted(crc.getValue());
    }
}
