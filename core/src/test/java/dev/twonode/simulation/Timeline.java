package dev.twonode.simulation;

import java.util.PriorityQueue;

/// Everything that will happen, in the order of time; what is due at the same time happens in the
/// order in which it was entered. Times are microseconds.
final class Timeline {

    /// A millisecond.
    static final long MS = 1_000;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long entered;

    private record Entry(long at, long order, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    long now() {
        return now;
    }

    void at(long time, Runnable what) {
        entries.add(new Entry(Math.max(now, time), entered++, what));
    }

    void after(long delay, Runnable what) {
        at(now + delay, what);
    }

    /// Again and again, first after one pause.
    void every(long pause, Runnable what) {
        after(
                pause,
                () -> {
                    what.run();
                    every(pause, what);
                });
    }

    /// Lets the next thing happen.
    void next() {
        Entry entry = entries.remove();
        now = entry.at();
        entry.what().run();
    }
}
