package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes on until somebody ends it is logged once for each cause, not once for each attempt.
@SuppressWarnings("try") // closing a client is never interrupted here
class LogOnceIT {

    private static final byte[] GREETING =
            "220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII);

    /// A busy machine needs some of it.
    private static final Duration BOUND = Duration.ofSeconds(90);

    @TempDir private Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : started.reversed()) {
            one.close();
        }
    }

    private NatsServerProcess server(String extra) {
        NatsServerProcess server = NatsServerProcess.configure().extra(extra).start();
        started.add(server);
        return server;
    }

    private AgentProcess agent(String name, String server, String peer, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--name", name, "-s", server, "--peer-url", peer));
        arguments.addAll(List.of("--state-dir", folder.resolve(name).toString()));
        arguments.addAll(List.of("--log-format", "plain", "--retry-interval=600ms"));
        arguments.addAll(List.of(more));
        AgentProcess process = AgentProcess.start(folder.resolve(name + ".log"), arguments);
        started.add(process);
        return process;
    }

    /// Something that listens, is no NATS server, and counts who comes.
    private final class Stranger {

        private final AtomicInteger callers = new AtomicInteger();
        private final ServerSocket door = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

        Stranger() throws IOException {
            started.add(door);
            Thread.ofVirtual().start(this::greet);
        }

        String url() {
            return "nats://127.0.0.1:" + door.getLocalPort();
        }

        private void greet() {
            try {
                while (true) {
                    try (Socket caller = door.accept()) {
                        callers.incrementAndGet();
                        caller.getOutputStream().write(GREETING);
                    }
                }
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    @Test
    void whatKeepsFailingIsSaidOnce() throws Exception {
        Stranger own = new Stranger();
        Stranger peer = new Stranger();
        AgentProcess withoutServer = agent("a", own.url(), "nats://127.0.0.1:1", "--gateway=off");
        AgentProcess withoutPeer =
                agent("b", server("").url(), peer.url(), "--gateway=off", "--leader");
        int port = NatsServerProcess.freePort();
        NatsServerProcess closed = server("authorization { user: u, password: secret }");
        AgentProcess refused =
                agent(
                        "c",
                        server("").url(),
                        closed.url(),
                        "--gateway=127.0.0.1:" + port,
                        "--hold-timeout=1s",
                        "--peer-retries=3");
        refused.awaitLog("gateway listens");

        AtomicInteger asked = new AtomicInteger();
        Await.await(
                "they have tried often",
                BOUND,
                () -> {
                    ask(port, asked);
                    assertThat(List.of(withoutServer, withoutPeer, refused))
                            .allMatch(AgentProcess::isAlive);
                    return own.callers.get() > 20 && peer.callers.get() > 20 && asked.get() > 8;
                });

        assertSaidOnce(withoutServer, "own server: not reached");
        assertSaidOnce(withoutPeer, "peer's server: not reached");
        assertSaidOnce(refused, "refused the credentials");
        assertSaidOnce(refused, "waited for a leader in vain");
    }

    /// A client that waits for a leader until the gateway gives up.
    private static void ask(int port, AtomicInteger asked) throws InterruptedException {
        Options options =
                new Options.Builder()
                        .server("nats://127.0.0.1:" + port)
                        .maxReconnects(0)
                        .connectionTimeout(Duration.ofSeconds(3))
                        .build();
        try (Connection client = Nats.connect(options)) {
            client.request("$KV.kine.key", new byte[0], Duration.ofSeconds(2));
        } catch (IOException | IllegalStateException e) {
            // That is what is expected of a gateway without a leader.
            asked.incrementAndGet();
            return;
        }
        asked.incrementAndGet();
    }

    private static void assertSaidOnce(AgentProcess agent, String words) {
        List<String> complaints =
                agent.log()
                        .lines()
                        .filter(line -> line.matches("\\S+\\s+(warn|error) .*"))
                        .toList();
        assertThat(complaints).filteredOn(line -> line.contains(words)).as(words).hasSize(1);
        assertThat(complaints.stream().map(LogOnceIT::withoutNumbers).toList())
                .as(agent.log())
                .doesNotHaveDuplicates();
    }

    private static String withoutNumbers(String line) {
        return line.replaceAll("\\d+", "#");
    }
}
