package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A client goes on talking while the gateway makes it known to a server.
class IntroductionTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final CountDownLatch met = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    /// Greets, takes its time to answer the first ping, and listens.
    private void serve(Socket socket) throws IOException {
        FakeServer.inform(socket);
        FakeServer.awaitPing(socket);
        met.countDown();
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        FakeServer.say(socket, "PONG\r\n");
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
            heard.write(b);
        }
    }

    @Test
    void subscriptionsSaidWhileTheServerIsBeingMetReachItInTime() throws IOException {
        try (FakeServer server = new FakeServer(this::serve);
                GatewayRig rig = new GatewayRig(BOUND)) {
            rig.servers(server.port(), server.port());
            try (RawClient client = RawClient.introduced(rig.port)) {
                rig.ownLeads(FakeServer.ID, 0);
                Await.await("the server is met", BOUND, () -> met.getCount() == 0);
                client.say("SUB news 7\r\nSUB old 8\r\nUNSUB 8\r\nPING\r\n");
                assertThat(client.line()).isEqualTo("PONG");

                answer.countDown();
                client.say("PUB question 0\r\n\r\n");

                Await.await("the request arrives", BOUND, () -> heard().contains("PUB"));
                assertThat(heard().substring(0, heard().indexOf("PUB")))
                        .contains("SUB news 7\r\n", "UNSUB 8\r\n");
            }
        }
    }

    private String heard() {
        return heard.toString(StandardCharsets.ISO_8859_1);
    }
}
