package dev.twonode.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Messaging;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DirectSubscriptionsIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final StoreFixture fixture = new StoreFixture();
    private final NatsLink link = fixture.link();

    @AfterEach
    void disconnect() {
        fixture.close();
    }

    @Test
    void whatIsSaidIsHeardOnEveryConnectionToComeUntilItIsClosed() {
        Messaging.Subscription subscription =
                link.subscribeDirectly("a.*", message -> heard.add(message.subject()));
        awaitHeard("a.first");

        fixture.server().kill();
        fixture.server().restart();
        awaitHeard("a.second");

        subscription.close();
        Await.await("nobody hears it any more", BOUND, () -> !isHeard("a.third"));
    }

    @Test
    void aHandlerThatFailsHearsTheNextMessageAllTheSame() {
        link.subscribeDirectly(
                "a.*",
                message -> {
                    heard.add(message.subject());
                    throw new IllegalStateException("a handler's defect");
                });

        awaitHeard("a.first");
        awaitHeard("a.second");
    }

    private void awaitHeard(String subject) {
        Await.await(subject + " is heard", BOUND, () -> isHeard(subject));
    }

    private boolean isHeard(String subject) {
        heard.clear();
        link.publish(subject, new byte[0]);
        link.request("nobody", new byte[0], Duration.ofMillis(200));
        return heard.contains(subject);
    }

    /// A server of the test's own takes the place of the connection beside.
    @Nested
    class WhenItsConnection {

        private ServerSocket listening;
        private Session session;
        private DirectSubscriptions direct;
        private Thread listener = Thread.currentThread();

        @BeforeEach
        void listen() throws IOException {
            listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            session = link.current().orElseThrow();
            direct = new DirectSubscriptions(_ -> dial(), this::thread);
        }

        private Thread thread(Runnable work) {
            listener = Thread.ofPlatform().unstarted(work);
            return listener;
        }

        private CopyLine dial() throws StoreException {
            try {
                Socket socket = new Socket(listening.getInetAddress(), listening.getLocalPort());
                return new CopyLine("test", socket, heard::add);
            } catch (IOException e) {
                throw new StoreException(Kind.UNREACHABLE, "not there", e);
            }
        }

        @AfterEach
        void stopListening() throws IOException {
            listening.close();
        }

        @Test
        void breaksTheSessionEndsToo() throws Exception {
            direct.add("a", _ -> {});
            direct.attach(session);

            try (Socket far = listening.accept()) {
                assertThat(new String(far.getInputStream().readNBytes(9), UTF_8))
                        .isEqualTo("SUB a 1\r\n");
            }

            Await.await("the session has ended", BOUND, session::isOver);
        }

        @Test
        void isNotToBeHadTheSessionGoesOn() throws Exception {
            listening.close();
            direct.add("a", _ -> {});

            direct.attach(session);

            assertThat(listener.join(BOUND)).isTrue();
            assertThat(session.isOver()).isFalse();
        }

        @Test
        void mayNotHearTheSubjectTheSessionGoesOn() throws Exception {
            direct.add("a", _ -> {});
            direct.attach(session);

            try (Socket far = listening.accept()) {
                far.getOutputStream()
                        .write(
                                "-ERR 'Permissions Violation for Subscription to \"a\"'\r\n"
                                        .getBytes(UTF_8));
                Await.await("it is told", BOUND, () -> !heard.isEmpty());
                assertThat(listener.join(BOUND)).isTrue();
            }
            assertThat(session.isOver()).isFalse();
        }
    }
}
