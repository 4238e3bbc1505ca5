package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.node.Clock;
import dev.twonode.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody, or a time server, sets the clock of a machine that runs an agent.
class ClockJumpIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir private Path folder;

    /// The machine's clocks, with a time of day that a test sets.
    private static final class SetClock implements Clock {

        private final Clock system = Clock.system();
        private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

        void jump(Duration by) {
            ahead.updateAndGet(by::plus);
        }

        @Override
        public long millis() {
            return system.millis();
        }

        @Override
        public Instant wall() {
            return system.wall().plus(ahead.get());
        }
    }

    private static long term(TestPair.Node node) {
        return node.state().orElseThrow().path("term").asLong();
    }

    private static long skew(TestPair.Node node) {
        return node.state().orElseThrow().path("peer").path("skewMs").asLong();
    }

    @Test
    void jumpsOfTheClockChangeNeitherTheLeaderNorItsTerm() {
        SetClock clockOfA = new SetClock();
        SetClock clockOfB = new SetClock();
        try (TestPair pair = new TestPair(folder)) {
            pair.a.start(clockOfA);
            pair.b.start(clockOfB);
            pair.b.awaitRole("follower");
            pair.b.awaitInSync();
            long term = term(pair.a);

            for (Duration jump : new Duration[] {Duration.ofHours(1), Duration.ofDays(-2)}) {
                clockOfA.jump(jump);
                wholeAfter(pair, term);
                assertThat(Math.abs(skew(pair.b))).isGreaterThan(3_000_000);
                clockOfB.jump(jump);
                wholeAfter(pair, term);
                assertThat(Math.abs(skew(pair.b))).isLessThan(60_000);
            }
        }
    }

    /// A while after the jump the same node leads in the same term, and copies arrive.
    private static void wholeAfter(TestPair pair, long term) {
        Await.holdsFor(
                "the leader leads",
                Duration.ofSeconds(2),
                () -> pair.a.role().equals("leader") && term(pair.a) == term);
        pair.b.awaitInSync();
        Await.await("the leader counts on it", BOUND, () -> !alone(pair.a));
        pair.b.awaitSequence(pair.a.put("key", "value"));
    }

    private static boolean alone(TestPair.Node node) {
        return node.state().orElseThrow().path("alone").asBoolean();
    }
}
