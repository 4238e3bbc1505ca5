package dev.twonode.cli.bench;

import dev.twonode.cli.bench.Bench.Part;
import dev.twonode.cli.probe.Verdict;
import dev.twonode.cli.rig.Spawner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/// How long writes stop when something of the leader's node dies, falls silent, or hands over.
final class Pauses {

    private static final Duration INTERVAL = Duration.ofMillis(2);

    /// What a server accepts in the instant in which it is lost, no peer can have.
    private static final double UNKNOWABLE = Double.NaN;

    private static final Duration HANDOVER = Duration.ofSeconds(70);

    private final BenchPair pair;
    private final Progress progress;
    private final int rounds;
    private long strandedBefore;

    /// @param rounds how often each of the failures is tried; handovers twice as often
    Pauses(BenchPair pair, Progress progress, int rounds) {
        this.pair = pair;
        this.progress = progress;
        this.rounds = rounds;
    }

    /// @param parts which of them
    List<Row> measure(Set<Part> parts) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        pair.startWriter(INTERVAL);
        if (parts.contains(Part.node)) {
            rows.addAll(failovers("node killed", 1_000, UNKNOWABLE, this::killNode));
        }
        if (parts.contains(Part.host)) {
            rows.addAll(failovers("host silent", 2_200, UNKNOWABLE, this::silence));
        }
        if (parts.contains(Part.server)) {
            rows.addAll(failovers("only the server killed", 300, UNKNOWABLE, this::killServer));
        }
        if (parts.contains(Part.agent)) {
            rows.addAll(failovers("only the agent killed", 2_000, 0, this::killAgent));
        }
        if (parts.contains(Part.handover)) {
            rows.addAll(handovers());
        }
        pair.stopWriter();
        return rows;
    }

    private List<Row> failovers(
            String name, double aim, double stranded, ToLongFunction<String> round)
            throws InterruptedException {
        long[] times = times(name, rounds, round);
        List<Row> rows = new ArrayList<>();
        String note = rounds + " rounds, to the new leader's first accepted write";
        rows.add(Row.of(name + ": median", Row.median(times), "ms", note));
        rows.add(new Row(name + ": worst", Row.worst(times), "ms", aim, note));
        rows.addAll(promises(name, stranded));
        return rows;
    }

    private List<Row> handovers() throws InterruptedException {
        int count = 2 * rounds;
        long[] times = times("handover", count, this::handOver);
        List<Row> rows = new ArrayList<>();
        String note = count + " rounds, from the request to the new leader's first accepted write";
        rows.add(new Row("handover: median", Row.median(times), "ms", 30, note));
        rows.add(new Row("handover: worst", Row.worst(times), "ms", 150, note));
        rows.addAll(promises("handover", 0));
        return rows;
    }

    private long[] times(String name, int count, ToLongFunction<String> round) {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = oneRound(round);
            progress.say("%s, round %d of %d: %d ms".formatted(name, i + 1, count, times[i]));
        }
        return times;
    }

    private long oneRound(ToLongFunction<String> round) {
        return round.applyAsLong(pair.settled());
    }

    private long killNode(String leader) {
        long began = System.nanoTime();
        pair.killNode(leader);
        long took = pair.firstWriteElsewhere(leader, began);
        pair.startServer(leader);
        pair.startAgent(leader);
        return took;
    }

    private long silence(String leader) {
        long began = System.nanoTime();
        Spawner.suspend(pair.agent(leader));
        Spawner.suspend(pair.server(leader));
        long took = pair.firstWriteElsewhere(leader, began);
        Spawner.resume(pair.server(leader));
        Spawner.resume(pair.agent(leader));
        return took;
    }

    private long killServer(String leader) {
        long began = System.nanoTime();
        pair.killServer(leader);
        long took = pair.firstWriteElsewhere(leader, began);
        pair.startServer(leader);
        return took;
    }

    private long killAgent(String leader) {
        long began = System.nanoTime();
        pair.killAgent(leader);
        long took = pair.firstWriteElsewhere(leader, began);
        pair.startAgent(leader);
        return took;
    }

    private long handOver(String leader) {
        long began = System.nanoTime();
        pair.pair().request(leader, "stepdown", "", HANDOVER);
        return pair.firstWriteElsewhere(leader, began);
    }

    /// What became of all writes since the writer began.
    ///
    /// @param aim how many may stay on a lost leader
    private List<Row> promises(String after, double aim) throws InterruptedException {
        Verdict verdict = pair.verdict();
        long stranded = verdict.onlyOnLostLeader() - strandedBefore;
        strandedBefore = verdict.onlyOnLostLeader();
        String note = verdict.acknowledged() + " acknowledged so far";
        return List.of(
                new Row(after + ": lost", verdict.lost() + verdict.changed(), "", 0, note),
                new Row(after + ": out of order", verdict.reordered(), "", 0, note),
                new Row(
                        after + ": only on a lost leader",
                        stranded,
                        "",
                        aim,
                        "accepted by its server alone, never confirmed"));
    }
}
