package dev.twonode.cli.bench;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.Spawner;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// How long the clients of a kine on a gateway get no answer while something of the leader's node
/// dies, falls silent, or hands over, and what becomes of their writes.
final class KinePauses {

    private static final Duration HANDOVER = Duration.ofSeconds(70);
    private static final Duration FLOW = Duration.ofMinutes(1);
    private static final Duration CONTROL = Duration.ofSeconds(20);

    /// So many answers say that clients get on.
    private static final int ENOUGH = 30;

    private static final String A = "a";
    private static final String B = "b";

    private final BenchPair pair;
    private final Commit commit;
    private final Progress progress;
    private final int rounds;
    private final Map<String, KineLoad> loads = new TreeMap<>();
    private final List<Span> spans = new ArrayList<>();
    private int used;

    /// @param pair in sync, without a kine
    /// @param rounds how often each of the failures is tried; handovers twice as often
    KinePauses(BenchPair pair, Commit commit, Progress progress, int rounds) {
        this.pair = pair;
        this.commit = commit;
        this.progress = progress;
        this.rounds = rounds;
    }

    /// Something that is done to the leader.
    ///
    /// @param everybody whether clients of the leader's own node count too
    private record Kind(
            String name,
            double median,
            double worst,
            boolean everybody,
            Consumer<String> act,
            Consumer<String> mend) {

        boolean isPlanned() {
            return !Double.isNaN(median);
        }
    }

    /// When clients were watched that had to be served.
    private record Span(KineLoad load, long from, long to) {}

    private List<Kind> kinds() {
        return List.of(
                new Kind("handover", 40, 150, true, this::handOver, _ -> {}),
                new Kind("node killed", Double.NaN, 1_200, false, pair::killNode, this::startNode),
                new Kind("host silent", Double.NaN, 2_500, false, this::silence, this::wake),
                new Kind(
                        "only the server killed",
                        Double.NaN,
                        400,
                        true,
                        pair::killServer,
                        pair::startServer),
                new Kind(
                        "only the agent killed",
                        Double.NaN,
                        2_200,
                        false,
                        pair::killAgent,
                        pair::startAgent));
    }

    /// Two kines straight on one server, with the same clients.
    ///
    /// @param pair of which nothing was started
    static Row control(BenchPair pair, Progress progress) throws InterruptedException {
        progress.say("through kine, without twonode");
        pair.startServer(A);
        KinePauses control = new KinePauses(pair, Commit.BOTH, progress, 0);
        String straight = pair.node(A).url() + "?noEmbed";
        try {
            pair.startKine(A, straight);
            pair.startKine(B, straight);
            control.startLoads();
            control.awaitFlow(List.of(A, B));
            long began = System.nanoTime();
            Waiting.rest(CONTROL);
            long end = System.nanoTime();
            long[] longest =
                    control.loads.values().stream()
                            .mapToLong(load -> load.longestPause(began, end))
                            .toArray();
            return Row.of(
                    "through kine without twonode: longest pause",
                    Row.worst(longest),
                    "ms",
                    "the control: in %d s nothing happened".formatted(CONTROL.toSeconds()));
        } catch (IOException e) {
            throw failure(e);
        } finally {
            control.closeLoads();
        }
    }

    List<Row> measure() throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        try {
            startKines();
            startLoads();
            for (Kind kind : kinds()) {
                rows.addAll(measure(kind));
            }
            if (commit == Commit.BOTH) {
                rows.addAll(promises(""));
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            closeLoads();
            pair.killKine(A);
            pair.killKine(B);
        }
        return rows;
    }

