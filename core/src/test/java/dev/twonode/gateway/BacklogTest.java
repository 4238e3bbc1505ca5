package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.testing.Await;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final Backlog backlog = new Backlog();

    @Test
    void whatWaitsComesInTheOrderInWhichItWasAdded() throws Exception {
        backlog.add(waiting(1, 10));
        backlog.add(waiting(2, 10));

        assertThat(firstSequence()).isEqualTo(1);
        assertThat(backlog.isLast()).isFalse();
        backlog.removeFirst();
        assertThat(firstSequence()).isEqualTo(2);
        assertThat(backlog.isLast()).isTrue();
    }

    @Test
    void itIsNotEmptyWhileTheLastIsBeingShown() throws Exception {
        backlog.add(waiting(1, 10));
        firstSequence();
        assertThat(backlog.isEmpty()).isFalse();

        backlog.removeFirst();

        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void itTakesNoMoreThanAMebibyteAtATime() throws Exception {
        int half = 1 << 19;
        backlog.add(waiting(1, half));
        backlog.add(waiting(2, half));
        AtomicBoolean added = new AtomicBoolean();
        Thread server =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                added.set(backlog.add(waiting(3, half)));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        Await.await("it is full", BOUND, () -> server.getState() == Thread.State.WAITING);

        backlog.removeFirst();

        Await.await("there is room", BOUND, () -> !server.isAlive());
        assertThat(added).isTrue();
    }

    @Test
    void oneMessageLargerThanTheBoundIsTaken() throws Exception {
        assertThat(backlog.add(waiting(1, 3 << 20))).isTrue();
    }

    @Test
    void anEndedBacklogShowsNothingAndHoldsUpNobody() throws Exception {
        backlog.add(waiting(1, 10));

        backlog.end();

        assertThat(backlog.first()).isNull();
        assertThat(backlog.add(waiting(2, 10))).isFalse();
        backlog.drain();
    }

    private long firstSequence() throws InterruptedException {
        return Objects.requireNonNull(backlog.first()).sequence();
    }

    private static Backlog.Waiting waiting(long sequence, int bytes) {
        Frame frame = Frames.message("reply", "1", new byte[bytes]);
        return new Backlog.Waiting(frame, null, sequence, true);
    }
}
