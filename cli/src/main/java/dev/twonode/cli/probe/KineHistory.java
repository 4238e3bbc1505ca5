package dev.twonode.cli.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What [KineLog] holds: the writes that kine acknowledged, and what became of the others.
///
/// @param writes in the order of their numbers
/// @param starts index of the first write of each life of the writer
/// @param failed numbers of the writes that a living kine did not answer in time, or with an error
/// @param next number of the next write
public record KineHistory(List<Write> writes, List<Integer> starts, List<Long> failed, long next) {

    private static final long LONGEST_NANOS = 3_600_000_000_000L;

    public KineHistory {
        writes = List.copyOf(writes);
        starts = List.copyOf(starts);
        failed = List.copyOf(failed);
    }

    /// One acknowledged write.
    public record Write(long number, int key, long revision, long sentNanos, long answeredNanos) {}

    /// Reads a log that may be written to meanwhile. There is nothing in one that does not exist.
    public static KineHistory read(Path log) throws IOException {
        List<Write> writes = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        List<Long> failed = new ArrayList<>();
        long next = 1;
        String text = text(log.resolveSibling(log.getFileName() + KineLog.OLDER)) + text(log);
        // What stands behind the last end of a line is still being written.
        List<String> lines = Arrays.asList(text.split("\n", -1));
        for (String line : lines.subList(0, lines.size() - 1)) {
            String[] words = line.split(" ", -1);
            try {
                switch (words[0]) {
                    case "ok" -> {
                        Write write = write(words);
                        writes.add(write);
                        next = Math.max(next, write.number() + 1);
                    }
                    case "failed" -> {
                        failed.add(Long.parseLong(words[1]));
                        next = Math.max(next, failed.getLast() + 1);
                    }
                    case "start" -> starts.add(writes.size());
                    default -> {}
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                // Half a line, from a writer that was killed while it wrote it.
            }
        }
        return new KineHistory(writes, starts, failed, next);
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static Write write(String[] words) {
        return new Write(
                Long.parseLong(words[1]),
                Integer.parseInt(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]));
    }

    /// The last acknowledged write of each key.
    public Map<Integer, Write> lastOfEachKey() {
        Map<Integer, Write> last = new TreeMap<>();
        writes.forEach(write -> last.put(write.key(), write));
        return last;
    }

    /// The longest time without an acknowledgement that ended after a moment, in nanoseconds. The
    /// time between two lives of the writer is none.
    public long longestPause(long sinceNanos) {
        long longest = 0;
        for (int i = 1; i < writes.size(); i++) {
            Write write = writes.get(i);
            if (write.answeredNanos() - sinceNanos > 0 && !starts.contains(i)) {
                long before = writes.get(i - 1).answeredNanos();
                longest = Math.max(longest, write.answeredNanos() - before);
            }
        }
        return longest;
    }

    /// How long the writes that were answered after a moment took.
    public Histogram latency(long sinceNanos) {
        Histogram histogram = new Histogram(LONGEST_NANOS, 3);
        writes.stream()
                .filter(write -> write.answeredNanos() - sinceNanos > 0)
                .forEach(write ->
                        histogram.recordValue(
                                Math.clamp(
                                        write.answeredNanos() - write.sentNanos(),
                                        0,
                                        LONGEST_NANOS)));
        return histogram;
    }
}
