package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Face;
import dev.twonode.replication.Store;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whether the real kine takes the two faces for what they are.
class KineIT {

    private static final Mark MARK = new Mark(1, new NodeName("a"));
    private static final Duration BOUND = Duration.ofSeconds(40);

    private final StoreFixture fixture = new StoreFixture();
    private final NatsStore store = fixture.store();

    @AfterEach
    void closeServer() {
        fixture.close();
    }

    @Test
    void kineStartsOnAnOpenedStreamAndLeavesItsFace() throws Exception {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        store.open(MARK);
        try (Kine kine = new Kine(fixture.server())) {
            kine.awaitListening();
            Await.await(
                    "kine has written", BOUND, () -> store.inspect().orElseThrow().messages() > 0);
        }
        assertThat(store.inspect().orElseThrow().face()).isEqualTo(new Face.Open());
    }

    @Test
    void streamThatKineMadeIsOpenAndCanBeFencedAndOpenedForItAgain() throws Exception {
        try (Kine kine = new Kine(fixture.server())) {
            kine.awaitListening();
        }
        assertThat(store.inspect().orElseThrow().face()).isEqualTo(new Face.Open());
        store.fence(MARK, "s1");
        store.open(MARK);
        try (Kine kine = new Kine(fixture.server())) {
            kine.awaitListening();
        }
    }

    @Test
    void kineRefusesToStartOnAFencedStream() throws Exception {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Kine kine = new Kine(fixture.server())) {
            assertThat(kine.awaitExit()).isNotZero();
            assertThat(kine.log()).contains("bucket");
        }
        assertThat(store.inspect().orElseThrow().face()).isEqualTo(new Face.Fenced(MARK, "s1"));
    }

    /// The words stand in the README, with what to do.
    @Test
    void kineStartsOnABucketOfAnotherHistoryOnlyWhenItIsToldOfIt() throws Exception {
        store.createFenced(MARK, "s1", 5);
        store.open(MARK);
        try (Kine kine = new Kine(fixture.server())) {
            assertThat(kine.awaitExit()).isNotZero();
            assertThat(kine.log()).contains("bucket name already in use");
        }
        try (Kine kine = new Kine(fixture.server(), "&revHistory=5")) {
            kine.awaitListening();
        }
        assertThat(store.inspect().orElseThrow().perSubject()).isEqualTo(5);
    }

    private static final class Kine implements AutoCloseable {

        private final int port = NatsServerProcess.freePort();
        private final Path log;
        private final Process process;

        Kine(NatsServerProcess server) throws IOException {
            this(server, "");
        }

        Kine(NatsServerProcess server, String parameters) throws IOException {
            log = server.folder().resolve("kine-" + port + ".log");
            process =
                    new ProcessBuilder(
                                    Tools.path("kine").toString(),
                                    "--endpoint=" + server.url() + "?noEmbed" + parameters,
                                    "--listen-address=127.0.0.1:" + port,
                                    "--metrics-bind-address=0")
                            .directory(server.folder().toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
        }

        void awaitListening() {
            try {
                Await.await("kine listens", BOUND, this::accepts);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + log(), e);
            }
        }

        int awaitExit() throws InterruptedException {
            assertThat(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
            return process.exitValue();
        }

        String log() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return "no log: " + e.getMessage();
            }
        }

        private boolean accepts() throws IOException {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                return true;
            }
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
