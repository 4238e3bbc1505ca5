package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.Credentials;
import dev.twonode.config.ServerUrl;
import dev.twonode.config.TlsSettings;
import dev.twonode.messaging.Dialed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a dial says of servers that take a connection and greet nobody.
class DialerTest {

    private static final TlsSettings TLS_FIRST = new TlsSettings(null, null, null, true);

    @Test
    void aServerThatIsKilledIsNotSaidToWantTls() throws IOException {
        try (ServerSocket server = listen()) {
            Thread.startVirtualThread(() -> hangUp(server, true));
            Dialed.Failed failed = dial(server, TlsSettings.UNSET);

            assertThat(failed).isInstanceOf(Dialed.Unreachable.class);
            assertThat(failed.why()).contains("Connection reset").doesNotContain("--tlsfirst");
        }
    }

    @Test
    void aServerThatHangsUpInGoodOrderMayWantTls() throws IOException {
        try (ServerSocket server = listen()) {
            Thread.startVirtualThread(() -> hangUp(server, false));

            assertThat(dial(server, TlsSettings.UNSET).why())
                    .contains("broke off its greeting", "--tlsfirst");
        }
    }

    @Test
    void whatStaysSilentIsThereAndMayBeAGatewayOrWantTls() throws IOException {
        try (ServerSocket server = listen()) {
            Dialed.Failed failed = dial(server, TlsSettings.UNSET);

            assertThat(failed).isEqualTo(new Dialed.TimedOut(failed.why(), true));
            assertThat(failed.why()).contains("did not greet", "gateway of twonode", "--tlsfirst");
        }
    }

    @Test
    void whoeverGaveTlsFirstIsNotToldToGiveIt() throws IOException {
        try (ServerSocket server = listen()) {
            assertThat(dial(server, TLS_FIRST).why())
                    .contains("did not greet")
                    .doesNotContain("--tlsfirst");
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static void hangUp(ServerSocket server, boolean abruptly) {
        try (Socket client = server.accept()) {
            client.setSoLinger(abruptly, 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Dialed.Failed dial(ServerSocket server, TlsSettings tls) {
        ConnectionSettings settings =
                new ConnectionSettings(
                        List.of(ServerUrl.parse("127.0.0.1:" + server.getLocalPort())),
                        new Credentials.None(),
                        tls,
                        "_INBOX",
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2));
        DialException failure =
                catchThrowableOfType(DialException.class, () -> new Dialer(settings).dialAny());
        return failure.outcome();
    }
}
