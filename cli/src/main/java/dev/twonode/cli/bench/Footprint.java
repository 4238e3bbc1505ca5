package dev.twonode.cli.bench;

import dev.twonode.cli.rig.ProcessTag;
import dev.twonode.cli.rig.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Memory of an agent and the processor time it takes while nobody writes. Linux only: elsewhere
/// there are no rows.
final class Footprint {

    private static final int USER_TICKS_FIELD = 11;
    private static final int SYSTEM_TICKS_FIELD = 12;
    private static final double TICKS_PER_SECOND = 100;

    private Footprint() {}

    static List<Row> measure(BenchPair pair, Progress progress, Duration idle) {
        List<Row> rows = new ArrayList<>();
        if (!isKnown()) {
            return rows;
        }
        progress.say("memory and idle processor time of the agents");
        String leader = pair.settled();
        for (String node : List.of(leader, pair.peerOf(leader))) {
            String role = node.equals(leader) ? "leader" : "follower";
            ProcessTag agent = pair.agent(node);
            double before = cpuSeconds(agent);
            Waiting.rest(idle);
            double share = (cpuSeconds(agent) - before) / idle.toSeconds() * 100;
            rows.add(
                    Row.of(
                            "agent of the " + role + ": memory",
                            residentMib(agent),
                            "MiB",
                            "VmRSS"));
            rows.add(
                    Row.of(
                            "agent of the " + role + ": idle processor time",
                            share,
                            "%",
                            "of one core, over " + idle.toSeconds() + " s"));
        }
        return rows;
    }

    /// Whether this system says what processes cost.
    static boolean isKnown() {
        return Files.exists(Path.of("/proc/self/status"));
    }

    static double residentMib(ProcessTag process) {
        return read(process, "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    static double cpuSeconds(ProcessTag process) {
        String line = read(process, "stat");
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS_FIELD])
                        + Long.parseLong(fields[SYSTEM_TICKS_FIELD]))
                / TICKS_PER_SECOND;
    }

    private static String read(ProcessTag process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
