package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import dev.twonode.testing.Tools;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `nats` command at the gateway of the follower's node.
@SuppressWarnings("try") // closing a client is never interrupted here
class NatsCommandIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init")
    private TestPair pair;

    @BeforeEach
    void startPair() {
        pair = TestPair.inSync(folder);
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    @Test
    void bucketIsWrittenReadAndWatched() throws Exception {
        Path seen = folder.resolve("watched");
        Process watch = start(seen, "kv", "watch", "kine");
        try {
            nats("kv", "put", "kine", "first", "here");
            // A watch that begins later shows of each key only the newest value.
            Await.await("it watches", BOUND, () -> Files.readString(seen).contains("here"));
            assertThat(nats("kv", "put", "kine", "colour", "blue")).contains("blue");
            assertThat(nats("kv", "get", "kine", "colour", "--raw")).isEqualTo("blue");
            assertThat(nats("kv", "create", "kine", "shape", "round")).contains("round");
            assertThat(nats("kv", "update", "kine", "colour", "red", "2")).contains("red");
            assertThat(nats("kv", "history", "kine", "colour")).contains("blue", "red");
            nats("kv", "del", "kine", "colour", "--force");
            Await.await(
                    "the watch saw it all", BOUND, () -> Files.readString(seen).contains("DEL"));
            assertThat(Files.readString(seen)).contains("blue", "round", "red");
        } finally {
            watch.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
        pair.b.awaitSequence(5);
    }

    @Test
    void streamIsReportedButNotPurged() throws Exception {
        nats("kv", "put", "kine", "colour", "blue");

        assertThat(nats("stream", "info", "KV_kine", "--json")).contains("\"last_seq\": 1");
        assertThat(nats("stream", "ls", "--names", "--all")).contains("KV_kine");
        assertThat(nats("req", "$JS.API.STREAM.PURGE.KV_kine", "{}", "--raw"))
                .contains("would not be copied");
        assertThat(nats("kv", "get", "kine", "colour", "--raw")).isEqualTo("blue");
    }

    @Test
    void requestsAndPlainMessagesPassThrough() throws Exception {
        assertThat(nats("req", "twonode.kine.state", "", "--raw")).contains("\"isLeader\":true");
        try (Connection service = Nats.connect(pair.a.server.url())) {
            service.createDispatcher(m -> service.publish(m.getReplyTo(), m.getData()))
                    .subscribe("echo");
            service.flush(Duration.ofSeconds(2));
            assertThat(nats("req", "echo", "hello", "--raw")).isEqualTo("hello");
        }
    }

    @Test
    void benchmarkRunsThroughIt() throws Exception {
        assertThat(nats("bench", "kv", "put", "--bucket", "kine", "--msgs", "300", "--no-progress"))
                .contains("msgs/sec");
    }

    private String nats(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "nats", ".out");
        Process process = start(out, arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("nats ends").isTrue();
        return Files.readString(out).strip();
    }

    private Process start(Path out, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Tools.path("nats").toString());
        command.add("--server=" + pair.b.gatewayUrl());
        command.add("--no-context");
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        process.getOutputStream().write("".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return process;
    }
}
