package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final Pace pace = new Pace();

    @Test
    void nothingIsBoundedWhereNoAnswerWaits() {
        send(10 * Pace.MOST);

        assertThat(pace.isFull()).isFalse();
    }

    @Test
    void aBoundedPaceIsFullUntilTheServerAnswers() throws Exception {
        pace.bound();
        send(Pace.MOST);
        assertThat(pace.isFull()).isTrue();
        Thread waiting = Thread.ofVirtual().start(this::await);

        pace.answered();

        Await.await("the next write goes on", BOUND, () -> !waiting.isAlive());
        assertThat(pace.isFull()).isFalse();
        pace.sent();
        assertThat(pace.isFull()).isTrue();
    }

    @Test
    void whatAServerNeverAnswersIsForgotten() {
        pace.bound();
        send(Pace.MOST);

        await();

        assertThat(pace.isFull()).isFalse();
        send(Pace.MOST - 1);
        assertThat(pace.isFull()).isFalse();
    }

    @Test
    void anAnswerToWhatWasNotCountedMakesNoRoom() {
        pace.bound();
        pace.answered();
        send(Pace.MOST);

        assertThat(pace.isFull()).isTrue();
    }

    private void send(int writes) {
        for (int i = 0; i < writes; i++) {
            pace.sent();
        }
    }

    private void await() {
        try {
            pace.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
