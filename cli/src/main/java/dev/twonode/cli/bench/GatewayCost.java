package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.probe.KineClient;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.NatsLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the way through a gateway costs, against the same writes straight to the server that leads:
/// into a bucket of its own that nobody copies. Both servers, both agents and the client run, and
/// every write is forced to disk.
final class GatewayCost {

    /// The bucket of the writes that go straight.
    static final String STRAIGHT = "straight";

    private static final String KINE_STRAIGHT = "straightkine";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final BenchPair pair;
    private final Commit commit;
    private final Progress progress;
    private final int scale;

    /// @param pair in sync, with node a leading, and without a kine
    /// @param scale thousands of writes to time, and rounds of the throughput
    GatewayCost(BenchPair pair, Commit commit, Progress progress, int scale) {
        this.pair = pair;
        this.commit = commit;
        this.progress = progress;
        this.scale = scale;
    }

    /// Single writes, straight on NATS and through kine.
    List<Row> latency() throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (Line gateway = gateway()) {
            progress.say("single writes through the gateway, commit " + commit.word());
            createBucket("a", STRAIGHT);
            List<GuardedWrite> ways =
                    List.of(
                            new NatsWrite(pair.pair().line("a"), STRAIGHT, "latency"),
                            new NatsWrite(gateway, BenchPair.BUCKET, "latency"));
            rows.addAll(compare("one write through the gateway", commit.nats(), ways));
        }
        progress.say("single writes through kine, commit " + commit.word());
        pair.startKine("a", pair.node("a").kineEndpoint());
        pair.startKine("b", pair.node("a").url() + "?noEmbed&bucket=" + KINE_STRAIGHT);
        try (KineClient measured = kine("a");
                KineClient straight = kine("b")) {
            List<GuardedWrite> ways =
                    List.of(
                            new KineWrite(straight, "/registry/bench/latency"),
                            new KineWrite(measured, "/registry/bench/latency"));
            rows.addAll(compare("one write through kine", commit.kine(), ways));
        } finally {
            pair.killKine("a");
            pair.killKine("b");
        }
        return rows;
    }

    /// Many writers at once, beside what two servers get through that share the disk and nothing
    /// else.
    List<Row> throughput() throws InterruptedException {
        progress.say("many writers through the gateway, commit " + commit.word());
        createBucket("a", STRAIGHT);
        createBucket("b", STRAIGHT);
        Line straight = pair.pair().line("a");
        Line other = pair.pair().line("b");
        try (Line gateway = gateway()) {
            return Throughput.compare(commit, straight, other, gateway, scale);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private List<Row> compare(String name, double aim, List<GuardedWrite> ways)
            throws InterruptedException {
        try {
            String whole = name + ", commit " + commit.word();
            return Latency.compare(whole, aim, ways, 500 * scale, 1_000 * scale);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private Line gateway() {
        return NatsLine.open("nats://127.0.0.1:" + pair.node("a").ports().gateway());
    }

    private KineClient kine(String node) {
        return new KineClient(pair.node(node).ports().kine(), DEADLINE);
    }

    /// As kine's bucket is, so that the same is asked of the server. Making it again changes
    /// nothing.
    private void createBucket(String node, String bucket) {
        String stream =
                """
                {"name":"KV_%s","subjects":["$KV.%s.>"],"storage":"file","num_replicas":1,
                 "retention":"limits","max_msgs_per_subject":10,"discard":"new",
                 "allow_direct":true,"deny_delete":true,"allow_rollup_hdrs":true}\
                """
                        .formatted(bucket, bucket);
        boolean made =
                Api.ask(pair.pair().line(node), "$JS.API.STREAM.CREATE.KV_" + bucket, stream)
                        .filter(answer -> !answer.has("error"))
                        .map(JsonNode::isObject)
                        .orElse(false);
        if (!made) {
            throw failure(new IOException("the bucket " + bucket + " was not made"));
        }
    }

    private static Failure failure(IOException e) {
        return new Failure(
                ExitCode.FAILURE,
                "the gateway could not be measured",
                String.valueOf(e.getMessage()),
                "",
                e);
    }
}
