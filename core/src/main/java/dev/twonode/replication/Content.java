package dev.twonode.replication;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of a message is content and what is only advice to the server that stored it.
///
/// `Nats-Expected-*` was checked once and can be false by the time of the copy, `Nats-Batch-*`
/// means something only within its batch. The server's own mirrors drop both, so a copy has
/// neither.
final class Content {

    private static final String EXPECTED = "Nats-Expected-";
    private static final String BATCH = "Nats-Batch-";

    private Content() {}

    /// The message without the headers that must not be copied; the same object when it has none.
    static StoredMessage bare(StoredMessage message) {
        if (!hasAdvice(message.headers())) {
            return message;
        }
        return new StoredMessage(
                message.sequence(),
                message.subject(),
                bareHeaders(message.headers()),
                message.data(),
                message.time());
    }

    /// Whether two messages are the same: sequence, subject, payload and headers that count. Times
    /// are not compared, a copy has its own.
    static boolean same(StoredMessage one, StoredMessage other) {
        return one.sequence() == other.sequence()
                && one.subject().equals(other.subject())
                && Arrays.equals(one.data(), other.data())
                && bareHeaders(one.headers()).equals(bareHeaders(other.headers()));
    }

    private static Map<String, List<String>> bareHeaders(Map<String, List<String>> headers) {
        if (!hasAdvice(headers)) {
            return headers;
        }
        if (headers.size() == 1) {
            return Map.of();
        }
        Map<String, List<String>> kept = new LinkedHashMap<>(headers);
        kept.keySet().removeIf(Content::isAdvice);
        return kept;
    }

    private static boolean hasAdvice(Map<String, List<String>> headers) {
        for (String name : headers.keySet()) {
            if (isAdvice(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAdvice(String name) {
        return name.startsWith(EXPECTED) || name.startsWith(BATCH);
    }
}
