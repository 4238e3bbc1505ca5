package dev.twonode.nats;

import static dev.twonode.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.logging.HeardLog;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.testing.NatsServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NatsLinkIT {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration PEER_TIMEOUT = Duration.ofMillis(1500);

    private final List<LinkEvent> events = new CopyOnWriteArrayList<>();

    @Test
    void requestsTellAnAnswerFromNobodyFromSilence() throws InterruptedException {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            assertThat(link.firstAttempt()).isInstanceOf(Dialed.Reached.class);
            CountDownLatch never = new CountDownLatch(1);
            link.subscribe("echo", message -> message.respond(message.body()));
            link.subscribe("silent", _ -> waitFor(never));

            Reply answer = link.request("echo", bytes("hello"), BOUND);

            assertThat(answer).isInstanceOf(Reply.Answer.class);
            assertThat(((Reply.Answer) answer).body()).isEqualTo(bytes("hello"));
            assertThat(link.request("nobody", bytes(""), BOUND))
                    .isInstanceOf(Reply.NoResponders.class);
            assertThat(link.request("silent", bytes(""), Duration.ofMillis(50)))
                    .isInstanceOf(Reply.Unanswered.class);
            assertThat(link.server().orElseThrow().jetStream()).isTrue();
            never.countDown();
        }
    }

    @Test
    void whatTheServerFindsTooLongIsNotSentAndEndsNothing() throws InterruptedException {
        byte[] large = new byte[2000];
        try (HeardLog log = new HeardLog();
                NatsServerProcess server =
                        NatsServerProcess.configure().extra("max_payload: 1000").start();
                NatsLink link = open(server)) {
            assertThat(link.firstAttempt()).isInstanceOf(Dialed.Reached.class);
            link.subscribe("large", message -> message.respond(large));

            assertThat(link.publish("heartbeat", large)).isFalse();

            assertThat(link.request("large", bytes(""), Duration.ofMillis(200)))
                    .isInstanceOf(Reply.Unanswered.class);
            assertThat(link.publish("heartbeat", bytes("small"))).isTrue();
            assertThat(log.messages())
                    .filteredOn(it -> it.contains("raise its max_payload of 1000"))
                    .hasSize(1);
        }
    }

    @Test
    void slowHandlerDelaysOnlyItsOwnSubscription() throws InterruptedException {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            link.firstAttempt();
            CountDownLatch slow = new CountDownLatch(1);
            link.subscribe("stepdown", _ -> waitFor(slow));
            link.subscribe("state", message -> message.respond(bytes("ok")));
            link.publish("stepdown", bytes(""));
            assertThat(link.request("state", bytes(""), BOUND)).isInstanceOf(Reply.Answer.class);
            slow.countDown();
        }
    }

    @Test
    void closedSubscriptionHearsNothingMore() throws InterruptedException {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            link.firstAttempt();
            Messaging.Subscription subscription =
                    link.subscribe("state", message -> message.respond(bytes("ok")));
            subscription.close();
            await(
                    "nobody hears the subject",
                    BOUND,
                    () -> link.request("state", bytes(""), BOUND) instanceof Reply.NoResponders);
        }
    }

    @Test
    void linkToAServerThatIsDownKeepsTryingAndComesUpWithItsSubscriptions() {
        int port = NatsServerProcess.freePort();
        try (NatsLink link = open("nats://127.0.0.1:" + port)) {
            link.subscribe("state", message -> message.respond(bytes("ok")));
            await("a refusal is reported", BOUND, () -> failures().contains("Refused"));
            assertThat(link.publish("x", bytes(""))).isFalse();
            assertThat(link.request("x", bytes(""), BOUND)).isInstanceOf(Reply.NotSent.class);
            try (NatsServerProcess server = NatsServerProcess.configure().port(port).start()) {
                await("the link is up", Duration.ofSeconds(1), () -> link.server().isPresent());
                assertThat(server.isRunning()).isTrue();
                await(
                        "the subscription is up",
                        BOUND,
                        () -> link.request("state", bytes(""), BOUND) instanceof Reply.Answer);
            }
        }
    }

    @Test
    void killedServerFailsWhatIsInFlightAtOnceAndIsFoundAgain() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            ServerIdentity before = ((Dialed.Reached) link.firstAttempt()).server();
            CountDownLatch heard = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            link.subscribe("silent", _ -> waitFor(never, heard));
            List<Reply> replies = new CopyOnWriteArrayList<>();
            Thread asking =
                    Thread.ofVirtual()
                            .start(() -> replies.add(link.request("silent", bytes(""), BOUND)));
            assertThat(heard.await(5, TimeUnit.SECONDS)).isTrue();
            server.kill();
            long killed = System.nanoTime();
            asking.join(BOUND);
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(PEER_TIMEOUT);
            assertThat(replies).singleElement().isInstanceOf(Reply.Unanswered.class);
            await("the end is reported", BOUND, () -> count(LinkEvent.Disconnected.class) == 1);
            assertThat(link.redial()).isInstanceOf(Dialed.Refused.class);
            server.restart();
            await("connected again", BOUND, () -> link.server().isPresent());
            assertThat(link.server().orElseThrow().id()).isNotEqualTo(before.id());
            never.countDown();
        }
    }

    @Test
    void frozenServerIsGivenUpWithinThePeerTimeoutAndDialsTimeOut() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            link.firstAttempt();
            server.pause();
            long paused = System.nanoTime();
            await("the silence is noticed", BOUND, () -> count(LinkEvent.Disconnected.class) == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - paused))
                    .isLessThan(PEER_TIMEOUT.plusMillis(300));
            assertThat(link.redial()).isInstanceOf(Dialed.TimedOut.class);
            await("dials time out", BOUND, () -> failures().contains("TimedOut"));
            server.resume();
            await("connected again", BOUND, () -> link.server().isPresent());
        }
    }

    /// A thread of the library that waits for a server which says nothing is waited for elsewhere.
    @Test
    void endOfAConnectionIsToldAtOnceWhateverTheLibraryStillDoes() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            link.firstAttempt();
            server.pause();
            await("the silence is noticed", BOUND, () -> link.server().isEmpty());
            long noticed = System.nanoTime();
            await("it is told", BOUND, () -> count(LinkEvent.Disconnected.class) == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - noticed))
                    .isLessThan(Duration.ofMillis(250));
            server.resume();
            await("connected again", BOUND, () -> link.server().isPresent());
        }
    }

    @Test
    void redialOfALivingServerNamesIt() throws InterruptedException {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            ServerIdentity up = ((Dialed.Reached) link.firstAttempt()).server();
            assertThat(((Dialed.Reached) link.redial()).server().id()).isEqualTo(up.id());
        }
    }

    @Test
    void secondAddressIsUsedWhenTheFirstRefuses() throws InterruptedException {
        try (NatsServerProcess server = NatsServerProcess.start()) {
            ConnectionSettings one = ConnectionSettings.plain("127.0.0.1:" + server.port());
            ConnectionSettings dead =
                    ConnectionSettings.plain("127.0.0.1:" + NatsServerProcess.freePort());
            ConnectionSettings both =
                    new ConnectionSettings(
                            List.of(dead.server(), one.server()),
                            one.credentials(),
                            one.tls(),
                            one.inboxPrefix(),
                            one.connectTimeout(),
                            one.requestTimeout());
            try (NatsLink link = NatsLink.open(both, "test", PEER_TIMEOUT, events::add)) {
                assertThat(link.firstAttempt()).isInstanceOf(Dialed.Reached.class);
            }
        }
    }

    @Test
    void unknownHostAndForeignServiceAreNamed() throws Exception {
        try (NatsLink link = open("nats://no-such-host.invalid:4222")) {
            assertThat(link.firstAttempt()).isInstanceOf(Dialed.Unreachable.class);
        }
        assertThat(greetedWith("HTTP/1.1 400 Bad Request\r\n\r\n").fault())
                .isEqualTo(Dialed.Fault.PROTOCOL);
    }

    @Test
    void aServerThatTakesNoMoreConnectionsIsNamedSo() throws InterruptedException {
        Dialed.Unsuitable full = crowded("max_connections: 1");
        assertThat(full.fault()).isEqualTo(Dialed.Fault.FULL);
        assertThat(full.why()).contains("takes no more connections;", "max_connections");
    }

    @Test
    void aServerWhoseAccountTakesNoMoreConnectionsIsNamedSo() throws InterruptedException {
        Dialed.Unsuitable full = crowded(account("max_connections: 1"));
        assertThat(full.fault()).isEqualTo(Dialed.Fault.FULL);
        assertThat(full.why()).contains("no more connections of this account");
    }

    @Test
    void aServerThatDoesNotTakeEverySubscriptionIsNotUsedUntilItDoes() {
        int port = NatsServerProcess.freePort();
        NatsServerProcess.Settings narrow =
                NatsServerProcess.configure().port(port).extra(account("max_subscriptions: 1"));
        try (NatsLink link = open("nats://127.0.0.1:" + port)) {
            link.subscribe("state", message -> message.respond(bytes("ok")));
            link.subscribe("stepdown", message -> message.respond(bytes("ok")));
            try (NatsServerProcess server = narrow.start()) {
                await("it is told", BOUND, () -> failures().contains("Unsuitable"));
                assertThat(link.server()).isEmpty();

                server.reload(NatsServerProcess.configure().extra(account("max_subscriptions: 9")));

                await(
                        "both subscriptions are up",
                        BOUND,
                        () ->
                                link.request("stepdown", bytes(""), BOUND) instanceof Reply.Answer
                                        && link.request("state", bytes(""), BOUND)
                                                instanceof Reply.Answer);
            }
        }
    }

    private static String account(String limit) {
        return "accounts { ONE { users: [{user: one, password: one}], limits: {"
                + limit
                + "} } }\nno_auth_user: one";
    }

    /// What the second one hears at a server that takes one client.
    private Dialed.Unsuitable crowded(String limit) throws InterruptedException {
        try (NatsServerProcess server = NatsServerProcess.configure().extra(limit).start();
                NatsLink first = open(server)) {
            // The place that a connection of the server's start held may not be free at once.
            await("the first is in", BOUND, () -> first.server().isPresent());
            try (NatsLink second = open(server)) {
                return (Dialed.Unsuitable) second.firstAttempt();
            }
        }
    }

    @Test
    void serverOlderThanTheOldestSupportedIsRefusedWithTheReason() throws Exception {
        Dialed.Unsuitable old =
                greetedWith("INFO {\"server_id\":\"X\",\"version\":\"2.10.27\"} \r\n");
        assertThat(old.fault()).isEqualTo(Dialed.Fault.TOO_OLD);
        assertThat(old.why()).contains("2.10.27", "2.10.28", "upgrade");
    }

    @Test
    void aGatewayIsNotTakenForTheServerThatItLeadsTo() throws Exception {
        Dialed.Unsuitable gateway =
                greetedWith(
                        "INFO {\"server_id\":\"X\",\"version\":\"2.14.0\","
                                + "\"twonode_gateway\":true} \r\n");

        assertThat(gateway.fault()).isEqualTo(Dialed.Fault.GATEWAY);
        assertThat(gateway.why()).contains("is a gateway of twonode", "4222");
    }

    @Test
    void nothingIsPrintedByTheLibrary() throws InterruptedException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (NatsServerProcess server = NatsServerProcess.start();
                PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            System.setErr(capture);
            try (NatsLink link = open(server)) {
                link.firstAttempt();
                server.kill();
                await("the end is seen", BOUND, () -> count(LinkEvent.Disconnected.class) == 1);
                await("a refusal is seen", BOUND, () -> failures().contains("Refused"));
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    /// What the first attempt says of a service that greets with this text.
    private Dialed.Unsuitable greetedWith(String text) throws Exception {
        try (ServerSocket service = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(service, text));
            try (NatsLink link = open("nats://127.0.0.1:" + service.getLocalPort())) {
                return (Dialed.Unsuitable) link.firstAttempt();
            }
        }
    }

    private static void greet(ServerSocket service, String text) {
        try (Socket socket = service.accept()) {
            socket.getOutputStream().write(bytes(text));
            socket.getOutputStream().flush();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private NatsLink open(NatsServerProcess server) {
        return open(server.url());
    }

    private NatsLink open(String url) {
        return NatsLink.open(ConnectionSettings.plain(url), "test", PEER_TIMEOUT, events::add);
    }

    private long count(Class<? extends LinkEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    private List<String> failures() {
        return events.stream()
                .filter(LinkEvent.DialFailed.class::isInstance)
                .map(event -> ((LinkEvent.DialFailed) event).outcome().getClass().getSimpleName())
                .toList();
    }

    private static void waitFor(CountDownLatch latch, CountDownLatch... first) {
        for (CountDownLatch begun : first) {
            begun.countDown();
        }
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
