package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Showing;
import dev.twonode.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What the gateway tells of a leader's server that does not store. Since 2.14 a server whose disk
/// fails answers no write to that stream any more, and everything else as before.
class RefusalsTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final String ACKNOWLEDGED = "{\"stream\":\"KV_kine\",\"seq\":1}";

    private volatile boolean stuck;

    @Test
    void aServerThatAnswersNoWriteIsToldUntilItAnswersOne() throws IOException {
        try (FakeServer server = new FakeServer(this::serve);
                GatewayRig rig = new GatewayRig(Duration.ofSeconds(1))) {
            rig.servers(server.port(), server.port());
            rig.ownLeads(FakeServer.ID, 1_000_000);
            try (RawClient client = RawClient.introduced(rig.port)) {
                client.say("SUB box.> 1\r\n");
                write(client);
                assertThat(client.line()).startsWith("MSG box.1");
                Await.holdsFor(
                        "an answered write is none",
                        Duration.ofSeconds(3),
                        () -> rig.gateway.refusal().isEmpty());

                stuck = true;
                write(client);
                assertThat(rig.gateway.refusal()).as("at once").isEmpty();
                Await.await("it is told", BOUND, () -> rig.gateway.refusal().isPresent());
                Refusal refusal = rig.gateway.refusal().orElseThrow();
                assertThat(refusal.place()).isEqualTo(Showing.Place.OWN);
                assertThat(refusal.term()).isEqualTo(1);
                assertThat(refusal.why()).contains("it answers no write");

                stuck = false;
                write(client);
                Await.await("it is told no more", BOUND, () -> rig.gateway.refusal().isEmpty());
            }
        }
    }

    private static void write(RawClient client) throws IOException {
        client.say("PUB $KV.kine.x box.1 1\r\nv\r\n");
    }

    private void serve(Socket socket) throws IOException {
        FakeServer.greet(socket);
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("PING")) {
                FakeServer.say(socket, "PONG\r\n");
            }
            if (line.startsWith("PUB $KV") && !stuck) {
                FakeServer.say(
                        socket,
                        "MSG box.1 1 %d\r\n%s\r\n".formatted(ACKNOWLEDGED.length(), ACKNOWLEDGED));
            }
        }
    }
}
