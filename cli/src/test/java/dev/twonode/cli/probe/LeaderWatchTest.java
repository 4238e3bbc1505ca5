package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.rig.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whom a writer takes for the leader.
class LeaderWatchTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final Agent a = new Agent();
    private final Agent b = new Agent();
    private final LeaderWatch watch = new LeaderWatch(List.of(a, b), "kine");

    @BeforeEach
    void start() {
        watch.start();
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void whoSaysThatItLeadsIsTheLeader() throws Exception {
        b.says(true, 3);

        assertThat(watch.leader(SOON)).contains(new LeaderWatch.Leader(1, 3, 0));
    }

    @Test
    void anOvertakenLeaderIsNotTakenForOneWhileTheOtherIsDoubted() throws Exception {
        b.says(true, 3);
        LeaderWatch.Leader known = watch.leader(SOON).orElseThrow();

        watch.doubt(known);
        a.says(true, 2);

        assertThat(watch.leader(MOMENT)).isEqualTo(Optional.empty());
        b.says(true, 3);
        assertThat(watch.leader(SOON)).contains(known);
    }

    /// An agent that speaks when it is told to, and answers nothing.
    private static final class Agent implements Line {

        private final Map<String, Consumer<byte[]>> heard = new ConcurrentHashMap<>();

        void says(boolean leads, long term) {
            String status = "{\"isLeader\":%b,\"term\":%d,\"commitSeq\":0}".formatted(leads, term);
            Consumer<byte[]> watch = Objects.requireNonNull(heard.get("twonode.kine.status"));
            watch.accept(status.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public CompletableFuture<byte[]> request(
                String subject, Map<String, String> headers, byte[] body) {
            return CompletableFuture.failedFuture(new NotDelivered("nobody serves " + subject));
        }

        @Override
        public void listen(String subject, Consumer<byte[]> then) {
            heard.put(subject, then);
        }

        @Override
        public void close() {}
    }
}
