package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnderWayTest {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final UnderWay writes = new UnderWay();

    @Test
    void nothingIsBoundedWhereNoAnswerWaits() {
        send(10 * UnderWay.MOST);

        assertThat(writes.isFull()).isFalse();
    }

    @Test
    void aBoundedClientIsFullUntilTheServerAnswers() throws Exception {
        writes.bound();
        send(UnderWay.MOST);
        assertThat(writes.isFull()).isTrue();
        Thread waiting = Thread.ofVirtual().start(this::await);

        writes.answered();

        Await.await("the next write goes on", BOUND, () -> !waiting.isAlive());
        assertThat(writes.isFull()).isFalse();
        writes.sent();
        assertThat(writes.isFull()).isTrue();
    }

    @Test
    void whatAServerNeverAnswersIsForgotten() {
        writes.bound();
        send(UnderWay.MOST);

        await();

        assertThat(writes.isFull()).isFalse();
        send(UnderWay.MOST - 1);
        assertThat(writes.isFull()).isFalse();
    }

    @Test
    void anAnswerToWhatWasNotCountedMakesNoRoom() {
        writes.bound();
        writes.answered();
        send(UnderWay.MOST);

        assertThat(writes.isFull()).isTrue();
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            writes.sent();
        }
    }

    private void await() {
        try {
            writes.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
