package dev.twonode.simulation;

import dev.twonode.replication.Store;
import dev.twonode.replication.StoredMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What a stream holds at this moment, and what it no longer holds because newer messages of the
/// same subject took the place.
final class Content {

    private final NavigableMap<Long, StoredContent> messages = new TreeMap<>();
    private final Map<String, List<Long>> subjects = new LinkedHashMap<>();
    private final long lastSeq;

    private Content(long lastSeq) {
        this.lastSeq = lastSeq;
    }

    static Content of(SimulatedServer server) {
        Content content = new Content(server.facts().map(facts -> facts.lastSeq()).orElse(0L));
        for (StoredMessage message : server.content()) {
            StoredContent stored = StoredContent.of(message);
            content.messages.put(stored.sequence(), stored);
            content.subjects
                    .computeIfAbsent(stored.subject(), _ -> new ArrayList<>())
                    .add(stored.sequence());
        }
        return content;
    }

    long lastSeq() {
        return lastSeq;
    }

    NavigableMap<Long, StoredContent> messages() {
        return messages;
    }

    boolean holds(StoredContent wanted) {
        return wanted.equals(messages.get(wanted.sequence()));
    }

    /// Whether this message is here, or was here and made room for newer ones.
    boolean accountsFor(StoredContent wanted) {
        StoredContent present = messages.get(wanted.sequence());
        return present == null ? madeRoom(wanted) : present.equals(wanted);
    }

    private boolean madeRoom(StoredContent wanted) {
        List<Long> same = subjects.getOrDefault(wanted.subject(), List.of());
        return same.stream().filter(sequence -> sequence > wanted.sequence()).count()
                >= Store.KINE_HISTORY;
    }

    /// What stands in the place of a message.
    Optional<StoredContent> at(long sequence) {
        return Optional.ofNullable(messages.get(sequence));
    }
}
