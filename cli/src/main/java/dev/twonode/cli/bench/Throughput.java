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

    /// Compares the ways in turns: straight to a server, the same to a bucket that the server
    /// itself copies to the same disk, and through a gateway, where the other server's disk is the
    /// same too.
    static List<Row> compare(Commit commit, Line straight, Line gateway, int rounds)
            throws IOException, InterruptedException {
        List<Throughput> ways =
                List.of(
                        new Throughput(straight, GatewayCost.STRAIGHT),
                        new Throughput(straight, GatewayCost.MIRRORED),
                        new Throughput(gateway, BenchPair.BUCKET));
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
                        "%d writers to a bucket with a mirror, beside commit %s"
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

    private static Row row(String name, double measured, double straight, double aim) {
        return new Row(
                name,
                measured / straight,
                "x",
                aim,
                "%,.0f writes a second, straight %,.0f".formatted(measured, straight));
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
