package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.replication.OrphanExport;
import java.util.Locale;

/// One export of orphans.
///
/// @param name its file name
/// @param time when it was made
/// @param term the term that wrote the first of the messages, 0 when none did or it is not known
/// @param from lowest sequence
/// @param to highest sequence
/// @param count number of messages
/// @param acknowledged whether their writers were told that they are safe: yes, no or unknown
/// @param bytes size of the file
public record OrphanRow(
        String name,
        String time,
        long term,
        long from,
        long to,
        long count,
        String acknowledged,
        long bytes) {

    /// As an agent tells it.
    public static OrphanRow of(JsonNode export) {
        return new OrphanRow(
                Texts.printable(export.path("name").asText()),
                Texts.printable(export.path("time").asText()),
                export.path("term").asLong(),
                export.path("from").asLong(),
                export.path("to").asLong(),
                export.path("count").asLong(),
                Texts.printable(export.path("acknowledged").asText("unknown")),
                export.path("bytes").asLong());
    }

    /// As the folder holds it.
    public static OrphanRow of(OrphanExport export) {
        return new OrphanRow(
                export.name(),
                export.time().toString(),
                export.term(),
                export.from(),
                export.to(),
                export.count(),
                export.origin().acknowledged().name().toLowerCase(Locale.ROOT),
                export.bytes());
    }

    ObjectNode json() {
        ObjectNode json = Documents.object();
        json.put("name", name);
        json.put("time", time);
        json.put("term", term);
        json.put("from", from);
        json.put("to", to);
        json.put("count", count);
        json.put("acknowledged", acknowledged);
        json.put("bytes", bytes);
        return json;
    }
}
