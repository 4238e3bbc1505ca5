package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.probe.KineHistory;
import dev.twonode.cli.probe.KineLog;
import dev.twonode.cli.probe.KineWriter;
import dev.twonode.cli.probe.WriteHistory;
import dev.twonode.cli.probe.WriteLog;
import dev.twonode.cli.probe.Writer;
import dev.twonode.cli.rig.Kubernetes;
import dev.twonode.cli.rig.Line;
import dev.twonode.cli.rig.NatsLine;
import dev.twonode.cli.rig.RigFolder;
import dev.twonode.cli.rig.RigState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `twonode demo probe`: the background writer of a demo. Runs until it is ended.
@Command(name = "probe", hidden = true, header = "Writes to whichever node leads, for the demo.")
public final class Probe implements Callable<Integer> {

    /// Ten minutes of writes at the usual pace; the file before it is kept as well.
    private static final long LARGEST_LOG = 8 << 20;

    @Option(names = "--dir", required = true, description = "the folder of the demo")
    private @Nullable Path dir;

    @Option(
            names = "--interval-ms",
            description = "from one write to the next; 0 for as fast as they are answered")
    private @Nullable Integer intervalMs;

    /// How often it writes.
    ///
    /// @param plain from one write straight to the leader's server to the next
    /// @param kine the same through a kine
    private record Pace(Duration plain, Duration kine) {

        private static final Pace USUAL = new Pace(Duration.ofMillis(5), Duration.ofMillis(20));

        /// An API server waits until its watches have caught up with everything that was written
        /// before it was asked. A kine says so only at a moment at which none of them is behind,
        /// and under hundreds of writes a second a small machine has no such moment.
        private static final Pace BESIDE_KUBERNETES =
                new Pace(Duration.ofMillis(40), Duration.ofMillis(60));

        static Pace of(RigState state, @Nullable Integer plainMs) {
            Pace usual = state.kubernetes() == Kubernetes.NONE ? USUAL : BESIDE_KUBERNETES;
            return plainMs == null ? usual : new Pace(Duration.ofMillis(plainMs), usual.kine);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (dir == null) {
            throw new IllegalStateException("--dir is required");
        }
        RigFolder folder = new RigFolder(dir);
        RigState state = folder.read().orElseThrow(() -> noDemo(folder));
        long first = nextNumber(folder.writes());
        List<String> names = state.nodes().stream().map(RigState.Node::name).toList();
        List<Line> lines = state.nodes().stream().map(node -> NatsLine.open(node.url())).toList();
        Pace pace = Pace.of(state, intervalMs);
        try (WriteLog log = new WriteLog(folder.writes(), LARGEST_LOG);
                KineLog kineLog = new KineLog(folder.kineWrites(), LARGEST_LOG);
                Writer writer =
                        new Writer(
                                names,
                                lines,
                                Stage.BUCKET,
                                log,
                                new Writer.Pace(first, pace.plain()))) {
            long next = KineHistory.read(folder.kineWrites()).next();
            writeThroughKine(state, kineLog, new Writer.Pace(next, pace.kine()));
            writer.run();
        } finally {
            lines.forEach(Line::close);
        }
        return ExitCode.OK.number();
    }

    private static void writeThroughKine(RigState state, KineLog log, Writer.Pace pace) {
        List<Integer> ports =
                state.nodes().stream()
                        .map(node -> node.ports().kine())
                        .filter(port -> port != 0)
                        .toList();
        if (!ports.isEmpty()) {
            KineWriter writer = new KineWriter(ports, log, pace.first(), pace.interval());
            Thread.ofPlatform()
                    .name("kine-writer")
                    .daemon()
                    .start(() -> {
                        try {
                            writer.run();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
    }

    private static long nextNumber(Path log) throws IOException {
        if (!Files.exists(log)) {
            return 1;
        }
        WriteHistory past = WriteHistory.read(log);
        return past.writes().isEmpty() ? 1 : past.writes().getLast().number() + 1;
    }

    private static Failure noDemo(RigFolder folder) {
        return new Failure(
                ExitCode.CONFIGURATION,
                "no demo in " + folder.root(),
                "its rig.json is missing",
                "twonode demo start-leader");
    }
}
