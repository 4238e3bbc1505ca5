package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.ServerUrl;
import dev.twonode.gateway.ServerDial;
import dev.twonode.protocol.Showing.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which of a server's addresses the gateway's own connections lead to.
class GatewayDialTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final String UNKNOWN = "nats://no-such-host.invalid:4222";
    private static final String INFO = "{\"server_id\":\"A\"}";

    @Test
    void anAddressBehindAnUnknownHostNameIsDialledToo() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> greet(server));

            try (Socket socket =
                    dial(UNKNOWN, "nats://127.0.0.1:" + server.getLocalPort()).socket()) {
                assertThat(socket.getPort()).isEqualTo(server.getLocalPort());
            }
        }
    }

    @Test
    void anUnknownHostNameIsSaidToBeThat() {
        assertThatThrownBy(() -> dial(UNKNOWN))
                .isInstanceOf(IOException.class)
                .hasMessage("the host name in " + UNKNOWN + " is unknown");
    }

    private static ServerDial.Greeted dial(String... urls) throws IOException {
        ConnectionSettings one = ConnectionSettings.plain(urls[0]);
        ConnectionSettings all =
                new ConnectionSettings(
                        List.of(urls).stream().map(ServerUrl::parse).toList(),
                        one.credentials(),
                        one.tls(),
                        one.inboxPrefix(),
                        one.connectTimeout(),
                        one.requestTimeout());
        return new GatewayDial(all, all).dial(Place.PEER, BOUND);
    }

    private static void greet(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream()
                    .write(("INFO " + INFO + "\r\n").getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
