package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Rule C4: what was allowed counts only while it could be taken back.
final class PulseTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private final Pulse pulse = new Pulse(500);

    @Test
    void beforeTheFirstBeatThereIsNone() {
        assertThat(pulse.isFresh(1_000, NOON)).isFalse();
    }

    @Test
    void aThreadThatRanJustNowHasOne() {
        pulse.beat(1_000, NOON);

        assertThat(pulse.isFresh(1_500, NOON.plusMillis(500))).isTrue();
        assertThat(pulse.isFresh(1_001, NOON.minusSeconds(60))).isTrue();
    }

    @Test
    void aProcessThatWasStoppedHasNone() {
        pulse.beat(1_000, NOON);

        assertThat(pulse.isFresh(1_501, NOON.plusMillis(400))).isFalse();
    }

    @Test
    void aMachineThatSleptHasNoneThoughItsMonotonicClockStoodStill() {
        pulse.beat(1_000, NOON);

        assertThat(pulse.isFresh(1_001, NOON.plusSeconds(60))).isFalse();
    }
}
