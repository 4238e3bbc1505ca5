package dev.twonode.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.config.Config;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.GatewayConfig;
import dev.twonode.config.PairSettings;
import dev.twonode.config.Timing;
import dev.twonode.logging.LogFormat;
import dev.twonode.logging.LogLevel;
import dev.twonode.node.Clock;
import dev.twonode.protocol.NodeName;
import dev.twonode.service.SystemdNotifier;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Two real servers, each with an agent in this process.
@SuppressWarnings("try") // closing a client is never interrupted here
final class TestPair implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Duration peerTimeout;
    final Node a;
    final Node b;

    /// What both nodes' clients get; read at the start of an agent.
    Clients clients = new Clients(GatewayConfig.Commit.BOTH, 1_000, "");

    /// How clients are served.
    ///
    /// @param onRevisionsLost command that restarts kine, empty for none
    record Clients(GatewayConfig.Commit commit, int maxLoss, String onRevisionsLost) {}

    /// One node of the pair.
    final class Node implements AutoCloseable {
        final String name;
        final NatsServerProcess server;
        final int gatewayPort = NatsServerProcess.freePort();
        private final Path state;

        /// Where the peer's server is for this node, null when nothing stands between.
        @Nullable String peerUrl;

        private @Nullable Agent agent;

        private Node(String name, Path folder, NatsServerProcess server) {
            this.name = name;
            this.server = server;
            this.state = folder.resolve(name);
        }

        void start() {
            start(Clock.system());
        }

        void start(Clock clock) {
            Node peer = this == a ? b : a;
            try {
                agent =
                        Agent.start(
                                config(this, peer),
                                "0.0.0",
                                new Agent.World(clock, SystemdNotifier.of(Map.of())));
            } catch (dev.twonode.node.StateFolderException | GatewayException e) {
                throw new AssertionError(e);
            }
        }

        /// Ends the agent without a word to anybody.
        void killAgent() {
            Agent running = agent;
            if (running != null) {
                running.close();
            }
            agent = null;
        }

        /// How the agent ended by itself.
        Agent.End awaitEnd() {
            return Await.awaitValue(
                    name + " ended",
                    Duration.ofSeconds(20),
                    () -> {
                        Agent running = Objects.requireNonNull(agent);
                        return running.awaitEnd(Duration.ofMillis(10))
                                ? Optional.of(running.awaitEnd())
                                : Optional.empty();
                    });
        }

        Optional<JsonNode> state() {
            return ask("state", "");
        }

        Optional<JsonNode> ask(String word, String body) {
            try (Connection nats = connect()) {
                Message reply =
                        nats.request(
                                "twonode.kine." + word,
                                body.getBytes(StandardCharsets.UTF_8),
                                Duration.ofSeconds(5));
                return reply == null
                        ? Optional.empty()
                        : Optional.of(MAPPER.readTree(reply.getData()));
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        String role() {
            return state().map(s -> s.path("role").asText()).orElse("unreachable");
        }

        void awaitRole(String role) {
            Await.await(name + " is " + role, Duration.ofSeconds(20), () -> role().equals(role));
        }

        void awaitInSync() {
            Await.await(
                    name + " is in sync",
                    Duration.ofSeconds(20),
                    () -> state().map(s -> s.path("inSync").asBoolean()).orElse(false));
        }

        /// Waits until this node's stream ends at a sequence.
        void awaitSequence(long sequence) {
            Await.await(
                    name + " has sequence " + sequence,
                    Duration.ofSeconds(20),
                    () ->
                            state().filter(s -> s.path("latestSeq").asLong() == sequence)
                                    .isPresent());
        }

        /// Sends a request to the server's JetStream API, as any operator's tool may.
        JsonNode api(String verb, String body) {
            try (Connection nats = connect()) {
                return api(nats, verb, body);
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static JsonNode api(Connection nats, String verb, String body)
                throws IOException, InterruptedException {
            Message reply =
                    nats.request(
                            "$JS.API." + verb,
                            body.getBytes(StandardCharsets.UTF_8),
                            Duration.ofSeconds(5));
            return MAPPER.readTree(Objects.requireNonNull(reply, "no answer").getData());
        }

        /// The configuration of the bucket's stream.
        ObjectNode shape() {
            return (ObjectNode) api("STREAM.INFO.KV_kine", "").path("config");
        }

        /// Everything that the stream holds: sequence, subject and payload of each message.
        Map<Long, String> messages() {
            Map<Long, String> all = new TreeMap<>();
            try (Connection nats = connect()) {
                JsonNode state = api(nats, "STREAM.INFO.KV_kine", "").path("state");
                long last = state.path("last_seq").asLong();
                for (long seq = state.path("first_seq").asLong(); seq <= last; seq++) {
                    String ask = "{\"seq\":" + seq + "}";
                    JsonNode found = api(nats, "STREAM.MSG.GET.KV_kine", ask).path("message");
                    if (!found.isMissingNode()) {
                        all.put(
                                found.path("seq").asLong(),
                                found.path("subject").asText() + " " + found.path("data").asText());
                    }
                }
                return all;
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        Connection connect() throws IOException, InterruptedException {
            return Nats.connect(Options.builder().server(server.url()).noReconnect().build());
        }

        /// Where clients reach the leader through this node.
        String gatewayUrl() {
            return "nats://127.0.0.1:" + gatewayPort;
        }

        /// Writes in kine's way and returns the sequence.
        long put(String key, String value) {
            try (Connection nats = connect()) {
                return nats.jetStream()
                        .publish("$KV.kine." + key, value.getBytes(StandardCharsets.UTF_8))
                        .getSeqno();
            } catch (IOException | io.nats.client.JetStreamApiException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            killAgent();
            server.close();
        }
    }

    TestPair(Path folder) {
        this(
                folder,
                NatsServerProcess.start(),
                NatsServerProcess.start(),
                Duration.ofMillis(1_500));
    }

    /// With servers that differ from the usual ones.
    TestPair(Path folder, NatsServerProcess serverOfA, NatsServerProcess serverOfB) {
        this(folder, serverOfA, serverOfB, Duration.ofMillis(1_500));
    }

    private TestPair(
            Path folder,
            NatsServerProcess serverOfA,
            NatsServerProcess serverOfB,
            Duration peerTimeout) {
        this.peerTimeout = peerTimeout;
        a = new Node("a", folder, serverOfA);
        b = new Node("b", folder, serverOfB);
    }

    /// What a leader is asked to hand over with: it waits for a follower that got no processor for
    /// a while, and is not in sync at that moment, no longer than its answer is waited for.
    static final String PATIENTLY = "{\"waitMs\":4000}";

    /// Has the leader hand over, whichever it is: a busy machine may have changed that.
    void handOver() {
        Await.await(
                "the leader has handed over",
                Duration.ofSeconds(60),
                () -> {
                    Node leader = a.role().equals("leader") ? a : b;
                    return leader.ask("stepdown", PATIENTLY)
                            .map(answer -> answer.path("ok").asBoolean())
                            .orElse(false);
                });
    }

    /// A pair that bears a machine that is busy with much else.
    static TestPair slow(Path folder) {
        return new TestPair(
                folder,
                NatsServerProcess.start(),
                NatsServerProcess.start(),
                Duration.ofMillis(4_500));
    }

    /// The same, in which a leads and b is in sync.
    static TestPair inSync(Path folder) {
        TestPair pair = slow(folder);
        pair.a.start();
        pair.b.start();
        pair.a.awaitRole("leader");
        pair.b.awaitRole("follower");
        pair.b.awaitInSync();
        return pair;
    }

    private Config config(Node node, Node peer) {
        return new Config(
                new NodeName(node.name),
                new PairSettings(
                        "kine",
                        node.name.equals("a"),
                        "",
                        PairSettings.StartAlone.PROOF,
                        PairSettings.OnDivergence.REJOIN),
                ConnectionSettings.plain(node.server.url()),
                ConnectionSettings.plain(
                        Objects.requireNonNullElse(node.peerUrl, peer.server.url())),
                new GatewayConfig(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", node.gatewayPort)),
                        clients.commit(),
                        GatewayConfig.WhenAlone.SERVE,
                        clients.maxLoss(),
                        Duration.ofSeconds(10),
                        clients.onRevisionsLost(),
                        Optional.empty()),
                new Timing(
                        Duration.ofMillis(250),
                        peerTimeout,
                        Duration.ofMillis(500),
                        10,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10)),
                node.state,
                LogFormat.PLAIN,
                LogLevel.INFO);
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
