package dev.twonode.simulation;

import dev.twonode.replication.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A message as far as it matters whether two are the same.
record StoredContent(long sequence, String subject, String data) {

    static StoredContent of(StoredMessage message) {
        return new StoredContent(
                message.sequence(),
                message.subject(),
                new String(message.data(), StandardCharsets.UTF_8));
    }

    static List<StoredContent> of(SimulatedServer server) {
        return server.content().stream().map(StoredContent::of).toList();
    }

    @Override
    public String toString() {
        return data + " at " + sequence;
    }
}
