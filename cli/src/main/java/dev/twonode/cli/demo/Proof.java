package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.output.Texts;
import dev.twonode.cli.probe.Accepted;
import dev.twonode.cli.probe.Keys;
import dev.twonode.cli.probe.StreamComparison;
import dev.twonode.cli.probe.StreamImage;
import dev.twonode.cli.probe.StreamReader;
import dev.twonode.cli.probe.Verdict;
import dev.twonode.cli.probe.WriteHistory;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Looks at the end of a step whether the pair kept what it promised.
final class Proof {

    /// Fewer writes than this prove little.
    private static final int ENOUGH = 50;

    /// Between two looks at a log that may be long.
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration WRITES = Duration.ofSeconds(30);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);
    private static final int SECOND_LOOKS = 3;
    static final double PERCENTILE = 99;

    /// Kine's clients are fewer.
    private static final int ENOUGH_OF_KINE = 10;

    private final Stage stage;
    private final Narrator say;
    private final KineProof kine;

    Proof(Stage stage, Narrator say) {
        this.stage = stage;
        this.say = say;
        this.kine = new KineProof(stage, say);
    }

    /// Waits until the leader has taken a number of writes.
    ///
    /// @param sinceNanos only writes accepted after this moment of the monotonic clock count
    boolean writesGoOn(String leader, long sinceNanos) {
        long[] seen = {0};
        boolean enough =
                say.await(
                        "node " + leader + " takes writes",
                        () -> seen[0] + " so far",
                        () -> {
                            Waiting.rest(LOOK);
                            seen[0] =
                                    history().writes().stream()
                                            .filter(write -> write.acceptedNanos() - sinceNanos > 0)
                                            .count();
                            return seen[0] >= ENOUGH || !stage.writerRuns();
                        },
                        WRITES);
        if (!stage.writerRuns()) {
            say.wrong(
                    "the writer has ended (the next step starts it again); "
                            + NodeProcesses.tail(stage.folder().writerLog()));
            return false;
        }
        return enough && kineWritesGoOn(sinceNanos);
    }

    private boolean kineWritesGoOn(long sinceNanos) {
        return !kine.isThere()
                || say.await(
                        "kine takes writes",
                        () -> "",
                        () -> {
                            Waiting.rest(LOOK);
                            return kine.writesSince(sinceNanos) >= ENOUGH_OF_KINE
                                    || !stage.writerRuns();
                        },
                        stage::writerRuns,
                        WRITES);
    }

    /// Compares both streams message by message, once the follower has what the leader had at the
    /// beginning: a follower that is in sync has it in a moment.
    boolean streamsAreEqual(String leader, String follower) {
        long wanted = last(leader);
        long[] reached = {0};
        boolean level =
                Waiting.until(
                        () -> {
                            reached[0] = last(follower);
                            return reached[0] >= wanted;
                        },
                        CATCH_UP);
        if (!level) {
            say.wrong(
                    "node %s calls itself in sync, but its stream ends at %s, the leader's at %s"
                            .formatted(follower, Texts.count(reached[0]), Texts.count(wanted)));
            return false;
        }
        StreamImage copy = read(follower);
        Optional<String> difference = StreamComparison.firstDifference(read(leader), copy);
        // On a slow machine a stream can change faster than it is read: a difference that is one
        // is there the next time, too.
        for (int again = 0; difference.isPresent() && again < SECOND_LOOKS; again++) {
            copy = read(follower);
            difference = StreamComparison.firstDifference(read(leader), copy);
        }
        if (difference.isPresent()) {
            say.wrong("the streams of both nodes differ: " + difference.get());
            return false;
        }
        say.done(
                "both streams are equal, message by message (%s up to sequence %s)"
                        .formatted(Texts.messages(copy.size()), Texts.count(copy.last())));
        return true;
    }

    /// Reads the leader's stream, compares it with what the writer was told, and prints the line
    /// that sums up.
    ///
    /// @param sinceNanos from when on pauses count, on the monotonic clock
    /// @param stepIsGood whether everything else about the step was as it should be
    ExitCode sumUp(String leader, long sinceNanos, boolean stepIsGood) {
        settle();
        WriteHistory history = history();
        Verdict verdict = Verdict.of(history, read(leader), new Keys(Stage.BUCKET), sinceNanos);
        verdict.complaints().forEach(say::wrong);
        say.result(line(verdict), verdict.isGood() && stepIsGood);
        boolean kineIsGood = !kine.isThere() || kine.sumUp(leader, sinceNanos);
        if (!verdict.isGood() || !kineIsGood) {
            return ExitCode.DIVERGED;
        }
        return stepIsGood ? ExitCode.OK : ExitCode.FAILURE;
    }

    /// `acknowledged 1,204 · lost 0 · longest pause 1.8 s · p99 3 ms`.
    private String line(Verdict verdict) {
        StringBuilder text = new StringBuilder();
        text.append("acknowledged ").append(Texts.count(verdict.acknowledged()));
        append(text, "lost " + Texts.count(verdict.lost()));
        if (verdict.changed() > 0) {
            append(text, "changed " + Texts.count(verdict.changed()));
        }
        if (verdict.reordered() > 0) {
            append(text, "out of order " + Texts.count(verdict.reordered()));
        }
        if (verdict.onlyOnLostLeader() > 0) {
            append(text, "only on the lost leader " + verdict.onlyOnLostLeader());
        }
        append(text, "longest pause " + millis(verdict.longestPause()));
        append(text, "p99 " + millis(verdict.latency().getValueAtPercentile(PERCENTILE)));
        return text.toString();
    }

    private void append(StringBuilder text, String part) {
        text.append(' ').append(say.dot()).append(' ').append(part);
    }

    static String millis(long nanos) {
        double millis = nanos / 1e6;
        return millis < 10
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : Texts.span(Duration.ofNanos(nanos));
    }

    /// Gives the newest writes a moment to reach the other node, so that they count.
    private void settle() {
        WriteHistory before = history();
        if (before.writes().isEmpty()) {
            return;
        }
        Accepted newest = before.writes().getLast();
        Waiting.until(
                () -> {
                    Waiting.rest(LOOK);
                    WriteHistory now = history();
                    return now.wasCommitted(newest) || !now.isOfPresentReign(newest);
                },
                Duration.ofSeconds(3));
    }

    WriteHistory history() {
        try {
            if (!Files.exists(stage.folder().writes())) {
                return WriteHistory.EMPTY;
            }
            return WriteHistory.read(stage.folder().writes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Last sequence of the stream of a node, 0 when it cannot be had.
    private long last(String node) {
        try {
            return new StreamReader(stage.pair().line(node), Stage.BUCKET).lastSequence();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private Failure unreadable(String node, IOException e) {
        return new Failure(
                ExitCode.UNREACHABLE,
                "the stream of node " + node + " cannot be read",
                String.valueOf(e.getMessage()),
                "look with twonode demo status, and into " + stage.backend().serverLog(node),
                e);
    }

    private StreamImage read(String node) {
        StreamReader reader = new StreamReader(stage.pair().line(node), Stage.BUCKET);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return reader.read();
                } catch (IOException e) {
                    // A connection may break at any moment; it is made again by itself.
                    if (attempt > SECOND_LOOKS) {
                        throw unreadable(node, e);
                    }
                    Waiting.rest(LOOK);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "interrupted while reading the stream", "", "");
        }
    }
}
