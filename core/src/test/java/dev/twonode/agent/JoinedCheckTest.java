package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.testing.Await;
import dev.twonode.testing.FakeMessaging;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JoinedCheckTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicBoolean dropped = new AtomicBoolean();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private volatile Runnable meanwhile = () -> {};

    /// A connection that drops what an interrupted thread sends, as the client library does.
    private final class Line extends FakeMessaging {

        private final String id;

        Line(String id) {
            this.id = id;
        }

        @Override
        public Optional<ServerIdentity> server() {
            return Optional.of(new ServerIdentity(id, id, "2.14.0", id, true, "", 1 << 20));
        }

        @Override
        public boolean publish(String subject, byte[] body) {
            if (sent.incrementAndGet() <= 3) {
                meanwhile.run();
            }
            send();
            return true;
        }

        @Override
        public Subscription subscribe(String subject, Consumer<Incoming> handler) {
            return () -> {
                send();
                left.incrementAndGet();
            };
        }

        private void send() {
            if (Thread.currentThread().isInterrupted()) {
                dropped.set(true);
            }
        }
    }

    @Test
    void aContactWhileItLooksLosesNothingThatIsSent() {
        try (JoinedCheck check = check("a", "b")) {
            meanwhile = check::look;
            check.look();
            Await.await("the looks end", BOUND, () -> left.get() >= 2);
        }
        assertThat(dropped).isFalse();
        assertThat(refusals).isEmpty();
    }

    @Test
    void oneServerIsFoundOutAtTheFirstContact() {
        try (JoinedCheck check = check("a", "a")) {
            check.look();
            Await.await("it is refused", BOUND, () -> !refusals.isEmpty());
        }
        assertThat(refusals.peek()).contains("one and the same server");
    }

    private JoinedCheck check(String own, String peer) {
        Duration patience = Duration.ofMillis(200);
        return new JoinedCheck(new Line(own), new Line(peer), patience, refusals::add);
    }
}
