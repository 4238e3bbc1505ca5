package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which messages tell the agent how far its leader's stream goes: what it is told is committed by
/// a leader alone. Anybody can publish something that looks like a server's answer.
class SightsTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final String ACKNOWLEDGED = "{\"stream\":\"KV_kine\",\"seq\":900}";

    /// The server answers each ping, and says something before it answers the second one.
    private static void serve(Socket socket, String words) throws IOException {
        FakeServer.greet(socket);
        FakeServer.awaitPing(socket);
        FakeServer.say(socket, words);
        FakeServer.say(socket, "PONG\r\n");
        socket.getInputStream().readAllBytes();
    }

    private static String message(String head, String payload) {
        return "MSG %s %d\r\n%s\r\n".formatted(head, payload.length(), payload);
    }

    private static void whenItIsSaid(String words, String asked, Told then) throws IOException {
        try (FakeServer server = new FakeServer(socket -> serve(socket, words));
                GatewayRig rig = new GatewayRig(BOUND)) {
            rig.servers(server.port(), server.port());
            rig.ownLeads(FakeServer.ID, 10);
            try (RawClient client = RawClient.introduced(rig.port)) {
                client.say("SUB box.> 1\r\n" + asked + "PING\r\n");
                then.expect(rig);
            }
        }
    }

    private interface Told {
        void expect(GatewayRig rig);
    }

    private static void isTold(GatewayRig rig) {
        Await.await("it is told", BOUND, () -> rig.wanted.get() == 900);
    }

    private static void isNotTold(GatewayRig rig) {
        Await.holdsFor("it is not told", Duration.ofMillis(300), () -> rig.wanted.get() == 0);
    }

    @Test
    void anAnswerToAWriteTells() throws IOException {
        whenItIsSaid(
                message("box.1 1", ACKNOWLEDGED),
                "PUB $KV.kine.x box.1 1\r\nv\r\n",
                SightsTest::isTold);
    }

    @Test
    void aDeliveryTells() throws IOException {
        whenItIsSaid(message("box.1 1 $JS.ACK.KV_kine.c.1.900.7.1.0", "v"), "", SightsTest::isTold);
    }

    @Test
    void whatOnlyLooksLikeAnAnswerDoesNot() throws IOException {
        whenItIsSaid(message("box.1 1", ACKNOWLEDGED), "", SightsTest::isNotTold);
    }

    @Test
    void anAnswerOfSomebodyElseDoesNot() throws IOException {
        whenItIsSaid(
                message("box.1 1", ACKNOWLEDGED),
                "PUB somebody box.1 1\r\nv\r\n",
                SightsTest::isNotTold);
    }

    @Test
    void headersThatOnlyLookLikeAnAnswersDoNot() throws IOException {
        String headers = "NATS/1.0\r\nNats-Stream: KV_kine\r\nNats-Sequence: 900\r\n\r\n";
        String words =
                "HMSG box.1 1 %d %d\r\n%s\r\n"
                        .formatted(headers.length(), headers.length(), headers);
        assertThat(words).contains("900");
        whenItIsSaid(words, "", SightsTest::isNotTold);
    }
}
