package dev.twonode.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.GatewayConfig.Certificate;
import dev.twonode.config.TlsSettings;
import dev.twonode.gateway.Entrance;
import dev.twonode.gateway.Gateway;
import dev.twonode.gateway.GatewaySettings;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.Showing.Place;
import dev.twonode.protocol.Term;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import dev.twonode.testing.Tools;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that reach the leader's server by TLS with the gateway.
@SuppressWarnings({"try", "NullAway.Init"}) // closing a client is never interrupted here
class GatewayTlsIT {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir private Path folder;

    private final int port = NatsServerProcess.freePort();
    private Certificates certificates;
    private NatsServerProcess own;
    private NatsServerProcess peer;
    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        certificates = new Certificates(folder);
        own = NatsServerProcess.start();
        peer = NatsServerProcess.start();
        GatewaySettings settings =
                new GatewaySettings(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", port)),
                        "kine",
                        BOUND,
                        Duration.ofSeconds(1),
                        folder.resolve("leftovers"),
                        new GatewayTls(certificate("server.key")));
        gateway =
                Gateway.open(
                        Entrance.at(settings),
                        new GatewayDial(
                                ConnectionSettings.plain(own.url()),
                                ConnectionSettings.plain(peer.url())),
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        () -> true,
                        (_, _) -> {});
        lead(1, Place.OWN, own);
    }

    @AfterEach
    void close() {
        gateway.close();
        own.close();
        peer.close();
    }

    @Test
    void clientIsServedAndMovesToTheNextLeader() throws Exception {
        try (Connection client = Nats.connect(trusting());
                Connection first = Nats.connect(own.url());
                Connection second = Nats.connect(peer.url())) {
            echo(first);
            echo(second);
            assertThat(client.getOptions().getSslContext()).isNotNull();
            assertEchoes(client, "a".repeat(200_000));

            lead(2, Place.PEER, peer);

            Await.await("the client is served again", BOUND, () -> isAnswered(client));
            assertEchoes(client, "moved");
        }
    }

    @Test
    void natsCommandIsServed() throws Exception {
        try (Connection service = Nats.connect(own.url())) {
            echo(service);
            Path output = folder.resolve("nats.out");
            Process nats =
                    new ProcessBuilder(
                                    Tools.path("nats").toString(),
                                    "-s",
                                    "tls://localhost:" + port,
                                    "--tlsca",
                                    certificates.file("ca.pem").toString(),
                                    "request",
                                    "echo",
                                    "secret")
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            assertThat(nats.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output)).contains("secret");
        }
    }

    @Test
    void clientThatDoesNotUseTlsIsCutOffAndTheNextOneIsServed() throws Exception {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.getOutputStream().write("CONNECT {}\r\nPING\r\n".getBytes(UTF_8));
            String all = new String(plain.getInputStream().readAllBytes(), UTF_8);
            assertThat(all).startsWith("INFO ").contains("\"tls_required\":true");
            assertThat(all).doesNotContain("PONG");
        }
        try (Connection client = Nats.connect(trusting());
                Connection service = Nats.connect(own.url())) {
            echo(service);
            assertEchoes(client, "next");
        }
    }

    @Test
    void aKeyThatCannotBeReadIsSaidAtTheStart() throws Exception {
        Files.writeString(certificates.file("broken.key"), "nothing");

        assertThatThrownBy(() -> new GatewayTls(certificate("broken.key")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("TLS files cannot be used");
    }

    private Certificate certificate(String key) {
        return new Certificate(certificates.file("server.pem"), certificates.file(key));
    }

    private void lead(long term, Place place, NatsServerProcess server) throws Exception {
        String id;
        try (Connection look = Nats.connect(server.url())) {
            id = look.getServerInfo().getServerId();
        }
        NodeName node = new NodeName(place == Place.OWN ? "a" : "b");
        gateway.show(
                new Showing.Leader(new Term(term, node, 1), place, id, 0, true, Long.MAX_VALUE));
    }

    private Options trusting() throws Exception {
        TlsSettings trust = new TlsSettings(null, null, certificates.file("ca.pem"), false);
        return new Options.Builder()
                .server("tls://127.0.0.1:" + port)
                .sslContext(PemTls.context(trust))
                .connectionTimeout(BOUND)
                .reconnectWait(Duration.ofMillis(50))
                .build();
    }

    private static void echo(Connection service) throws Exception {
        service.createDispatcher(m -> service.publish(m.getReplyTo(), m.getData()))
                .subscribe("echo");
        service.flush(BOUND);
    }

    private static boolean isAnswered(Connection client) throws InterruptedException {
        return client.request("echo", new byte[1], Duration.ofMillis(500)) != null;
    }

    private static void assertEchoes(Connection client, String text) throws Exception {
        Message answer =
                Objects.requireNonNull(client.request("echo", text.getBytes(UTF_8), BOUND));
        assertThat(new String(answer.getData(), UTF_8)).isEqualTo(text);
    }
}
