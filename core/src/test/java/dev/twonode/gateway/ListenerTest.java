package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListenerTest {

    @Test
    void whoeverHasTheAddressIsToEndOrKeepIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Listener.open(at("127.0.0.1", taken.getLocalPort())))
                    .hasMessageEndingWith(
                            "in use); end what does, or give another address with --gateway");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNobodysToEnd() {
        assertThatThrownBy(() -> Listener.open(at("192.0.2.1", 4240)))
                .hasMessageEndingWith("); give another address with --gateway");
    }

    private static InetSocketAddress at(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }
}
