package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.command.OutputMixin;
import dev.twonode.cli.command.Whole;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.output.Cell;
import dev.twonode.cli.output.Column;
import dev.twonode.cli.output.JsonText;
import dev.twonode.cli.output.Table;
import dev.twonode.cli.output.View;
import dev.twonode.cli.rig.Installation;
import dev.twonode.cli.rig.NodeProcesses;
import dev.twonode.cli.rig.RigFolder;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `twonode bench`, which `demo-scripts/bench` calls.
@Command(
        name = "bench",
        hidden = true,
        header = "Measures a pair of real servers and agents on this machine.",
        footer = {
            "  twonode bench                     all of it, about twenty minutes",
            "  twonode bench --quick --json      fewer rounds, as JSON",
            "  twonode bench --only pauses       one part",
            "  twonode bench --only handover --rounds 50",
            "                                    one of the pauses, for longer"
        })
public final class Bench implements Callable<Integer> {

    /// The parts of the benchmark.
    enum Part {
        replication,
        forced,
        /// All five of the pauses that follow.
        pauses,
        node,
        host,
        server,
        agent,
        handover,
        link,
        footprint,
        latency,
        throughput,
        kine,
        connections
    }

    private static final Set<Part> PAUSES =
            EnumSet.of(Part.node, Part.host, Part.server, Part.agent, Part.handover);

    private static final int MESSAGES = 300_000;
    private static final int QUICK_MESSAGES = 60_000;
    private static final int ROUNDS = 10;
    private static final int KINE_ROUNDS = 3;
    private static final int QUICK_ROUNDS = 3;
    private static final Set<Part> GATEWAY_PARTS =
            EnumSet.of(Part.latency, Part.throughput, Part.kine, Part.connections);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Environment environment;

