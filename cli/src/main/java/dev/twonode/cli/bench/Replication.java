package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.NodeProcesses.ServerExtras;
import dev.twonode.cli.rig.NodeState;
import dev.twonode.cli.rig.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// How fast a follower copies, against a native JetStream mirror over a leafnode between two
/// servers of the same program with the same settings.
final class Replication {

    private static final int PAYLOAD = 512;
    private static final int IN_FLIGHT = 500;

    /// So that the bucket's limit of ten values per key drops nothing.
    private static final int PER_SUBJECT = 8;

    private static final Duration COPY = Duration.ofMinutes(10);
    private static final String MIRROR = "MIRROR";

    private final Supplier<BenchPair> makePair;
    private final Progress progress;
    private final Forcing forcing;
    private final int messages;

    /// When the servers force what they store to the disk.
    enum Forcing {
        INTERVAL(Bench.Part.replication, "sync_interval: \"2m\"", "default sync", 3),
        ALWAYS(Bench.Part.forced, "", "sync always", 1);

        private final Bench.Part part;
        private final String setting;
        private final String words;

        /// A copy of a second or two varies by a fifth from one to the next.
        private final int rounds;

        Forcing(Bench.Part part, String setting, String words, int rounds) {
            this.part = part;
            this.setting = setting;
            this.words = words;
            this.rounds = rounds;
        }

        Bench.Part part() {
            return part;
        }
    }

    Replication(Supplier<BenchPair> makePair, Progress progress, Forcing forcing, int messages) {
        this.makePair = makePair;
        this.progress = progress;
        this.forcing = forcing;
        this.messages = messages;
    }

    /// Milliseconds for a fresh copy and for keeping up while as many are written.
    private record Times(double fresh, double tail) {}

    /// Both in turns, so that what the machine does meanwhile falls on either.
    List<Row> measure() {
        List<Times> mirror = new ArrayList<>();
        List<Times> ours = new ArrayList<>();
        for (int round = 0; round < forcing.rounds; round++) {
            mirror.add(mirror());
            ours.add(ours());
        }
        return List.of(
                row("fresh follower against a mirror", mirror, ours, Times::fresh, 1),
                row("tail under load against a mirror", mirror, ours, Times::tail, Double.NaN));
    }

    private Row row(
            String name,
            List<Times> mirror,
            List<Times> ours,
            ToDoubleFunction<Times> which,
            double aim) {
        double[] theirs = mirror.stream().mapToDouble(which).toArray();
        double[] own = ours.stream().mapToDouble(which).toArray();
        return new Row(
                name + ", " + forcing.words,
                Row.median(theirs) / Row.median(own),
                "x",
                aim,
                "%,d messages of %d bytes: mirror %s s, ours %s s"
                        .formatted(messages, PAYLOAD, seconds(theirs), seconds(own)));
    }

    private static String seconds(double[] times) {
        return DoubleStream.of(times)
                .mapToObj(time -> "%.1f".formatted(time / 1e3))
                .collect(Collectors.joining(" "));
    }

    private ServerExtras server(String lines, String jetStream) {
        return new ServerExtras(lines, forcing.setting + "\n  " + jetStream);
    }

    private Times mirror() {
        try (BenchPair pair = makePair.get()) {
            progress.say(
                    "replication, %s: a native mirror over a leafnode".formatted(forcing.words));
            int leaf = NodeProcesses.freePort(17_422, 0);
            pair.startServer(
                    "a",
                    server("leafnodes { listen: \"127.0.0.1:%d\" }".formatted(leaf), "domain: a"));
            pair.startServer(
                    "b",
                    server(
                            "leafnodes { remotes: [ { url: \"nats-leaf://127.0.0.1:%d\" } ] }"
                                    .formatted(leaf),
                            "domain: b"));
            ask(pair.pair().line("a"), "STREAM.CREATE.KV_kine", KINE_STREAM);
            load(pair, 0);
            long began = System.nanoTime();
            ask(
                    pair.pair().line("b"),
                    "STREAM.CREATE." + MIRROR,
                    """
                    {"name":"MIRROR","storage":"file","num_replicas":1,"retention":"limits",
                     "max_msgs_per_subject":10,"discard":"new","mirror":{"name":"KV_kine",
                     "external":{"api":"$JS.a.API","deliver":""}}}\
                    """);
            awaitLast(() -> last(pair.pair().line("b"), MIRROR), messages);
            double fresh = since(began);
            began = System.nanoTime();
            load(pair, messages);
            awaitLast(() -> last(pair.pair().line("b"), MIRROR), 2L * messages);
            return new Times(fresh, since(began));
        }
    }

