package dev.twonode.cli.bench;

import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// How many guarded writes many writers get through who share a connection, as kine's clients do.
final class Throughput {

    private static final int WRITERS = 64;
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final Duration WARM = Duration.ofSeconds(2);

    private final List<NatsWrite> counted;
    private final List<NatsWrite> beside;

    /// @param beside writers whose writes are not counted, at work at the same time
    private Throughput(List<NatsWrite> counted, List<NatsWrite> beside) {
        this.counted = counted;
        this.beside = beside;
    }

    /// Compares the ways in turns: straight to a server; the same while as many write to the other
    /// server, which is what the disk leaves to one when both force all they store to it; and
    /// through a gateway, where the other server stores the same.
    ///
    /// @param straight to the leader's server
    /// @param other to the follower's, in a bucket that has nothing to do with the pair
    static List<Row> compare(Commit commit, Line straight, Line other, Line gateway, int rounds)
            throws IOException, InterruptedException {
        List<NatsWrite> alone = writers(straight, GatewayCost.STRAIGHT);
        List<Throughput> ways =
                List.of(
                        new Throughput(alone, List.of()),
                        new Throughput(alone, writers(other, GatewayCost.STRAIGHT)),
                        new Throughput(writers(gateway, BenchPair.BUCKET), List.of()));
        for (Throughput way : ways) {
            way.perSecond(WARM);
        }
        double[] perSecond = new double[ways.size()];
        for (int i = 0; i < rounds; i++) {
            for (int way = 0; way < perSecond.length; way++) {
                perSecond[way] += ways.get(way).perSecond(ROUND) / rounds;
            }
        }
        return List.of(
                row(
                        "%d writers to each of two unrelated servers, beside commit %s"
                                .formatted(WRITERS, commit.word()),
                        perSecond[1],
                        perSecond[0],
                        Double.NaN),
                row(
                        "%d writers through the gateway, commit %s"
                                .formatted(WRITERS, commit.word()),
                        perSecond[2],
                        perSecond[0],
                        commit.throughput()));
    }

    private static List<NatsWrite> writers(Line line, String bucket) {
        List<NatsWrite> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new NatsWrite(line, bucket, "throughput-" + i));
        }
        return writers;
    }

    private static Row row(String name, double measured, double straight, double aim) {
        return new Row(
                name,
                measured / straight,
                "x",
                aim,
                "%,.0f writes a second, straight %,.0f".formatted(measured, straight));
    }

    private double perSecond(Duration time) throws IOException, InterruptedException {
        LongAdder written = new LongAdder();
        AtomicReference<IOException> failure = new AtomicReference<>();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        counted.forEach(writer -> threads.add(start(writer, end, written, failure)));
        beside.forEach(writer -> threads.add(start(writer, end, new LongAdder(), failure)));
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return written.sum() / ((System.nanoTime() - began) / 1e9);
    }

    private static Thread start(
            NatsWrite writer, long end, LongAdder written, AtomicReference<IOException> failure) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (System.nanoTime() - end < 0) {
                            writer.write();
                            written.increment();
                        }
                    } catch (IOException e) {
                        failure.set(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
