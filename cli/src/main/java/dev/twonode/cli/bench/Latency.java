package dev.twonode.cli.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// How long single writes take on two ways, in turns, so that whatever else the machine does falls
/// on both.
final class Latency {

    private static final double NANOS_PER_MS = 1e6;

    private Latency() {}

    /// The rows for one way against another.
    ///
    /// @param name what is measured
    /// @param aim how many times as long the second may take, by its median
    /// @param warm writes of each way before any is timed
    static List<Row> compare(String name, double aim, List<GuardedWrite> both, int warm, int writes)
            throws IOException, InterruptedException {
        GuardedWrite straight = both.getFirst();
        GuardedWrite measured = both.getLast();
        for (int i = 0; i < warm; i++) {
            straight.write();
            measured.write();
        }
        long[] control = new long[writes];
        long[] times = new long[writes];
        for (int i = 0; i < writes; i++) {
            control[i] = timed(straight);
            times[i] = timed(measured);
        }
        return List.of(
                row(name, 50, aim, control, times), row(name, 99, Double.NaN, control, times));
    }

    private static long timed(GuardedWrite way) throws IOException, InterruptedException {
        long began = System.nanoTime();
        way.write();
        return System.nanoTime() - began;
    }

    private static Row row(String name, int percent, double aim, long[] control, long[] times) {
        double straight = percentile(control, percent);
        double measured = percentile(times, percent);
        return new Row(
                "%s: p%d".formatted(name, percent),
                measured / straight,
                "times",
                aim,
                "%,d writes in turns: %.2f ms, straight %.2f ms"
                        .formatted(times.length, measured / NANOS_PER_MS, straight / NANOS_PER_MS));
    }

    /// The time that this part of all times, in percent, does not exceed.
    static double percentile(long[] times, int percent) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return sorted[Math.max(rank, 1) - 1];
    }
}