    private List<Row> measure(Kind kind) throws IOException, InterruptedException {
        int count = kind.isPlanned() ? 2 * rounds : rounds;
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = oneRound(kind);
            progress.say(
                    "through kine, commit %s, %s, round %d of %d: %d ms"
                            .formatted(commit.word(), kind.name(), i + 1, count, times[i]));
            if (commit == Commit.LEADER && !kind.isPlanned()) {
                // Revisions may be lost, for which kine has to be started anew.
                restartKines();
            }
        }
        String name = "through kine, commit %s, %s".formatted(commit.word(), kind.name());
        String note = count + " rounds, the longest time without an answer";
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(name + ": median", Row.median(times), "ms", kind.median(), note));
        rows.add(new Row(name + ": worst", Row.worst(times), "ms", kind.worst(), note));
        if (commit == Commit.LEADER && kind.isPlanned()) {
            // Of what clients saw before a failover nothing is promised.
            rows.addAll(promises(", " + kind.name()));
            restartKines();
        }
        return rows;
    }

    private long oneRound(Kind kind) throws InterruptedException {
        String leader = pair.settled();
        String follower = pair.peerOf(leader);
        List<String> counted = kind.everybody() ? List.of(leader, follower) : List.of(follower);
        awaitFlow(List.of(A, B));
        long began = System.nanoTime();
        kind.act().accept(leader);
        pair.await(follower, NodeState::leads);
        awaitFlow(counted);
        long end = System.nanoTime();
        long longest = 0;
        for (String node : counted) {
            KineLoad load = load(node);
            longest = Math.max(longest, load.longestPause(began, end));
            spans.add(new Span(load, began, end));
        }
        kind.mend().accept(leader);
        return longest;
    }

    /// Waits until the clients of some kines get on.
    private void awaitFlow(List<String> nodes) {
        long since = System.nanoTime();
        boolean flows =
                Waiting.until(
                        () ->
                                nodes.stream()
                                        .allMatch(node -> load(node).answersSince(since) >= ENOUGH),
                        FLOW);
        if (!flows) {
            throw failure(
                    new IOException(
                            "clients of kine do not get on: "
                                    + loads.values().stream()
                                            .map(KineLoad::firstFailure)
                                            .toList()));
        }
    }

    private KineLoad load(String node) {
        KineLoad load = loads.get(node);
        if (load == null) {
            throw new IllegalStateException("no clients for node " + node);
        }
        return load;
    }

    /// What became of all that the present clients wrote. They have ended then.
    private List<Row> promises(String kind) throws IOException, InterruptedException {
        pair.settled();
        int lost = 0;
        int disordered = 0;
        int written = 0;
        int untold = 0;
        int resumed = 0;
        for (KineLoad load : loads.values()) {
            lost += load.lost();
            untold += load.untold();
            disordered += load.disordered();
            written += load.acknowledgedWrites();
            resumed += load.watchEnds();
        }
        List<String> failed = new ArrayList<>();
        for (Span span : spans) {
            failed.addAll(span.load().failedOf(span.from(), span.to()));
        }
        int dead = (pair.kineRuns(A) ? 0 : 1) + (pair.kineRuns(B) ? 0 : 1);
        String name = "through kine, commit %s%s: ".formatted(commit.word(), kind);
        String note = "%,d acknowledged".formatted(written);
        return List.of(
                new Row(name + "lost", lost, "", 0, note),
                new Row(name + "untold", untold, "", 0, "acknowledged, but never watched"),
                new Row(
                        name + "out of order",
                        disordered,
                        "",
                        0,
                        "watches that went on behind an end: " + resumed),
                new Row(
                        name + "failed",
                        failed.size(),
                        "",
                        0,
                        failed.isEmpty()
                                ? "within the client's ten seconds"
                                : "the first " + failed.getFirst()),
                new Row(name + "kines that ended", dead, "", 0, ""));
    }

    private void startKines() {
        pair.startKine(A, pair.node(A).kineEndpoint());
        pair.startKine(B, pair.node(B).kineEndpoint());
    }

    private void restartKines() throws IOException, InterruptedException {
        closeLoads();
        pair.killKine(A);
        pair.killKine(B);
        // A kine that finds no gateway ends at once.
        pair.settled();
        startKines();
        startLoads();
    }

    private void startLoads() throws IOException, InterruptedException {
        spans.clear();
        used++;
        for (String node : List.of(A, B)) {
            String prefix = "/registry/bench/%d/%s/".formatted(used, node);
            loads.put(node, new KineLoad(pair.node(node).ports().kine(), prefix));
        }
    }

    private void closeLoads() {
        loads.values().forEach(KineLoad::close);
        loads.clear();
    }

    private void handOver(String leader) {
        pair.pair().request(leader, "stepdown", "", HANDOVER);
    }

    private void startNode(String name) {
        pair.startServer(name);
        pair.startAgent(name);
    }

    private void silence(String leader) {
        Spawner.suspend(pair.agent(leader));
        Spawner.suspend(pair.server(leader));
    }

    private void wake(String leader) {
        Spawner.resume(pair.server(leader));
        Spawner.resume(pair.agent(leader));
    }

    private static Failure failure(IOException e) {
        return new Failure(
                ExitCode.FAILURE,
                "the pauses through kine could not be measured",
                String.valueOf(e.getMessage()),
                "",
                e);
    }
}
