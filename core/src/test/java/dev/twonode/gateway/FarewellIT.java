package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A gateway that ends leaves no client waiting for an answer: a real server, no agent.
@SuppressWarnings("try") // closing a client is never interrupted here
class FarewellIT {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final String GUARD =
            "NATS/1.0\r\nNats-Expected-Last-Subject-Sequence: 0\r\n\r\n";

    private final LedGateway led;
    private final GatewayRig rig;

    FarewellIT() throws Exception {
        led = new LedGateway(BOUND);
        rig = led.rig;
    }

    @AfterEach
    void closeAll() {
        led.close();
    }

    /// A client that hears its answers.
    private RawClient listening() throws IOException {
        RawClient client = RawClient.introduced(rig.port);
        client.say("SUB _INBOX.* 1\r\n");
        return client;
    }

    private static void write(RawClient client, String key) throws IOException {
        int size = GUARD.length();
        client.say(
                "HPUB $KV.kine.%s _INBOX.%s %d %d\r\n%sv\r\n"
                        .formatted(key, key, size, size + 1, GUARD));
    }

    @Test
    void answerThatIsUnderWayIsAwaited() throws Exception {
        try (RawClient client = listening()) {
            write(client, "x");
            awaitStored(1);
            CompletableFuture<Void> dismissed = CompletableFuture.runAsync(rig.gateway::dismiss);
            awaitRefused();
            rig.ownLeads(led.id, 1);

            assertThat(client.line()).startsWith("MSG _INBOX.x 1 ");
            assertThat(client.line()).contains("\"seq\":1");
            assertThat(client.rest()).isEmpty();
            assertThat(dismissed).succeedsWithin(BOUND);
        }
    }

    @Test
    void requestThatNoServerHasSeenWaitsForTheAgentToBeStartedAgain() throws Exception {
        try (RawClient client = listening()) {
            rig.nobodyLeads();
            write(client, "x");
            client.say("PING\r\n");
            assertThat(client.line()).isEqualTo("PONG");

            rig.gateway.dismiss();

            assertThat(client.rest()).isEmpty();
            assertThat(last()).isZero();
        }
        assertAnsweredBySuccessor();
    }

    @Test
    void requestThatFollowsAPingWaitsForTheAgentToBeStartedAgain() throws Exception {
        try (RawClient client = listening()) {
            CompletableFuture<Void> dismissed = CompletableFuture.runAsync(rig.gateway::dismiss);
            assertThat(client.rest()).isEmpty();
            client.say("PING\r\n");
            write(client, "x");
            client.close();

            assertThat(dismissed).succeedsWithin(BOUND);
        }
        assertAnsweredBySuccessor();
    }

    @Test
    void requestIsKeptAlthoughTheServerGoesOnTalking() throws Exception {
        try (Connection other = Nats.connect(led.server.url());
                RawClient client = listening()) {
            client.say("SUB talk 2\r\nPING\r\n");
            assertThat(client.line()).isEqualTo("PONG");
            CompletableFuture<Void> dismissed = CompletableFuture.runAsync(rig.gateway::dismiss);
            assertThat(client.rest()).isEmpty();
            for (int i = 0; i < 50; i++) {
                other.publish("talk", new byte[1]);
                other.flush(BOUND);
            }
            write(client, "x");
            client.close();

            assertThat(dismissed).succeedsWithin(BOUND);
        }
        assertAnsweredBySuccessor();
    }

    @Test
    void requestOfAClientThatNoticesLateIsKept() throws Exception {
        try (RawClient client = listening()) {
            rig.gateway.dismiss();
            write(client, "x");
            rig.gateway.close();
        }
        assertAnsweredBySuccessor();
    }

    @Test
    void clientThatHasNotIntroducedItselfLeavesToo() throws Exception {
        try (RawClient client = new RawClient(rig.port)) {
            assertThat(client.line()).startsWith("INFO ");
            CompletableFuture<Void> dismissed = CompletableFuture.runAsync(rig.gateway::dismiss);
            assertThat(client.line()).isEmpty();
            client.say("CONNECT {}\r\nSUB _INBOX.* 1\r\n");
            write(client, "x");
            client.close();

            assertThat(dismissed).succeedsWithin(BOUND);
        }
        assertAnsweredBySuccessor();
    }

    /// What nobody has seen is answered once the client is back.
    private void assertAnsweredBySuccessor() throws Exception {
        rig.gateway.close();
        assertThat(last()).isZero();
        try (GatewayRig again = rig.successor(BOUND)) {
            led.putBehind(again);
            again.ownLeads(led.id, 1);
            try (RawClient client = listening()) {
                assertThat(client.line()).startsWith("MSG _INBOX.x 1 ");
                assertThat(client.line()).contains("\"seq\":1");
            }
        }
    }

    @Test
    void requestOfLongAgoIsForgotten() throws Exception {
        try (RawClient client = listening()) {
            rig.nobodyLeads();
            write(client, "x");
            rig.gateway.dismiss();
            assertThat(client.rest()).isEmpty();
        }
        try (GatewayRig again = rig.successor(Duration.ZERO)) {
            led.putBehind(again);
            again.ownLeads(led.id, 1);
            try (RawClient client = listening()) {
                client.say("PING\r\n");
                assertThat(client.line()).isEqualTo("PONG");
                assertThat(last()).isZero();
            }
        }
    }

    @Test
    void outcomeThatIsNotKnownInTimeIsSaidToBeUnknown() throws Exception {
        try (RawClient client = listening()) {
            write(client, "x");
            awaitStored(1);

            rig.gateway.dismiss();

            assertThat(client.rest()).contains("_INBOX.x", "outcome unknown");
        }
    }

    @Test
    void clientWithoutARequestLeavesAtOnce() throws Exception {
        try (RawClient client = listening()) {
            rig.gateway.dismiss();

            assertThat(client.rest()).isEmpty();
        }
    }

    private void awaitRefused() {
        Await.await(
                "no client is accepted any more",
                BOUND,
                () -> {
                    try (RawClient _ = new RawClient(rig.port)) {
                        return false;
                    } catch (ConnectException e) {
                        return true;
                    }
                });
    }

    private void awaitStored(long sequence) {
        Await.await("the server has it", BOUND, () -> last() == sequence);
    }

    private long last() throws Exception {
        try (Connection nats = Nats.connect(led.server.url())) {
            return nats.jetStreamManagement()
                    .getStreamInfo("KV_kine")
                    .getStreamState()
                    .getLastSequence();
        }
    }
}
