package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import dev.twonode.testing.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person can get wrong before an agent serves: a message that says what failed, why and
/// what to do, an exit code from the table, and nothing touched.
class BadStartIT {

    private static final int REFUSED = 3;
    private static final int NOT_AUTHORISED = 77;
    private static final int CONFIGURATION = 78;
    private static final int TERMINATED = 143;
    private static final int USAGE = 2;

    private static final String NOWHERE = "nats://127.0.0.1:1";

    @TempDir private Path folder;

    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable one : started.reversed()) {
            one.close();
        }
    }

    private NatsServerProcess server(NatsServerProcess.Settings settings) {
        NatsServerProcess server = settings.start();
        started.add(server);
        return server;
    }

    private NatsServerProcess server() {
        return server(NatsServerProcess.configure());
    }

    private Path state() {
        return folder.resolve("state");
    }

    private AgentProcess agent(String name, String server, String peer, String... more) {
        return agent(List.of(), name, state(), server, peer, more);
    }

    private AgentProcess agent(
            List<String> by, String name, Path state, String server, String peer, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--name", name, "-s", server, "--peer-url", peer));
        arguments.addAll(List.of("--state-dir", state.toString(), "--log-format", "plain"));
        if (!List.of(more).contains("--gateway")) {
            arguments.addAll(List.of("--gateway", "off"));
        }
        arguments.addAll(List.of(more));
        Path log = folder.resolve("agent-" + started.size() + ".log");
        AgentProcess process = AgentProcess.start(log, by, arguments);
        started.add(process);
        return process;
    }

    private static void assertEnds(AgentProcess agent, int code, String... words) {
        int ended = agent.awaitExit();
        assertThat(agent.log()).contains(words);
        assertThat(ended).as(agent.log()).isEqualTo(code);
    }

    @Test
    void aServerWithoutJetStream() {
        NatsServerProcess server = server(NatsServerProcess.configure().withoutJetStream());

        assertEnds(
                agent("a", server.url(), NOWHERE),
                CONFIGURATION,
                "JetStream is not enabled",
                "jetstream {}");
    }

    @Test
    void aGatewayAddressThatIsTakenIsFoundBeforeAnyServerIsAsked() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerSocket nats = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> count(nats, asked));
            String url = "nats://127.0.0.1:" + nats.getLocalPort();
            String gateway = "127.0.0.1:" + taken.getLocalPort();

            assertEnds(
                    agent("a", url, NOWHERE, "--gateway", gateway),
                    CONFIGURATION,
                    "the gateway cannot listen at " + gateway,
                    "give another address with --gateway");
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void aGatewayInPlaceOfAServerIsSaidToBeOne() {
        String gateway = "127.0.0.1:" + NatsServerProcess.freePort();
        String[] more = {"--leader", "--peer-retries=1", "--gateway", gateway};
        AgentProcess leader = agent("a", server().url(), NOWHERE, more);
        leader.awaitLog("leads alone");

        assertEnds(
                agent(List.of(), "b", folder.resolve("other"), gateway, NOWHERE),
                CONFIGURATION,
                "own server: nats://" + gateway + " is a gateway of twonode",
                "name the NATS server's own port");
        AgentProcess status = AgentProcess.run(folder.resolve("out"), "status", "-s", gateway);
        assertThat(status.log().replaceAll("\\s+", " "))
                .contains("is a gateway of twonode", "ask the NATS server beside it")
                .doesNotContain("kill");
        AgentProcess through =
                agent(List.of(), "c", folder.resolve("third"), server().url(), gateway);
        through.awaitLog("peer's server: not reached: nats://" + gateway + " is a gateway");
    }

    private static void count(ServerSocket door, AtomicInteger callers) {
        try {
            while (true) {
                door.accept().close();
                callers.incrementAndGet();
            }
        } catch (IOException e) {
            // Closed.
            return;
        }
    }

    @Test
    void aSecondAgentOfOneServerEndsAndTheFirstGoesOn() {
        NatsServerProcess server = server();
        AgentProcess first = agent("a", server.url(), NOWHERE, "--leader", "--when-alone", "serve");
        first.awaitLog("leads alone");

        AgentProcess second = agent(List.of(), "c", folder.resolve("other"), server.url(), NOWHERE);

        assertEnds(
                second,
                CONFIGURATION,
                "agent a serves this node's server already",
                "end that one first");
        first.awaitLog("agent c was started for this node's server too");
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void anAccountWithoutJetStream() throws IOException {
        String accounts =
                "accounts { KINE { jetstream: enabled, users: [ { user: k, password: p } ] },"
                        + " OTHER { users: [ { user: o, password: p } ] } }";
        NatsServerProcess server = server(NatsServerProcess.configure().extra(accounts));
        Path password = Files.writeString(folder.resolve("password"), "p");
        String[] login = {"--user", "o", "--password-file", password.toString()};

        AgentProcess agent = agent("a", server.url(), NOWHERE, login);
        agent.awaitLog("not enabled for account");

        AgentProcess status =
                AgentProcess.run(
                        folder.resolve("status.out"),
                        "status",
                        "-s",
                        server.url(),
                        login[0],
                        login[1],
                        login[2],
                        login[3]);
        assertThat(status.log()).contains("store-down", "is JetStream enabled, for the");
        assertThat(server.log()).doesNotContain("KV_kine");
        agent.terminate();
        assertThat(agent.awaitExit()).as(agent.log()).isZero();
    }

    @Test
    void aLoginThatMayNotUseTheStreams() throws IOException {
        String user =
                "authorization { users: [ { user: u, password: p, permissions: { publish:"
                        + " [\"twonode.kine.>\", \"_INBOX.>\"], subscribe: [\">\"] } } ] }";
        NatsServerProcess server = server(NatsServerProcess.configure().extra(user));
        Path password = Files.writeString(folder.resolve("password"), "p");
        String[] login = {"--user", "u", "--password-file", password.toString()};
        AgentProcess agent = agent("a", server.url(), NOWHERE, login);
        agent.awaitLog("Let it publish \"$JS.API.>\" there");

        String[] ask = {"-s", server.url(), login[0], login[1], login[2], login[3]};
        AgentProcess status = AgentProcess.run(folder.resolve("out"), with("status", ask));
        assertThat(status.log())
                .contains("a's login may not publish", "let it publish \"$JS.API.>\" there")
                .doesNotContain("ends by itself", "WARNING");
        AgentProcess state = AgentProcess.run(folder.resolve("json"), with("state", ask));
        assertThat(state.log()).contains("Let it publish \"$JS.API.>\" there and reload");
    }

    private static String[] with(String command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aPeersServerThatRefusesTheCredentials() throws IOException {
        NatsServerProcess own = server();
        NatsServerProcess peer =
                server(
                        NatsServerProcess.configure()
                                .extra("authorization { user: u, password: secret }"));
        AgentProcess agent = agent("a", own.url(), peer.url(), "--peer-retries=1");
        agent.awaitLog("peer's server: not reached");

        AgentProcess status =
                AgentProcess.run(folder.resolve("out"), "status", "-s", own.url(), "-o", "json");
        assertThat(status.log())
                .contains("does not let this node's agent in", "refused the credentials")
                .doesNotContain("ends by itself", "Start the other node");
        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    void aServerThatRefusesTheCredentials() {
        NatsServerProcess server =
                server(
                        NatsServerProcess.configure()
                                .extra("authorization { user: u, password: secret }"));

        assertEnds(
                agent("a", server.url(), NOWHERE),
                NOT_AUTHORISED,
                "refused the credentials",
                "--creds");
    }

    @Test
    void aServerThatIsTooOld() throws IOException {
        String old =
                "INFO {\"server_id\":\"X\",\"server_name\":\"X\",\"version\":\"2.10.27\","
                    + "\"proto\":1,\"max_payload\":1048576,\"jetstream\":true,\"headers\":true}";

        assertEnds(
                agent("a", greeter(old), NOWHERE),
                CONFIGURATION,
                "2.10.27",
                "is older than 2.10.28",
                "upgrade");
    }

    @Test
    void somethingThatIsNoNatsServerIsTriedAgainAndSaidSo() throws IOException {
        triedAgain(greeter("220 mail.example ESMTP"));
    }

    private void triedAgain(String server) {
        AgentProcess agent = agent("a", server, NOWHERE);

        agent.awaitLog("own server: not reached");
        agent.terminate();

        // The second one before it has begun to listen for signals.
        assertThat(agent.awaitExit()).as(agent.log()).isIn(0, TERMINATED);
    }

    @Test
    void aServerThatIsNotThereIsTriedAgainAndSaidSo() {
        triedAgain("nats://127.0.0.1:2");
    }

    /// Greets every client with one line and says no more.
    private String greeter(String line) throws IOException {
        ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        started.add(listening);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            Socket client = listening.accept();
                            client.getOutputStream()
                                    .write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        }
                    } catch (IOException e) {
                        // Closed.
                        return;
                    }
                });
        return "nats://127.0.0.1:" + listening.getLocalPort();
    }

    @Test
    void aPeerUrlThatLeadsToTheOwnServer() {
        NatsServerProcess server = server();

        assertEnds(
                agent("a", server.url(), server.url(), "--leader"),
                USAGE,
                "this node's own server",
                "--peer-url");
        assertEnds(
                agent("a", server.url(), "nats://[::ffff:127.0.0.1]:" + server.port(), "--leader"),
                CONFIGURATION,
                "one and the same server",
                "--peer-url");
    }

    @Test
    void twoServersThatAreJoined() {
        int port = NatsServerProcess.freePort();
        NatsServerProcess hub =
                server(
                        NatsServerProcess.configure()
                                .extra("leafnodes { listen: \"127.0.0.1:" + port + "\" }"));
        String remote = "leafnodes { remotes: [{ url: \"nats://127.0.0.1:" + port + "\" }] }";
        NatsServerProcess leaf = server(NatsServerProcess.configure().extra(remote));

        assertEnds(
                agent("a", hub.url(), leaf.url()),
                CONFIGURATION,
                "pass messages to each other",
                "leafnode",
                "remove");
    }

    @Test
    void twoNodesWithOneName() {
        NatsServerProcess one = server();
        NatsServerProcess other = server();
        AgentProcess first =
                agent(List.of(), "a", folder.resolve("1"), one.url(), other.url(), "--leader");
        AgentProcess second = agent(List.of(), "a", folder.resolve("2"), other.url(), one.url());

        // Whichever hears the other first ends, and what is left may never have been heard.
        AgentProcess hears =
                Await.awaitValue(
                        "one of the two ends",
                        Duration.ofSeconds(20),
                        () -> Stream.of(first, second).filter(it -> !it.isAlive()).findFirst());
        assertEnds(hears, CONFIGURATION, "the peer is named 'a' too", "--name");
    }

    @Test
    void twoAgentsOnOneStateFolder() {
        NatsServerProcess server = server();
        AgentProcess first = agent("a", server.url(), NOWHERE);
        first.awaitLog("twonode");
        first.awaitLog("own stream");

        assertEnds(
                agent("a", server.url(), NOWHERE),
                REFUSED,
                "in use by another agent",
                Long.toString(first.pid()),
                "--state-dir");
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void aDamagedJournal() throws IOException {
        refusesJournal("{\"schema\":1,\"node\":", "is damaged", "backup");
    }

    @Test
    void aJournalOfALaterVersion() throws IOException {
        refusesJournal("{\"schema\":99}", "later version", "schema 99");
    }

    private void refusesJournal(String content, String... words) throws IOException {
        NatsServerProcess server = server();
        Files.createDirectories(state());
        Path journal = state().resolve("journal.json");
        Files.writeString(journal, content);

        assertEnds(agent("a", server.url(), NOWHERE, "--leader"), CONFIGURATION, words);
        assertThat(journal).hasContent(content);
        assertThat(server.log()).doesNotContain("KV_kine");
    }

    @Test
    void aJournalOfAnotherNode() throws IOException {
        NatsServerProcess server = server();
        AgentProcess first =
                agent("a", server.url(), NOWHERE, "--leader", "--retry-interval=500ms");
        first.awaitLog("Leading(ALONE)");
        first.kill();
        String before = Files.readString(state().resolve("journal.json"));

        assertEnds(
                agent("z", server.url(), NOWHERE),
                CONFIGURATION,
                "belongs to node 'a'",
                "--name a");
        assertThat(state().resolve("journal.json")).hasContent(before);
    }

    @Test
    void aJournalOfAnotherBucket() throws IOException {
        NatsServerProcess server = server();
        AgentProcess first = agent("a", server.url(), NOWHERE, "--leader", "--peer-retries=1");
        first.awaitLog("Leading(ALONE)");
        first.kill();
        String before = Files.readString(state().resolve("journal.json"));

        for (String how : List.of("--check-config", "--leader")) {
            assertEnds(
                    agent("a", server.url(), NOWHERE, "--bucket", "kin", how),
                    CONFIGURATION,
                    "is about bucket 'kine', but this agent was given 'kin'",
                    "--bucket kine");
        }
        assertThat(state().resolve("journal.json")).hasContent(before);
        Path streams = server.folder().resolve("store/jetstream/$G/streams");
        assertThat(streams.resolve("KV_kine")).exists();
        assertThat(streams.resolve("KV_kin")).doesNotExist();
    }

    @Test
    void aStateFolderThatIsReadOnly() {
        NatsServerProcess server = server();
        SmallDisk disk = SmallDisk.readOnly(state());
        started.add(disk);

        assertEnds(
                agent(disk.command(folder), "a", state(), server.url(), NOWHERE, "--leader"),
                CONFIGURATION,
                "read-only",
                state().toString());
        assertThat(server.log()).doesNotContain("KV_kine");
    }

    @Test
    void aStateFolderThatIsAFile() throws IOException {
        Files.writeString(state(), "not a folder");

        assertEnds(
                agent("a", "nats://127.0.0.1:2", NOWHERE),
                CONFIGURATION,
                "state folder",
                state().toString());
    }
}
