package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Term;
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
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String ACKNOWLEDGED = "{\"stream\":\"KV_kine\",\"seq\":1}";

    private volatile boolean stuck;
    private volatile boolean left;

    /// What happens at a gateway whose peer leads.
    private interface Scene {
        void play(GatewayRig rig) throws IOException;
    }

    private void whileThePeerLeads(Scene scene) throws IOException {
        try (FakeServer server = new FakeServer(this::serve);
                GatewayRig rig = new GatewayRig(Duration.ofSeconds(1))) {
            rig.servers(server.port(), server.port());
            rig.peerLeads(FakeServer.ID, 10);
            scene.play(rig);
        }
    }

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
                assertThat(client.line()).isEqualTo(ACKNOWLEDGED);
                rig.pass(PATIENCE);
                assertThat(rig.gateway.refusal()).as("an answered write is none").isEmpty();

                stuck = true;
                write(client);
                awaitTaken(client);
                assertThat(rig.gateway.refusal()).as("at once").isEmpty();
                rig.pass(PATIENCE);
                Refusal refusal = rig.gateway.refusal().orElseThrow();
                assertThat(refusal.term()).isEqualTo(new Term(1, GatewayRig.A, 1));
                assertThat(refusal.why()).contains("it answers no write");

                stuck = false;
                write(client);
                Await.await("it is told no more", BOUND, () -> rig.gateway.refusal().isEmpty());
            }
        }
    }

    /// A write in vain, and the client that waited for it leaves.
    private void leaveUnanswered(GatewayRig rig) throws IOException {
        stuck = true;
        left = false;
        try (RawClient client = RawClient.introduced(rig.port)) {
            client.say("SUB box.> 1\r\n");
            write(client);
            awaitTaken(client);
            rig.pass(PATIENCE);
            assertThat(rig.gateway.refusal()).isPresent();
        }
        Await.await("it is gone", BOUND, () -> left);
    }

    @Test
    void whatAClientFoundOutStaysWhenItHasLeft() throws IOException {
        whileThePeerLeads(rig -> {
            leaveUnanswered(rig);

            rig.pass(PATIENCE);
            Refusal stays = rig.gateway.refusal().orElseThrow();
            assertThat(stays.lasted()).as("up to when it left").isLessThan(5_000);
            stuck = false;
            try (RawClient client = RawClient.introduced(rig.port)) {
                client.say("SUB box.> 1\r\n");
                write(client);
                Await.await("it is told no more", BOUND, () -> rig.gateway.refusal().isEmpty());
            }
        });
    }

    @Test
    void aServerThatStoresWhatOthersWriteIsNotFull() throws IOException {
        whileThePeerLeads(rig -> {
            leaveUnanswered(rig);

            rig.pass(PATIENCE);
            rig.peerLeads(FakeServer.ID, 11);

            assertThat(rig.gateway.refusal()).isEmpty();
        });
    }

    @Test
    void aWayThatBrokeSaysNothingOfTheServer() throws IOException {
        whileThePeerLeads(rig -> {
            leaveUnanswered(rig);

            rig.gateway.broke(FakeServer.ID);

            assertThat(rig.gateway.refusal()).isEmpty();
        });
    }

    @Test
    void whatIsWaitedForWhileTheAgentSleepsSaysNothingOfTheServer() throws IOException {
        stuck = true;
        whileThePeerLeads(rig -> {
            try (RawClient client = RawClient.introduced(rig.port)) {
                client.say("SUB box.> 1\r\n");
                write(client);
                awaitTaken(client);

                rig.pass(PATIENCE);
                rig.gateway.slept();
                assertThat(rig.gateway.refusal()).isEmpty();
                rig.pass(PATIENCE);

                assertThat(rig.gateway.refusal()).as("still without an answer").isPresent();
            }
        });
    }

    @Test
    void whatWasFoundOutInOneTermSaysNothingOfTheNext() throws IOException {
        whileThePeerLeads(rig -> {
            leaveUnanswered(rig);

            rig.ownLeads(FakeServer.ID, 10);

            assertThat(rig.gateway.refusal()).isEmpty();
        });
    }

    /// What one client does in vain while nobody else writes.
    private interface Attempt {
        void make(RawClient client, GatewayRig rig) throws IOException;
    }

    private void saysNothing(Attempt attempt) throws IOException {
        stuck = true;
        try (FakeServer server = new FakeServer(this::serve);
                GatewayRig rig = new GatewayRig(Duration.ofSeconds(1))) {
            rig.servers(server.port(), server.port());
            rig.ownLeads(FakeServer.ID, 1_000_000);
            try (RawClient client = RawClient.introduced(rig.port)) {
                attempt.make(client, rig);
                rig.pass(PATIENCE);
                assertThat(rig.gateway.refusal()).isEmpty();
            }
        }
    }

    @Test
    void aClientThatHungUpWaitsForNoAnswer() throws IOException {
        saysNothing((client, rig) -> {
            client.say("SUB box.> 1\r\n");
            write(client);
            awaitTaken(client);
            client.close();
            Await.await("it is gone", BOUND, () -> rig.gateway.clients() == 0);
        });
    }

    @Test
    void aClientThatListensNoMoreWaitsForNoAnswer() throws IOException {
        saysNothing((client, _) -> {
            client.say("SUB box.> 1\r\n");
            write(client);
            client.say("UNSUB 1\r\n");
            awaitTaken(client);
        });
    }

    @Test
    void aClientThatNeverListenedWaitsForNoAnswer() throws IOException {
        saysNothing((client, _) -> {
            write(client);
            awaitTaken(client);
        });
    }

    @Test
    void aWriteThatALoginMayNotMakeGetsNoAnswer() throws IOException {
        saysNothing((client, _) -> {
            client.say("SUB box.> 1\r\nPUB $KV.kine.denied box.1 1\r\nv\r\n");
            assertThat(client.line()).startsWith("-ERR");
        });
    }

    @Test
    void aFenceRefusesWithoutAnAnswerOfTheStream() throws IOException {
        saysNothing((client, rig) -> {
            client.say("SUB box.> 1\r\nPUB $KV.kine.fenced box.1 1\r\nv\r\n");
            awaitTaken(client);
            rig.pass(PATIENCE);
            assertThat(client.line()).startsWith("HMSG box.1");
        });
    }

    private static void write(RawClient client) throws IOException {
        client.say("PUB $KV.kine.x box.1 1\r\nv\r\n");
    }

    /// Returns once the server has got everything that the client said, and the gateway what the
    /// server said to it.
    private static void awaitTaken(RawClient client) throws IOException {
        client.say("PING\r\n");
        assertThat(client.line()).isEqualTo("PONG");
    }

    private void serve(Socket socket) throws IOException {
        try {
            answer(socket);
        } finally {
            left = true;
        }
    }

    private void answer(Socket socket) throws IOException {
        FakeServer.greet(socket);
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("PING")) {
                FakeServer.say(socket, "PONG\r\n");
            }
            if (line.startsWith("PUB $KV.kine.denied")) {
                FakeServer.say(
                        socket,
                        "-ERR 'Permissions Violation for Publish to \"$KV.kine.denied\"'\r\n");
            }
            if (line.startsWith("PUB $KV.kine.fenced")) {
                FakeServer.say(socket, "HMSG box.1 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
            }
            if (line.startsWith("PUB $KV") && !stuck) {
                FakeServer.say(
                        socket,
                        "MSG box.1 1 %d\r\n%s\r\n".formatted(ACKNOWLEDGED.length(), ACKNOWLEDGED));
            }
        }
    }
}
