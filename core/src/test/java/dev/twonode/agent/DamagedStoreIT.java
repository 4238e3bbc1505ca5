package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One of two streams loses messages below its end while no agent runs.
class DamagedStoreIT {

    private static final int MESSAGES = 400;
    private static final byte[] LARGE = new byte[30_000];

    @TempDir private Path folder;

    /// nats-server drops what is in the damaged block from the damage on, and says nothing of it.
    @Test
    void theNodeWithTheWholeStreamLeadsAndTheOtherGetsBackWhatItLost() throws Exception {
        try (TestPair pair = TestPair.inSync(folder)) {
            fill(pair.a);
            pair.b.awaitSequence(MESSAGES);
            pair.b.awaitInSync();
            Map<Long, String> all = pair.b.messages();
            pair.a.killAgent();
            pair.b.killAgent();
            pair.a.server.kill();
            pair.b.server.kill();

            damage(pair.a);
            pair.a.server.restart();
            pair.b.server.restart();
            assertThat(pair.a.messages()).hasSizeLessThan(MESSAGES).containsKey((long) MESSAGES);
            assertThatBLeadsAndAGetsBack(pair, all);
        }
    }

    /// nats-server drops all messages of a stream whose retention is changed to interest, as long
    /// as nobody consumes them. To the agents it is the same as a purge.
    @Test
    void aNodeThatHasLostEveryMessageGetsThemAllBack() {
        try (TestPair pair = TestPair.inSync(folder)) {
            for (int i = 1; i <= 10; i++) {
                pair.a.put("k" + i, "value " + i);
            }
            pair.b.awaitSequence(10);
            pair.b.awaitInSync();
            Map<Long, String> all = pair.b.messages();
            pair.a.killAgent();
            pair.b.killAgent();

            assertThat(pair.a.api("STREAM.PURGE.KV_kine", "").has("error")).isFalse();
            assertThat(pair.a.messages()).isEmpty();
            assertThatBLeadsAndAGetsBack(pair, all);
        }
    }

    private static void assertThatBLeadsAndAGetsBack(TestPair pair, Map<Long, String> all) {
        pair.a.start();
        pair.b.start();

        pair.b.awaitRole("leader");
        pair.a.awaitInSync();
        assertThat(pair.b.messages()).isEqualTo(all);
        Await.await("a has all again", Duration.ofSeconds(20), () -> pair.a.messages().equals(all));
    }

    @SuppressWarnings("try") // closing a client is never interrupted here
    private static void fill(TestPair.Node leader) throws Exception {
        try (Connection nats = leader.connect()) {
            JetStream js = nats.jetStream();
            for (int i = 1; i <= MESSAGES; i++) {
                js.publish("$KV.kine.k" + i, LARGE);
            }
        }
    }

    private static void damage(TestPair.Node node) throws IOException {
        Path first;
        try (Stream<Path> files = Files.walk(node.server.folder())) {
            first = files.filter(file -> file.endsWith("1.blk")).findFirst().orElseThrow();
        }
        try (RandomAccessFile block = new RandomAccessFile(first.toFile(), "rw")) {
            block.seek(block.length() / 2);
            block.write(new byte[64 * 1024]);
        }
    }
}