    private Times ours() {
        try (BenchPair pair = makePair.get()) {
            progress.say("replication, %s: ours".formatted(forcing.words));
            pair.startServer("a", server("", ""));
            pair.startServer("b", server("", ""));
            pair.startAgent("a");
            pair.await("a", NodeState::leads);
            load(pair, 0);
            pair.startAgent("b");
            // Both are timed from the moment at which the copy is asked for.
            pair.await("b", one -> one.role().equals("follower") || one.role().equals("joining"));
            long began = System.nanoTime();
            awaitLast(() -> pair.lastSequence("b"), messages);
            pair.awaitInSync("b");
            double fresh = since(began);
            began = System.nanoTime();
            load(pair, messages);
            awaitLast(() -> pair.lastSequence("b"), 2L * messages);
            return new Times(fresh, since(began));
        }
    }

    /// Writes a number of messages to node a, many in flight. Their content is such that nobody
    /// gains by compressing it.
    private void load(BenchPair pair, int from) {
        progress.say("writing %,d messages".formatted(messages));
        Line line = pair.pair().line("a");
        Semaphore room = new Semaphore(IN_FLIGHT);
        RandomGenerator random = new SplittableRandom(from);
        AtomicLong refused = new AtomicLong();
        for (int i = from; i < from + messages; i++) {
            room.acquireUninterruptibly();
            byte[] body = new byte[PAYLOAD];
            random.nextBytes(body);
            String subject = "$KV.kine.bench." + i / PER_SUBJECT;
            CompletableFuture<byte[]> _ =
                    line.request(subject, Map.of(), body)
                            .whenComplete((_, failure) -> {
                                room.release();
                                refused.addAndGet(failure == null ? 0 : 1);
                            });
        }
        room.acquireUninterruptibly(IN_FLIGHT);
        long stored = pair.lastSequence("a");
        if (refused.get() > 0 || stored != (long) from + messages) {
            throw failure(
                    "%d writes went unanswered; the leader is at %d"
                            .formatted(refused.get(), stored));
        }
    }

    private static void awaitLast(Supplier<Long> last, long wanted) {
        if (!Waiting.until(() -> last.get() >= wanted, COPY)) {
            throw failure("the copy is at " + last.get() + " of " + wanted + " after " + COPY);
        }
    }

    private static long last(Line line, String stream) {
        return Api.ask(line, "$JS.API.STREAM.INFO." + stream, "")
                .map(info -> info.path("state").path("last_seq").asLong())
                .orElse(-1L);
    }

    private static void ask(Line line, String what, String body) {
        JsonNode answer =
                Api.ask(line, "$JS.API." + what, body)
                        .orElseThrow(() -> failure(what + " was not answered"));
        if (answer.has("error")) {
            throw failure(what + ": " + answer.path("error").path("description").asText());
        }
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    private static Failure failure(String why) {
        return new Failure(ExitCode.FAILURE, "replication could not be measured", why, "");
    }

    private static final String KINE_STREAM =
            """
            {"name":"KV_kine","subjects":["$KV.kine.>"],"storage":"file","num_replicas":1,
             "retention":"limits","max_msgs_per_subject":10,"discard":"new","allow_direct":true,
             "deny_delete":true,"allow_rollup_hdrs":true}\
            """;
}
