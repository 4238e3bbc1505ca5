package dev.twonode.cli.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a [WriteLog] says, read at one moment; the writer may go on meanwhile.
///
/// @param generation number of the newest file
/// @param forgotten accepted writes of files that are gone
/// @param writes the accepted writes still on record, in the order of acknowledgement
/// @param starts indices into `writes`: before these the writer did not run
/// @param reigns who led when, oldest first; [Accepted#reign] is an index into it
/// @param unknown number of writes that got no answer
public record WriteHistory(
        int generation,
        long forgotten,
        List<Accepted> writes,
        Set<Integer> starts,
        List<Reign> reigns,
        long unknown) {

    /// One node leading without another between.
    ///
    /// @param node its name
    /// @param sinceNanos when the writer first saw it lead, on the machine's monotonic clock
    /// @param committed the highest sequence that it called committed
    public record Reign(String node, long sinceNanos, long committed) {}

    /// Before the first write.
    public static final WriteHistory EMPTY =
            new WriteHistory(0, 0, List.of(), Set.of(), List.of(), 0);

    private static final int ATTEMPTS = 5;

    public WriteHistory {
        writes = List.copyOf(writes);
        starts = Set.copyOf(starts);
        reigns = List.copyOf(reigns);
    }

    /// Every write ever accepted, the forgotten ones too.
    public long total() {
        return forgotten + writes.size();
    }

    /// Whether this write was committed when its leader still led.
    public boolean wasCommitted(Accepted write) {
        return write.sequence() <= reigns.get(write.reign()).committed();
    }

    /// Whether the node that accepted this write has led ever since.
    public boolean isOfPresentReign(Accepted write) {
        return write.reign() == reigns.size() - 1;
    }

    /// Reads a log and the file before it.
    public static WriteHistory read(Path file) throws IOException {
        Path older = file.resolveSibling(file.getFileName() + WriteLog.OLDER);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Parser parser = new Parser();
            boolean continued = Files.exists(older) && parser.take(older);
            int before = parser.generation;
            parser.take(file);
            // Between the two reads the writer may have begun a new file: look again.
            if (!continued || parser.generation == before + 1) {
                return parser.result();
            }
        }
        throw new IOException(file + " changes faster than it can be read");
    }

    private static final class Parser {

        private final List<Accepted> writes = new ArrayList<>();
        private final Set<Integer> starts = new HashSet<>();
        private final List<String> nodes = new ArrayList<>();
        private final List<Long> since = new ArrayList<>();
        private long[] committed = new long[16];
        private int generation;
        private long forgotten = -1;
        private long unknown;

        boolean take(Path file) throws IOException {
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    takeIfWhole(line.split(" ", -1));
                }
            }
            return true;
        }

        /// A line may be half written: the writer was killed, or is writing it right now.
        private void takeIfWhole(String[] words) {
            try {
                take(words);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                return;
            }
        }

        private void take(String[] words) {
            switch (words[0]) {
                case "begin" -> {
                    generation = Integer.parseInt(words[2]);
                    long before = Long.parseLong(words[3]);
                    forgotten = forgotten < 0 ? before : forgotten;
                }
                case "start" -> starts.add(writes.size());
                case "leader" -> leader(words[1], Long.parseLong(words[3]));
                case "commit" -> {
                    int reign = nodes.size() - 1;
                    committed[reign] = Math.max(committed[reign], Long.parseLong(words[1]));
                }
                case "ok" ->
                        writes.add(
                                new Accepted(
                                        Long.parseLong(words[1]),
                                        Integer.parseInt(words[2]),
                                        Long.parseLong(words[3]),
                                        nodes.size() - 1,
                                        Long.parseLong(words[4]),
                                        Long.parseLong(words[5]),
                                        Long.parseUnsignedLong(words[6], 16)));
                case "unknown" -> unknown++;
                default -> throw new NumberFormatException("not a line of this log");
            }
        }

        /// Terms of one node that follow each other are one reign: its stream went on unbroken.
        private void leader(String node, long nanos) {
            if (nodes.isEmpty() || !nodes.getLast().equals(node)) {
                nodes.add(node);
                since.add(nanos);
                if (nodes.size() > committed.length) {
                    committed = Arrays.copyOf(committed, 2 * committed.length);
                }
            }
        }

        WriteHistory result() {
            List<Reign> reigns = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                reigns.add(new Reign(nodes.get(i), since.get(i), committed[i]));
            }
            return new WriteHistory(
                    generation, Math.max(0, forgotten), writes, starts, reigns, unknown);
        }
    }
}
