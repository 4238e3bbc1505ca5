package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.output.JsonText;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.nats.NatsLink;
import dev.twonode.testing.NatsServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands against a real nats-server, with an agent played by a responder or with none.
class ConnectionIT {

    private static final String STATE = "twonode.kine.state";

    @Test
    void stateOfAnAgentArrivesOverARealServer() {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink agent = agent(server)) {
            byte[] state =
                    JsonText.compact(StateBuilder.leaderA().build())
                            .getBytes(StandardCharsets.UTF_8);
            agent.subscribe(STATE, request -> request.respond(state));
            Launched launched = Cli.launch("state", "-s", "127.0.0.1:" + server.port(), "--json");

            assertThat(launched.error()).isEmpty();
            assertThat(launched.exitCode()).isZero();
            assertThat(launched.output()).contains("\"node\" : \"a\"");
        }
    }

    @Test
    void portWhereNothingListensIsRefused() {
        Launched launched = Cli.launch("state", "-s", "127.0.0.1:" + NatsServerProcess.freePort());

        assertThat(launched.exitCode()).isEqualTo(5);
        assertThat(launched.error()).contains("nothing listens there");
    }

    @Test
    void serverWithoutAnAgentIsNamedWithItsVersion() {
        try (NatsServerProcess server = NatsServerProcess.start()) {
            Launched launched = Cli.launch("state", "-s", server.url());

            assertThat(launched.exitCode()).isEqualTo(5);
            assertThat(launched.error())
                    .containsPattern("a NATS server answers there \\(nats-server \\d.*no twonode");
        }
    }

    @Test
    void serverWithoutJetStreamIsNoObstacleToAsking() {
        try (NatsServerProcess server = NatsServerProcess.configure().withoutJetStream().start()) {
            Launched launched =
                    new Cli().variable("COLUMNS", "200").run("status", "-s", server.url());

            assertThat(launched.exitCode()).isEqualTo(5);
            assertThat(launched.output()).contains("a NATS server answers at", "no twonode agent");
        }
    }

    @Test
    void agentThatDoesNotAnswerEndsWithinTheTimeout() {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink agent = agent(server)) {
            agent.subscribe(STATE, request -> {});
            Launched launched = Cli.launch("state", "-s", server.url(), "--timeout", "300ms");

            assertThat(launched.exitCode()).isEqualTo(5);
            assertThat(launched.error()).contains("look at the agent's log");
        }
    }

    @Test
    void answerThatIsNoJsonIsNoAgent() {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink agent = agent(server)) {
            agent.subscribe(
                    STATE, request -> request.respond("hello".getBytes(StandardCharsets.UTF_8)));
            Launched launched = Cli.launch("state", "-s", server.url());

            assertThat(launched.exitCode()).isEqualTo(5);
            assertThat(launched.error()).contains("the answer is not JSON");
        }
    }

    @Test
    void wrongPasswordEndsWithSeventySevenAndTheRightOneDoesNot(@TempDir Path folder)
            throws IOException {
        Path right = Files.writeString(folder.resolve("right"), "secret\n");
        Path wrong = Files.writeString(folder.resolve("wrong"), "guess\n");
        try (NatsServerProcess server =
                NatsServerProcess.configure()
                        .extra("authorization { user: op, password: secret }")
                        .start()) {
            String[] login = {"state", "-s", server.url(), "--user", "op", "--password-file", ""};
            login[6] = wrong.toString();
            Launched refused = Cli.launch(login);
            login[6] = right.toString();
            Launched accepted = Cli.launch(login);

            assertThat(refused.exitCode()).isEqualTo(77);
            assertThat(refused.error()).contains("--creds, --nkey").doesNotContain("guess");
            assertThat(accepted.error()).contains("no twonode agent");
        }
    }

    @Test
    void aLoginThatMayNotAskIsToldWhatToGrantWithoutWaiting(@TempDir Path folder)
            throws IOException {
        Path word = Files.writeString(folder.resolve("word"), "secret");
        try (NatsServerProcess server =
                NatsServerProcess.configure()
                        .extra(
                                "authorization { users: [ { user: op, password: secret,"
                                    + " permissions: { publish: [x], subscribe: [\"_INBOX.>\"] } }"
                                    + " ] }")
                        .start()) {
            long before = System.nanoTime();
            Launched launched =
                    Cli.launch(
                            "stepdown",
                            "-s",
                            server.url(),
                            "--user",
                            "op",
                            "--password-file",
                            word.toString(),
                            "--timeout",
                            "30s",
                            "-o",
                            "json");

            assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(20).toNanos());
            assertThat(launched.exitCode()).isEqualTo(77);
            assertThat(launched.error().lines()).hasSize(1);
            assertThat(launched.error())
                    .contains(
                            "may not publish to \\\"twonode.kine.state\\\"",
                            "\"next\":\"let it publish \\\"twonode.kine.>\\\" there");
        }
    }

    @Test
    void whatGreetsNobodyMayBeAGateway() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            Launched launched = Cli.launch("state", "-s", address, "--timeout", "300ms");

            assertThat(launched.exitCode()).isEqualTo(5);
            assertThat(launched.error())
                    .contains("did not greet", "and not a gateway of twonode (4240)");
        }
    }

    @Test
    void somethingElseThanNatsIsSaidToBeThat() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread talker =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (greets(other)) {
                                    Thread.onSpinWait();
                                }
                            });
            Launched launched = Cli.launch("state", "-s", "127.0.0.1:" + other.getLocalPort());

            assertThat(launched.exitCode()).isEqualTo(5);
            assertThat(launched.error()).contains("is not a NATS server");
            talker.interrupt();
        }
    }

    private static boolean greets(ServerSocket other) {
        try (var client = other.accept()) {
            client.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private static NatsLink agent(NatsServerProcess server) {
        NatsLink link =
                NatsLink.open(
                        ConnectionSettings.plain(server.url()),
                        "agent",
                        Duration.ofSeconds(5),
                        _ -> {});
        try {
            link.firstAttempt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return link;
    }
}
