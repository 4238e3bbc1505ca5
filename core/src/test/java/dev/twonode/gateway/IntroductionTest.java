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
        serve(socket, FakeServer.ID);
    }

    private void serve(Socket socket, String id) throws IOException {
        FakeServer.inform(socket, id);
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

    @Test
    void aClientThatComesDuringAHandoverIsKnownAtTheNextLeadersServerBeforeThatLeads()
            throws IOException {
        answer.countDown();
        try (FakeServer server = new FakeServer(this::serve);
                GatewayRig rig = new GatewayRig(BOUND)) {
            rig.servers(server.port(), server.port());
            rig.ownHandsOver("leads-still", 0);
            try (RawClient client = RawClient.introduced(rig.port)) {
                client.say("SUB news 7\r\nPING\r\n");
                assertThat(client.line()).isEqualTo("PONG");
                Await.await("the server is met", BOUND, () -> met.getCount() == 0);
                client.say("SUB late 8\r\nPUB question 0\r\n\r\n");
                Await.await("it subscribes there", BOUND, () -> heard().contains("SUB late 8"));
                assertThat(heard()).doesNotContain("PUB");

                rig.peerLeads(FakeServer.ID, 0);

                Await.await("the request arrives", BOUND, () -> heard().contains("PUB"));
                assertThat(server.accepted()).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void aServerThatDoesNotAnswerKeepsNoClientFromALeaderThatTakesItsHandoverBack()
            throws IOException {
        try (FakeServer mute = new FakeServer(socket -> serve(socket, "MUTE"));
                FakeServer server = new FakeServer(FakeServer::greet);
                GatewayRig rig = new GatewayRig(BOUND)) {
            rig.servers(server.port(), mute.port());
            rig.ownHandsOver("leads-still", 0);
            try (RawClient client = RawClient.introduced(rig.port)) {
                Await.await("the other is met", BOUND, () -> met.getCount() == 0);

                long since = System.nanoTime();
                rig.ownLeads(FakeServer.ID, 0);
                Await.await("it is served", BOUND, () -> server.accepted() >= 2);

                assertThat(Duration.ofNanos(System.nanoTime() - since))
                        .isLessThan(Duration.ofSeconds(1));
                client.say("PING\r\n");
                assertThat(client.line()).isEqualTo("PONG");
            } finally {
                answer.countDown();
            }
        }
    }

    private String heard() {
        return heard.toString(StandardCharsets.ISO_8859_1);
    }
}
