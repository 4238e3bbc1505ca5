package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The compaction key as kine reads and writes it.
class CompactionKeyTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    /// The frame's head, its checksum and the identifier before it.
    private static final int HEAD = 18;

    private static String json(StoredMessage message) {
        byte[] data = message.data();
        return new String(Arrays.copyOfRange(data, HEAD, data.length), StandardCharsets.UTF_8);
    }

    @Test
    void theSubjectIsKines() {
        assertThat(CompactionKey.subject("kine"))
                .isEqualTo("$KV.kine.meta.h1ctazrDGbqvwPuDySV8QCGFrjddCjbkRf");
    }

    @Test
    void theFirstOneIsACreation() {
        StoredMessage key = CompactionKey.at(152, "kine", Optional.empty(), NOW);

        assertThat(key.sequence()).isEqualTo(152);
        assertThat(json(key))
                .isEqualTo(
                        "{\"KV\":{\"Key\":\"compact_rev_key_apiserver\",\"Value\":\"MXwxNTI=\","
                                + "\"Version\":0,\"CreateRevision\":0,\"ModRevision\":0,"
                                + "\"Lease\":0},\"PrevRevision\":0,\"Create\":true,"
                                + "\"Delete\":false}");
    }

    @Test
    void theNextOneIsAnUpdateWithTheNextVersion() {
        StoredMessage first = CompactionKey.at(152, "kine", Optional.empty(), NOW);
        StoredMessage second = CompactionKey.at(300, "kine", Optional.of(first), NOW);
        StoredMessage third = CompactionKey.at(400, "kine", Optional.of(second), NOW);

        assertThat(json(third))
                .contains("\"Value\":\"M3w0MDA=\"")
                .contains("\"CreateRevision\":152")
                .contains("\"PrevRevision\":300,\"Create\":false");
    }

    @Test
    void oneThatCannotBeReadIsAsGoodAsNone() {
        for (String nonsense : new String[] {"", "nonsense", "\u00ff\u0006\u0000\u0000sNaPpY"}) {
            byte[] data = nonsense.getBytes(StandardCharsets.ISO_8859_1);
            StoredMessage broken = new StoredMessage(9, "x", Map.of(), data, NOW);

            assertThat(json(CompactionKey.at(10, "kine", Optional.of(broken), NOW)))
                    .contains("\"Create\":true");
        }
    }
}
