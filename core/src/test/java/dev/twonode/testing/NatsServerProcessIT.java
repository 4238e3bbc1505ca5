package dev.twonode.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NatsServerProcessIT {

    @Test
    void killedServerComesBackOnTheSamePortAndFolder() throws IOException {
        Path folder;
        try (NatsServerProcess server = NatsServerProcess.start()) {
            folder = server.folder();
            assertThat(firstByte(server.port())).isEqualTo('I');
            long before = server.pid();
            server.kill();
            assertThatThrownBy(() -> firstByte(server.port())).isInstanceOf(ConnectException.class);
            server.restart();
            assertThat(server.pid()).isNotEqualTo(before);
            assertThat(firstByte(server.port())).isEqualTo('I');
            assertThat(server.log()).contains("Starting JetStream");
        }
        assertThat(Files.exists(folder)).isFalse();
    }

    /// Or a connection could have the port of a server that is to be started again.
    @Test
    void portsAreNoneThatTheSystemGivesToConnections() throws IOException {
        String range =
                Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range")).getFirst();
        int lowest = Integer.parseInt(range.split("\\s+", -1)[0]);
        assertThat(NatsServerProcess.freePort()).isLessThan(lowest);
    }

    @Test
    void pausedServerAcceptsButSaysNothingUntilItGoesOn() throws IOException {
        try (NatsServerProcess server = NatsServerProcess.start()) {
            server.pause();
            assertThatThrownBy(() -> firstByte(server.port()))
                    .isInstanceOf(SocketTimeoutException.class);
            server.resume();
            assertThat(firstByte(server.port())).isEqualTo('I');
        }
    }

    @Test
    void serverThatCannotStartShowsItsLog() {
        assertThatThrownBy(() -> NatsServerProcess.configure().extra("nonsense {").start())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Parse error");
    }

    @Test
    void awaitNamesWhatDidNotHappen() {
        assertThatThrownBy(() -> Await.await("the end", Duration.ofMillis(20), () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the end");
    }

    private static int firstByte(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(500);
            return socket.getInputStream().read();
        }
    }
}
