package dev.twonode.replication;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.replication.OrphanExport.Acknowledged;
import dev.twonode.replication.OrphanExport.Origin;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The format of an export: one JSON object a line, the first describes the others.
final class OrphanLines {

    private static final String KIND = "twonode-orphans";
    private static final int SCHEMA = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private OrphanLines() {}

    /// What the first line says.
    record Header(Origin origin, Instant time, Verdict.Orphans range) {}

    static void writeHeader(OutputStream out, Header header) throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringField("kind", KIND);
            json.writeNumberField("schema", SCHEMA);
            json.writeStringField("pair", header.origin().pair());
            json.writeStringField("node", header.origin().node());
            json.writeStringField("time", header.time().toString());
            json.writeNumberField("term", header.range().term());
            json.writeNumberField("fork", header.range().fork());
            json.writeNumberField("from", header.range().from());
            json.writeNumberField("to", header.range().to());
            json.writeNumberField("count", header.range().count());
            json.writeStringField("acknowledged", header.origin().acknowledged().word());
            json.writeEndObject();
        }
        out.write('\n');
    }

    static void writeMessage(OutputStream out, StoredMessage message) throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeNumberField("sequence", message.sequence());
            json.writeStringField("subject", message.subject());
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, List<String>> header : message.headers().entrySet()) {
                json.writeArrayFieldStart(header.getKey());
                for (String value : header.getValue()) {
                    json.writeString(value);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeStringField("time", message.time().toString());
            json.writeBinaryField("payload", message.data());
            json.writeEndObject();
        }
        out.write('\n');
    }

    static Header readHeader(String line) throws IOException {
        JsonNode json = JSON.readTree(line);
        if (json == null || !KIND.equals(json.path("kind").asText())) {
            throw new IOException("the first line does not describe an export of orphans");
        }
        if (json.path("schema").asInt() != SCHEMA) {
            throw new IOException(
                    "written by another version of twonode (schema "
                            + json.path("schema").asInt()
                            + ")");
        }
        try {
            Origin origin =
                    new Origin(
                            json.path("pair").asText(),
                            json.path("node").asText(),
                            Acknowledged.of(json.path("acknowledged").asText()));
            Verdict.Orphans range =
                    new Verdict.Orphans(
                            json.path("term").asLong(),
                            json.path("fork").asLong(),
                            json.path("from").asLong(),
                            json.path("to").asLong(),
                            json.path("count").asLong());
            return new Header(origin, Instant.parse(json.path("time").asText()), range);
        } catch (RuntimeException damaged) {
            throw new IOException("the first line is damaged", damaged);
        }
    }

    private static JsonGenerator generator(OutputStream out) throws IOException {
        return JSON.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    }
}
