package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A server queues what it receives, and transforms subjects only when it stores: copies of an
/// ended session may still be waiting when the stream moves to the next one.
class SessionChangeIT {

    private static final Mark MARK = new Mark(1, new NodeName("b"));
    private static final int MESSAGES = 120;

    @Test
    void copiesThatWaitWhileTheSessionChangesKeepTheirSubjects() throws Exception {
        try (StoreFixture fixture = new StoreFixture()) {
            NatsStore store = fixture.store();
            store.createFenced(MARK, "one", Store.KINE_HISTORY);
            for (int round = 1; round <= 10; round++) {
                long last = store.inspect().orElseThrow().lastSeq();
                try (Store.Appender appender = store.appender("s" + (round - 1), last)) {
                    store.fence(MARK, "s" + (round - 1));
                    send(appender, last);
                }
                StreamFacts moved = store.fence(MARK, "s" + round);
                for (long at = last + 1; at <= moved.lastSeq(); at++) {
                    assertThat(store.read(at).orElseThrow().subject())
                            .as("round %d, sequence %d", round, at)
                            .isEqualTo("$KV.kine.k" + at);
                }
            }
        }
    }

    private static void send(Store.Appender appender, long last) throws StoreException {
        for (long at = last + 1; at <= last + MESSAGES; at++) {
            appender.append(
                    new StoredMessage(
                            at, "$KV.kine.k" + at, Map.of(), new byte[64], Instant.EPOCH));
        }
    }
}
