package dev.twonode.cli.bench;

import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.Waiting;
import java.time.Duration;
import java.util.List;

/// How soon a follower copies again after the way to its leader came back.
final class LinkBack {

    private static final Duration GONE = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration INTERVAL = Duration.ofMillis(2);

    private LinkBack() {}

    static List<Row> measure(BenchPair pair, Progress progress, int rounds)
            throws InterruptedException {
        pair.startServer("a");
        pair.startServer("b");
        pair.startAgent("a");
        pair.await("a", NodeState::leads);
        long[] times = new long[rounds];
        try (Cable cable = new Cable(pair.node("a").port())) {
            pair.startAgent("b", cable.url());
            pair.awaitInSync("b");
            pair.startWriter(INTERVAL);
            for (int i = 0; i < rounds; i++) {
                progress.say("link restored, round %d of %d".formatted(i + 1, rounds));
                times[i] = oneRound(pair, cable);
            }
            pair.stopWriter();
        }
        return List.of(
                new Row(
                        "link restored: worst",
                        Row.worst(times),
                        "ms",
                        1_000,
                        rounds + " rounds, to the follower's next stored message"));
    }

    private static long oneRound(BenchPair pair, Cable cable) {
        pair.awaitInSync("b");
        cable.cut();
        Waiting.rest(GONE);
        long before = pair.lastSequence("b");
        long began = System.nanoTime();
        cable.mend();
        Waiting.until(() -> pair.lastSequence("b") > before, LIMIT);
        return Math.round((System.nanoTime() - began) / 1e6);
    }
}
