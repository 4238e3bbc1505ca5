package dev.twonode.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.gateway.wire.Frame;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CopyLineIT {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final byte[] NONE = {};

    @Test
    void whatIsPublishedArrivesAsItIsWithHeadersAndWithout() throws Exception {
        byte[] headers = "NATS/1.0\r\nName: a value: of two words\r\n\r\n".getBytes(UTF_8);
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server);
                CopyLine line = line(link)) {
            line.subscribe("grüße.*", "1");
            line.publish("grüße.a", "answer", headers, "body".getBytes(UTF_8));
            line.publish("grüße.b", null, NONE, NONE);
            line.flush();

            Frame.Message first = Objects.requireNonNull(line.next(BOUND));
            assertThat(CopyLine.fromWire(first.subject())).isEqualTo("grüße.a");
            assertThat(first.reply()).isEqualTo("answer");
            assertThat(first.headerBlock()).isEqualTo(headers);
            assertThat(first.status()).isZero();
            assertThat(first.text()).isEqualTo("body");
            Frame.Message second = Objects.requireNonNull(line.next(BOUND));
            assertThat(CopyLine.fromWire(second.subject())).isEqualTo("grüße.b");
            assertThat(second.payload()).isEmpty();
            assertThat(line.next(Duration.ofMillis(20))).isNull();
        }
    }

    @Test
    void aServerThatAsksWhetherWeAreThereIsAnswered() throws Exception {
        try (NatsServerProcess server =
                        NatsServerProcess.configure()
                                .extra("ping_interval: \"500ms\"\nping_max: 2")
                                .start();
                NatsLink link = open(server);
                CopyLine line = line(link)) {
            assertThat(line.next(Duration.ofSeconds(4))).isNull();

            line.subscribe("a", "1");
            line.publish("a", null, NONE, NONE);
            line.flush();
            assertThat(line.next(BOUND)).isNotNull();
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server);
                CopyLine line = line(link)) {
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            Thread waiting =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    line.next(BOUND);
                                } catch (StoreException e) {
                                    end.set(e);
                                }
                            });
            Await.await("it waits", BOUND, () -> isWaiting(waiting));

            waiting.interrupt();

            assertThat(waiting.join(BOUND.dividedBy(2))).isTrue();
            assertThat(end.get())
                    .asInstanceOf(InstanceOfAssertFactories.type(StoreException.class))
                    .extracting(StoreException::kind)
                    .isEqualTo(Kind.UNREACHABLE);
        }
    }

    private static boolean isWaiting(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("poll")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void itEndsWithTheSessionBesideWhichItWasOpened() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server);
                CopyLine line = line(link)) {
            link.current().orElseThrow().close();

            assertThatThrownBy(() -> line.next(BOUND))
                    .isInstanceOf(StoreException.class)
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void anotherProcessAtTheSameAddressIsNotTakenForTheSessions() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server)) {
            Session before = link.current().orElseThrow();
            server.kill();
            server.restart();

            assertThatThrownBy(() -> link.lineBeside(before, BOUND))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another server process");
        }
    }

    @Test
    void aServerThatTalksOnAndOnWithoutTakingUsInIsGivenUp() throws Exception {
        try (NatsServerProcess server = NatsServerProcess.start();
                NatsLink link = open(server);
                ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket near = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket far = listening.accept()) {
            Thread talking = Thread.ofPlatform().start(() -> talk(far));
            CopyLine line = new CopyLine("test", near, _ -> {});

            assertThatThrownBy(() ->
                            line.introduce(
                                    "{}", link.current().orElseThrow(), Duration.ofMillis(200)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("did not take us in within 200 ms");
            line.close();
            assertThat(talking.join(BOUND)).isTrue();
        }
    }

    private static void talk(Socket far) {
        try {
            while (true) {
                far.getOutputStream().write("INFO {}\r\n".getBytes(UTF_8));
            }
        } catch (IOException e) {
            // Nobody listens any more.
        }
    }

    @Test
    void whatTheServerDoesNotAllowIsRefusedAndTold() throws Exception {
        try (NatsServerProcess server =
                        NatsServerProcess.configure()
                                .extra(
                                        "authorization { users: [ { user: ada, password: pw,"
                                                + " permissions: { publish: [\">\"], subscribe:"
                                                + " [\"_INBOX.>\"] } } ] }")
                                .start();
                NatsLink link = open("nats://ada:pw@127.0.0.1:" + server.port());
                CopyLine line = line(link)) {
            line.subscribe("state", "1");

            assertThatThrownBy(() -> line.next(BOUND))
                    .isInstanceOf(StoreException.class)
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(Kind.REFUSED);
            assertThat(link.denials().getFirst().permission()).isEqualTo("state");
        }
    }

    private static CopyLine line(NatsLink link) throws StoreException {
        return link.lineBeside(link.current().orElseThrow(), BOUND);
    }

    private static NatsLink open(NatsServerProcess server) throws InterruptedException {
        return open(server.url());
    }

    private static NatsLink open(String url) throws InterruptedException {
        NatsLink link =
                NatsLink.open(
                        ConnectionSettings.plain(url), "test", Duration.ofSeconds(5), _ -> {});
        link.firstAttempt();
        return link;
    }
}
