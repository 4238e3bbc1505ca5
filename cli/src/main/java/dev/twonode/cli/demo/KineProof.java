package dev.twonode.cli.demo;

import dev.twonode.cli.output.Texts;
import dev.twonode.cli.probe.KineClient;
import dev.twonode.cli.probe.KineHistory;
import dev.twonode.cli.probe.KineHistory.Write;
import dev.twonode.cli.probe.KineWriter;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Looks whether kine still holds what it acknowledged, and how long its client had to wait.
final class KineProof {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final int SECOND_LOOKS = 3;

    private final Stage stage;
    private final Narrator say;

    KineProof(Stage stage, Narrator say) {
        this.stage = stage;
        this.say = say;
    }

    /// Whether the nodes have a kine each.
    boolean isThere() {
        return stage.state().nodes().stream().allMatch(node -> node.ports().kine() != 0);
    }

    /// How many writes kine acknowledged after a moment.
    long writesSince(long nanos) {
        return history().writes().stream()
                .filter(write -> write.answeredNanos() - nanos > 0)
                .count();
    }

    /// Asks the kine of the leader's node for each key that was written, and prints the line that
    /// sums up.
    ///
    /// @return whether everything is there and every request was answered
    boolean sumUp(String leader, long sinceNanos) {
        KineHistory history = history();
        int lost = lost(leader, history);
        List<String> parts =
                List.of(
                        "acknowledged " + Texts.count(history.writes().size()),
                        "lost " + lost,
                        "failed " + history.failed().size(),
                        "longest pause " + Proof.millis(history.longestPause(sinceNanos)),
                        "p99 "
                                + Proof.millis(
                                        history.latency(sinceNanos)
                                                .getValueAtPercentile(Proof.PERCENTILE)));
        boolean good = lost == 0 && history.failed().isEmpty();
        say.result("through kine: " + String.join(" " + say.dot() + " ", parts), good);
        return good;
    }

    private int lost(String leader, KineHistory history) {
        int lost = 0;
        try (KineClient client =
                new KineClient(stage.state().node(leader).ports().kine(), DEADLINE)) {
            for (Write write : history.lastOfEachKey().values()) {
                String key = KineWriter.key(write.key());
                Optional<KineClient.Entry> now = read(client, key);
                if (now.isEmpty() || KineWriter.number(now.get().value()) < write.number()) {
                    lost++;
                    say.wrong(
                            "kine acknowledged write %d to %s at revision %d, and now has %s"
                                    .formatted(
                                            write.number(),
                                            key,
                                            write.revision(),
                                            now.map(Object::toString).orElse("nothing")));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lost;
    }

    private static Optional<KineClient.Entry> read(KineClient client, String key)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.read(key);
            } catch (IOException e) {
                if (attempt > SECOND_LOOKS) {
                    throw new UncheckedIOException(e);
                }
                Waiting.rest(AGAIN);
            }
        }
    }

    private KineHistory history() {
        try {
            return KineHistory.read(stage.folder().kineWrites());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
