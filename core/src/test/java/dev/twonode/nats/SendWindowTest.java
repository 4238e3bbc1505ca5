package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SendWindowTest {

    private static final long MILLI = 1_000_000;

    private final SendWindow window = new SendWindow(4000);

    private void acknowledge(int times, long millis) {
        for (int i = 0; i < times; i++) {
            window.acknowledged(1, millis * MILLI);
        }
    }

    @Test
    void itGrowsToTheMostWhileAcknowledgementsAreQuick() {
        acknowledge(5000, 20);

        assertThat(window.size()).isEqualTo(4000);
    }

    @Test
    void oneSlowRoundHalvesItOnce() {
        acknowledge(5000, 20);
        acknowledge(2000, 900);

        assertThat(window.size()).isEqualTo(2000);
    }

    @Test
    void aSlowDiskMakesItSmallAndNeverNothing() {
        acknowledge(100_000, 900);

        assertThat(window.size()).isEqualTo(16);
    }

    @Test
    void itRestsWhileAcknowledgementsAreNeitherQuickNorSlow() {
        acknowledge(1000, 200);

        assertThat(window.size()).isEqualTo(128);
    }
}
