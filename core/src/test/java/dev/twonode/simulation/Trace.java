package dev.twonode.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// What happened, as words that are put together only when somebody reads them, and as a number
/// that differs as soon as anything does.
final class Trace {

    private static final int KEPT = 120;
    private static final long FACTOR = 1_000_003;

    private final Timeline timeline;
    private final Deque<Line> lines = new ArrayDeque<>();
    private int kept = KEPT;
    private long hash;

    private record Line(long at, Supplier<String> words) {
        @Override
        public String toString() {
            return "%,11.1f ms  %s".formatted(at / (double) Timeline.MS, words.get());
        }
    }

    Trace(Timeline timeline) {
        this.timeline = timeline;
    }

    /// Keeps everything from now on.
    void keepAll() {
        kept = Integer.MAX_VALUE;
    }

    void note(Supplier<String> words) {
        lines.add(new Line(timeline.now(), words));
        if (lines.size() > kept) {
            lines.removeFirst();
        }
    }

    /// Takes a number into the hash.
    void mix(long number) {
        hash = (hash * FACTOR + timeline.now()) * FACTOR + number;
    }

    long hash() {
        return hash;
    }

    /// The newest lines, oldest of them first.
    List<String> lines() {
        return lines.stream().map(Line::toString).toList();
    }
}
