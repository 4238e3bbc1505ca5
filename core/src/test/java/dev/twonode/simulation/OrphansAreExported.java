package dev.twonode.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.replication.OrphanExport;
import dev.twonode.replication.OrphanExports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Nothing is deleted that is not on the other node or in an export, and at the end every write
/// that a client was told about is in the stream, in an export, or in a saved stream that stays.
final class OrphansAreExported {

    private static final ObjectMapper JSON = new ObjectMapper();

    private OrphansAreExported() {}

    /// Looks at a stream that is about to be deleted.
    static Optional<String> beforeDeletion(SimulatedNode node) {
        Content elsewhere = Content.of(node.peer().server());
        Set<StoredContent> exported = null;
        for (StoredContent stored : StoredContent.of(node.server())) {
            boolean placeholder = stored.subject().startsWith(SimulatedStream.GAP);
            if (!placeholder && !elsewhere.accountsFor(stored)) {
                exported = exported == null ? exported(node) : exported;
                if (!exported.contains(stored)) {
                    return Optional.of(
                            "%s deletes its stream, and %s is nowhere else"
                                    .formatted(node, stored));
                }
            }
        }
        return Optional.empty();
    }

    /// Looks for every acknowledged write when all is over.
    static Optional<String> atTheEnd(Cluster cluster) {
        Content stream = Content.of(cluster.a().server());
        Set<StoredContent> exported = new LinkedHashSet<>(exported(cluster.a()));
        exported.addAll(exported(cluster.b()));
        exported.addAll(SavedStreams.of(cluster.nodes()));
        for (Writers.Acknowledged write : cluster.writers().acknowledged()) {
            boolean found =
                    stream.accountsFor(write.stored())
                            || exported.contains(write.stored())
                            || cluster.writers().mayHaveMadeRoom(write);
            if (!found) {
                return Optional.of(
                        "%s, acknowledged by %s, is neither in the stream nor exported"
                                .formatted(write.stored(), write.by()));
            }
        }
        return Optional.empty();
    }

    private static Set<StoredContent> exported(SimulatedNode node) {
        OrphanExports exports = new OrphanExports(node.stateDir(), Instant::now);
        Set<StoredContent> found = new LinkedHashSet<>();
        try {
            for (OrphanExport export : exports.list()) {
                List<String> lines = exports.show(export.name(), 1, Integer.MAX_VALUE);
                for (String line : lines) {
                    JsonNode json = JSON.readTree(line);
                    found.add(
                            new StoredContent(
                                    json.get("sequence").asLong(),
                                    json.get("subject").asText(),
                                    new String(
                                            json.get("payload").binaryValue(),
                                            StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }
}