    @Option(names = "--quick", description = "a fifth of the messages, three rounds")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "only these parts: ${COMPLETION-CANDIDATES}")
    private List<Part> only = List.of(Part.values());

    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = Whole.AtLeastOne.class,
            description =
                    "rounds of each pause (default: 10, through kine 3), handovers twice as many")
    private @Nullable Integer rounds;

    @Option(
            names = "--second-disk",
            paramLabel = "DIR",
            description =
                    "keep the files of each second node in a folder there: two machines"
                            + " have a disk each")
    private @Nullable Path secondDisk;

    @Option(names = "--keep", description = "leave folders with all logs behind")
    private boolean keep;

    @Mixin private final OutputMixin output;

    public Bench(Environment environment) {
        this.environment = environment;
        this.output = new OutputMixin(environment);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Progress progress = new Progress(environment.streams().err());
        Installation installation = Installation.current();
        Folders folders = new Folders(Files.createTempDirectory("twonode-bench-"), secondDisk);
        List<Row> rows = new ArrayList<>();
        try {
            measure(installation, folders, progress, rows);
        } finally {
            folders.deleteIfEmpty();
            if (!rows.isEmpty()) {
                output.print(new Result(rows));
            }
        }
        return exitCode(rows).number();
    }

    private void measure(
            Installation installation, Folders folders, Progress progress, List<Row> rows)
            throws InterruptedException {
        for (Replication.Forcing forcing : Replication.Forcing.values()) {
            if (only.contains(forcing.part())) {
                int messages = quick ? QUICK_MESSAGES : MESSAGES;
                rows.addAll(
                        new Replication(
                                        () -> pair(installation, folders),
                                        progress,
                                        forcing,
                                        messages)
                                .measure());
            }
        }
        if (!pauses().isEmpty() || only.contains(Part.footprint)) {
            rows.addAll(pausesAndFootprint(installation, folders, progress));
        }
        gateways(installation, folders, progress, rows);
        if (only.contains(Part.link)) {
            try (BenchPair pair = pair(installation, folders)) {
                rows.addAll(LinkBack.measure(pair, progress, quick ? 2 : 5));
            }
        }
    }

    /// A promise that was broken weighs more than an aim that was missed.
    static ExitCode exitCode(List<Row> rows) {
        boolean kept = rows.stream().filter(Row::isPromise).allMatch(Row::isMet);
        boolean met = rows.stream().allMatch(Row::isMet);
        return !kept ? ExitCode.DIVERGED : met ? ExitCode.OK : ExitCode.FAILURE;
    }

    private List<Row> pausesAndFootprint(
            Installation installation, Folders folders, Progress progress)
            throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (BenchPair pair = pair(installation, folders)) {
            pair.start();
            if (!pauses().isEmpty()) {
                rows.addAll(new Pauses(pair, progress, rounds(ROUNDS)).measure(pauses()));
            }
            if (only.contains(Part.footprint)) {
                rows.addAll(Footprint.measure(pair, progress, IDLE));
            }
        }
        return rows;
    }

    private Set<Part> pauses() {
        return only.contains(Part.pauses)
                ? PAUSES
                : PAUSES.stream().filter(only::contains).collect(Collectors.toSet());
    }

    private int rounds(int usual) {
        int fewer = quick ? Math.min(usual, QUICK_ROUNDS) : usual;
        return rounds == null ? fewer : rounds;
    }

    /// What goes through gateways, in a pair of its own for each commit rule.
    private void gateways(
            Installation installation, Folders folders, Progress progress, List<Row> rows)
            throws InterruptedException {
        if (only.contains(Part.kine)) {
            try (BenchPair pair = gatewayPair(installation, folders, List.of())) {
                rows.add(KinePauses.control(pair, progress));
            }
        }
        for (Commit commit : Commit.values()) {
            if (Collections.disjoint(only, GATEWAY_PARTS)) {
                break;
            }
            try (BenchPair pair = gatewayPair(installation, folders, commit.arguments())) {
                pair.start();
                GatewayCost cost = new GatewayCost(pair, commit, progress, quick ? 1 : 3);
                if (only.contains(Part.latency)) {
                    rows.addAll(cost.latency());
                }
                if (only.contains(Part.throughput)) {
                    rows.addAll(cost.throughput());
                }
                if (only.contains(Part.connections) && commit == Commit.BOTH) {
                    rows.addAll(Connections.measure(pair, progress));
                }
                if (only.contains(Part.kine)) {
                    int each = rounds(KINE_ROUNDS);
                    rows.addAll(new KinePauses(pair, commit, progress, each).measure());
                }
            }
        }
    }

    private BenchPair gatewayPair(
            Installation installation, Folders folders, List<String> arguments) {
        return BenchPair.withGateways(
                new NodeProcesses(installation, folders.next(), arguments), keep);
    }

    private BenchPair pair(Installation installation, Folders folders) {
        return new BenchPair(new NodeProcesses(installation, folders.next(), List.of()), keep);
    }

    /// One folder for each pair.
    private static final class Folders {

        private final Path root;
        private final @Nullable Path secondDisk;
        private int used;

        Folders(Path root, @Nullable Path secondDisk) {
            this.root = root;
            this.secondDisk = secondDisk;
        }

        RigFolder next() {
            used++;
            RigFolder folder = new RigFolder(root.resolve("pair-" + used));
            if (secondDisk != null) {
                link(folder.of(BenchPair.SECOND), secondDisk);
            }
            return folder;
        }

        private static void link(Path from, Path disk) {
            try {
                Path to = Files.createTempDirectory(disk.toAbsolutePath(), "twonode-bench-");
                Files.createDirectories(from.getParent());
                Files.createSymbolicLink(from, to);
            } catch (IOException e) {
                throw new Failure(
                        ExitCode.FAILURE,
                        "nothing was measured",
                        "no folder can be made in " + disk + ": " + e.getMessage(),
                        "name a folder that can be written with --second-disk",
                        e);
            }
        }

        /// What was kept stays.
        void deleteIfEmpty() throws IOException {
            try {
                Files.delete(root);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    private record Result(List<Row> measured) implements View {

        @Override
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("schema", JsonText.SCHEMA);
            ArrayNode all = json.putArray("rows");
            measured.forEach(row -> all.add(row.json()));
            return json;
        }

        @Override
        public Table rows() {
            return new Table(
                    "",
                    List.of(
                            Column.text("measured"),
                            Column.text("value"),
                            Column.text("aim"),
                            Column.text("met"),
                            Column.text("how")),
                    measured.stream().map(Result::cells).toList());
        }

        private static List<Cell> cells(Row row) {
            String met = row.hasAim() ? row.isMet() ? "yes" : "NO" : "";
            return List.of(
                    Cell.of(row.name()),
                    Cell.of(row.number()),
                    Cell.of(row.aim()),
                    Cell.of(met),
                    Cell.of(row.note()));
        }

        @Override
        public List<String> lines(Style style) {
            List<String> lines = new ArrayList<>();
            for (Row row : measured) {
                String met = row.hasAim() ? row.isMet() ? "ok" : "MISSED" : "";
                lines.add(
                        "%-45s %12s  %-10s %-7s %s"
                                .formatted(row.name(), row.number(), row.aim(), met, row.note()));
            }
            return lines;
        }
    }
}
