package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "250ms, 250",
        "1.5s, 1500",
        "1m, 60000",
        "2h, 7200000",
        "1m30s, 90000",
        "0, 0",
        "0s, 0",
        "' 1s ', 1000",
        "0.25s, 250",
        "1h0.5m, 3630000",
        "1500ms, 1500",
        "0.001s, 1"
    })
    void readsTimesAsPeopleWriteThem(String text, long millis) {
        assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "5", "s", "1 s", "-1s", "1d", "1s2", "ms", "1e3s", "1.s", "١s", "1,5s", "PT1S"
            })
    void refusesWhatIsNoTimeAndShowsOne(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("250ms");
    }

    @Test
    void refusesTimesFinerThanAMillisecond() {
        assertThatThrownBy(() -> DurationText.parse("1.5ms"))
                .hasMessageContaining("finer than a millisecond");
    }

    @Test
    void refusesTimesThatNobodyMeans() {
        assertThatThrownBy(() -> DurationText.parse("999999999999h"))
                .hasMessageContaining("longer than a year");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "1, 1ms",
        "250, 250ms",
        "1000, 1s",
        "1500, 1.5s",
        "1550, 1550ms",
        "60000, 1m",
        "90000, 90s",
        "3600000, 1h",
        "10000, 10s"
    })
    void printsTheShortText(long millis, String text) {
        assertThat(DurationText.print(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void readsBackWhatItPrinted() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 1_000; i++) {
            Duration duration = Duration.ofMillis(random.nextLong(10_000_000));
            assertThat(DurationText.parse(DurationText.print(duration))).isEqualTo(duration);
        }
    }
}
