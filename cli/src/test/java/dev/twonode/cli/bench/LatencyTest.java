package dev.twonode.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How two ways to write are compared.
class LatencyTest {

    private final List<String> order = new ArrayList<>();

    @Test
    void aPercentileIsTheTimeThatThisManyDoNotExceed() {
        long[] times = new long[200];
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) times.length - i;
        }

        assertThat(Latency.percentile(times, 50)).isEqualTo(100);
        assertThat(Latency.percentile(times, 99)).isEqualTo(198);
        assertThat(Latency.percentile(new long[] {7}, 50)).isEqualTo(7);
        assertThat(Latency.percentile(new long[] {7}, 99)).isEqualTo(7);
    }

    @Test
    void bothWaysTakeTurns() throws Exception {
        List<GuardedWrite> ways = List.of(() -> order.add("straight"), () -> order.add("gateway"));

        List<Row> rows = Latency.compare("write", 1.5, ways, 1, 2);

        assertThat(order)
                .containsExactly(
                        "straight", "gateway", "straight", "gateway", "straight", "gateway");
        assertThat(rows).extracting(Row::name).containsExactly("write: p50", "write: p99");
        assertThat(rows).extracting(Row::hasAim).containsExactly(true, false);
    }

    @Test
    void aWriteThatIsNotMadeEndsTheComparison() {
        List<GuardedWrite> ways =
                List.of(
                        () -> {},
                        () -> {
                            throw new IOException("refused");
                        });

        assertThatThrownBy(() -> Latency.compare("write", 1.5, ways, 0, 1)).hasMessage("refused");
    }

    @Test
    void aRatioOfTimesIsMetUpToItsAim() {
        assertThat(new Row("a", 1.5, "times", 1.5, "").isMet()).isTrue();
        assertThat(new Row("a", 1.51, "times", 1.5, "").isMet()).isFalse();
        assertThat(new Row("a", 1.449, "times", 1.5, "").number()).isEqualTo("1.45 times");
        assertThat(new Row("a", 1.449, "times", 1.5, "").aim()).isEqualTo("<= 1.50 times");
    }
}
