package dev.twonode.cli.bench;

import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// How many guarded writes many writers get through who share a connection, as kine's clients do.
final class Throughput {

    private static final int WRITERS = 64;
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final Duration WARM = Duration.ofSeconds(2);

    private final List<NatsWrite> writers = new ArrayList<>();

    private Throughput(Line line, String bucket) {
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new NatsWrite(line, bucket, "throughput-" + i));
        }
    }

    /// Compares two ways in turns.
    static Row compare(Commit commit, Line straight, Line gateway, int rounds)
            throws IOException, InterruptedException {
        Throughput control = new Throughput(straight, GatewayCost.STRAIGHT);
        Throughput measured = new Throughput(gateway, BenchPair.BUCKET);
        control.perSecond(WARM);
        measured.perSecond(WARM);
        double before = 0;
        double through = 0;
        for (int i = 0; i < rounds; i++) {
            before += control.perSecond(ROUND) / rounds;
            through += measured.perSecond(ROUND) / rounds;
        }
        return new Row(
                "%d writers through the gateway, commit %s".formatted(WRITERS, commit.word()),
                through / before,
                "x",
                commit.throughput(),
                "%,.0f writes a second, straight %,.0f".formatted(through, before));
    }

    private double perSecond(Duration time) throws IOException, InterruptedException {
        AtomicLong written = new AtomicLong();
        AtomicReference<IOException> failure = new AtomicReference<>();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (NatsWrite writer : writers) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (System.nanoTime() - end < 0) {
                                        writer.write();
                                        written.incrementAndGet();
                                    }
                                } catch (IOException e) {
                                    failure.set(e);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return written.get() / ((System.nanoTime() - began) / 1e9);
    }
}
