package dev.twonode.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final RateLimit limit = new RateLimit(Duration.ofSeconds(10), now::get);

    @Test
    void oneCausePassesOncePerIntervalAndTheOthersAreCounted() {
        assertThat(limit.admit("disk")).hasValue(0);
        assertThat(limit.admit("disk")).isEmpty();
        pass(Duration.ofMillis(9_999));
        assertThat(limit.admit("disk")).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(limit.admit("disk")).hasValue(2);
        assertThat(limit.admit("disk")).isEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(limit.admit("disk")).hasValue(1);
        pass(Duration.ofSeconds(10));
        assertThat(limit.admit("disk")).hasValue(0);
    }

    @Test
    void causesDoNotHideEachOther() {
        assertThat(limit.admit("disk")).isPresent();
        assertThat(limit.admit("link")).isPresent();
        assertThat(limit.admit("disk")).isEmpty();
    }

    @Test
    void causeThatEndedIsToldAtOnceWhenItReturns() {
        assertThat(limit.admit("disk")).isPresent();
        limit.forget("disk");
        assertThat(limit.admit("disk")).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void whenAllHasEndedEachReturnIsToldAtOnce() {
        assertThat(limit.admit("disk")).isPresent();
        assertThat(limit.admit("link")).isPresent();
        limit.clear();
        assertThat(limit.admit("disk")).hasValue(0);
        assertThat(limit.admit("link")).hasValue(0);
    }

    @Test
    void causesFromInputDoNotFillTheMemory() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(limit.admit("cause " + i)).isPresent();
        }
        assertThat(limit.admit("cause 4999")).isEmpty();
        assertThat(limit.admit("cause 0")).as("long forgotten").isPresent();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
