package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients and servers that do not keep to the protocol. Whatever they do, the gateway goes on.
@SuppressWarnings("try") // closing a client is never interrupted here
class StrangersIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final LedGateway led;
    private final GatewayRig rig;

    StrangersIT() throws Exception {
        led = new LedGateway(Duration.ofSeconds(10));
        rig = led.rig;
    }

    @BeforeEach
    void lead() {
        led.putBehind(rig);
        rig.ownLeads(led.id, 1_000_000);
    }

    @AfterEach
    void goesOnAndClosesAll() throws Exception {
        try (Connection good = rig.client()) {
            good.keyValue("kine").put("still", "here".getBytes(StandardCharsets.UTF_8));
        }
        Await.await("all clients are gone", BOUND, () -> rig.gateway.clients() == 0);
        led.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0000\u0001\u0002\u0003\r\n",
                "PUB $KV.kine.x 3\r\nlonger than announced\r\n",
                "PUB $KV.kine.x 99999999\r\n",
                "MSG x 1 0\r\n\r\n",
                "CONNECT this is not json\r\n",
                "SUB\r\n",
                "\r\n"
            })
    void clientThatTalksNonsenseIsToldAndCutOff(String nonsense) throws IOException {
        try (RawClient client = new RawClient(rig.port)) {
            client.line();
            client.say(nonsense);

            assertThat(client.rest()).contains("-ERR '");
        }
    }

    @Test
    void clientThatWantsTlsIsToldAndCutOff() throws IOException {
        try (RawClient client = new RawClient(rig.port)) {
            client.line();
            client.say(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 10, 13, 10});

            assertThat(client.rest()).contains("-ERR 'Unknown Protocol Operation'");
        }
    }

    @Test
    void endlessLineIsCutOff() throws IOException {
        try (RawClient client = new RawClient(rig.port)) {
            client.line();
            byte[] part = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            try {
                while (sent < 50_000_000) {
                    client.say(part);
                    sent += part.length;
                }
            } catch (IOException e) {
                // Cut off, which is what is to be shown.
            }

            assertThat(sent).isLessThan(20_000_000);
        }
    }

    @Test
    void clientThatNeverIntroducesItselfIsCutOff() throws IOException {
        try (RawClient client = new RawClient(rig.port)) {
            assertThat(client.line()).startsWith("INFO ");
            Await.await("it is cut off", BOUND, () -> rig.gateway.clients() == 0);
        }
    }

    @Test
    void forbiddenRequestsAndSubscriptionsAreRefusedAndNothingElseHappens() throws IOException {
        try (RawClient client = RawClient.introduced(rig.port)) {
            client.say("SUB $KV.kine.> 1\r\nSUB > 2\r\nSUB _INBOX.> 3\r\n");
            assertThat(client.line())
                    .isEqualTo("-ERR 'Permissions Violation for Subscription to \"$KV.kine.>\"'");
            assertThat(client.line()).contains("\">\"");
            client.say("PUB $JS.API.STREAM.PURGE.KV_kine _INBOX.1 0\r\n\r\n");
            assertThat(client.line()).startsWith("MSG _INBOX.1 3 ");
            assertThat(client.line()).contains("\"code\":403", "would not be copied");
            client.say("PUB $TWONODE.replica.kine.x 0\r\n\r\nPING\r\n");
            assertThat(client.line()).contains("Permissions Violation for Publish");
            assertThat(client.line()).isEqualTo("PONG");
        }
    }

    @Test
    void clientsThatComeAndGoLeaveNothingBehind() throws IOException {
        long before = threads();
        for (int i = 0; i < 10_000; i++) {
            new RawClient(rig.port).close();
        }
        Await.await("all are gone", Duration.ofSeconds(60), () -> rig.gateway.clients() == 0);

        assertThat(threads()).isLessThan(before + 50);
    }

    private static long threads() {
        return Thread.getAllStackTraces().size();
    }

    @Test
    void clientThatDoesNotReadIsCutOffAndHoldsUpNobody() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (FakeServer flood =
                        new FakeServer(socket -> {
                            FakeServer.greet(socket);
                            String message = "MSG x 1 100000\r\n" + "x".repeat(100_000) + "\r\n";
                            while (sent.get() < 500_000_000) {
                                FakeServer.say(socket, message);
                                sent.addAndGet(message.length());
                            }
                        });
                RawClient client = flooded(flood)) {
            Await.await("it is cut off", BOUND, () -> rig.gateway.clients() == 0);

            assertThat(sent.get()).as("read from the server").isLessThan(50_000_000);
            assertThat(client).isNotNull();
        }
        lead();
    }

    private RawClient flooded(FakeServer flood) throws IOException {
        rig.servers(flood.port(), flood.port());
        rig.ownLeads(FakeServer.ID, 1_000_000);
        RawClient client = new RawClient(rig.port);
        client.line();
        client.say("CONNECT {}\r\nSUB x 1\r\nPING\r\n");
        return client;
    }

    @Test
    void serverThatTalksNonsenseCostsItsClientsNothingButTime() throws Exception {
        try (FakeServer mad =
                new FakeServer(socket -> {
                    FakeServer.say(socket, "INFO {\"server_id\":\"" + FakeServer.ID + "\"}\r\n");
                    FakeServer.say(socket, "HELLO there\r\n");
                    socket.getInputStream().readAllBytes();
                })) {
            clientsSurvive(mad);
        }
        lead();
    }

    @Test
    void serverThatNeverSpeaksCostsItsClientsNothingButTime() throws Exception {
        try (FakeServer mute = new FakeServer(socket -> socket.getInputStream().readAllBytes())) {
            clientsSurvive(mute);
        }
        lead();
    }

    @Test
    void serverThatIsAnotherProcessThanAnnouncedIsNotUsed() throws Exception {
        try (FakeServer other = new FakeServer(FakeServer::greet)) {
            try (RawClient client = RawClient.introduced(rig.port)) {
                rig.servers(led.server.port(), other.port());
                rig.peerLeads("ANOTHER", 1_000_000);
                Await.await("it was tried", BOUND, () -> other.accepted() > 1);
                client.say("PING\r\n");
                assertThat(client.line()).isEqualTo("PONG");
            }
        }
        lead();
    }

    /// The client was served by a good server before, and is not closed because the next is bad.
    private void clientsSurvive(FakeServer bad) throws IOException {
        try (RawClient client = RawClient.introduced(rig.port)) {
            rig.servers(led.server.port(), bad.port());
            rig.peerLeads(FakeServer.ID, 1_000_000);
            Await.await("the bad server was tried", BOUND, () -> bad.accepted() > 2);
            client.say("PING\r\n");
            assertThat(client.line()).isEqualTo("PONG");
        }
    }
}
