package dev.twonode.cli.bench;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What many clients of one gateway cost the agent of the leader. Linux only, as [Footprint].
final class Connections {

    private static final int IDLE = 200;
    private static final int BUSY = 50;
    private static final Duration TIME = Duration.ofSeconds(10);

    private Connections() {}

    static List<Row> measure(BenchPair pair, Progress progress) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        if (!Footprint.isKnown()) {
            return rows;
        }
        progress.say("many connections through one gateway");
        int port = pair.node("a").ports().gateway();
        ProcessTag agent = pair.agent("a");
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                clients.add(new RawClient(port, i));
            }
            rows.addAll(cost(agent, IDLE + " idle connections", () -> Waiting.rest(TIME)));
            AtomicLong written = new AtomicLong();
            List<RawClient> busy = clients.subList(0, BUSY);
            rows.addAll(cost(agent, BUSY + " busy ones among them", () -> write(busy, written)));
            rows.add(
                    Row.of(
                            "gateway, " + BUSY + " busy connections: writes",
                            (double) written.get() / TIME.toSeconds(),
                            "/s",
                            "one after the other on each"));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "many connections could not be measured",
                    String.valueOf(e.getMessage()),
                    "",
                    e);
        } finally {
            close(clients);
        }
        return rows;
    }

    /// Something that takes [#TIME].
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static List<Row> cost(ProcessTag agent, String what, Work work)
            throws IOException, InterruptedException {
        double before = Footprint.cpuSeconds(agent);
        work.run();
        double share = (Footprint.cpuSeconds(agent) - before) / TIME.toSeconds() * 100;
        String name = "gateway, " + what;
        return List.of(
                Row.of(name + ": memory", Footprint.residentMib(agent), "MiB", "VmRSS"),
                Row.of(name + ": processor time", share, "%", "of one core"));
    }

    private static void write(List<RawClient> busy, AtomicLong written)
            throws IOException, InterruptedException {
        AtomicReference<IOException> failure = new AtomicReference<>();
        long end = System.nanoTime() + TIME.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (RawClient client : busy) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (System.nanoTime() - end < 0) {
                                        client.write();
                                        written.incrementAndGet();
                                    }
                                } catch (IOException e) {
                                    failure.set(e);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void close(List<RawClient> clients) {
        for (RawClient client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                // It is given up anyway.
            }
        }
    }
}
