package dev.twonode.cli.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/// What a writer's history and the leader's stream say together.
///
/// @param acknowledged writes that are on both nodes, or that a leader without its peer has: what a
///   client was promised
/// @param lost acknowledged writes that the stream does not have any more
/// @param changed acknowledged writes whose sequence has other content now
/// @param reordered acknowledged writes whose sequence is not above that of the one before
/// @param onlyOnLostLeader writes that a server accepted and that died with it before the other
///   node had them
/// @param pending writes of the present leader that are on their way to the other node
/// @param unanswered writes that got no answer
/// @param longestPause longest time between two accepted writes in the time looked at, nanoseconds
/// @param latency times from sending to acceptance in the time looked at, nanoseconds
/// @param complaints what is wrong, in words, one line each; a few of them
public record Verdict(
        long acknowledged,
        long lost,
        long changed,
        long reordered,
        long onlyOnLostLeader,
        long pending,
        long unanswered,
        long longestPause,
        Histogram latency,
        List<String> complaints) {

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int COMPLAINTS = 10;

    public Verdict {
        complaints = List.copyOf(complaints);
    }

    /// Whether every promise was kept.
    public boolean isGood() {
        return lost == 0 && changed == 0 && reordered == 0;
    }

    /// Compares what was promised with what is there.
    ///
    /// @param history read before the stream was
    /// @param sinceNanos from when on pauses and latencies count, on the monotonic clock
    public static Verdict of(WriteHistory history, StreamImage stream, Keys keys, long sinceNanos) {
        Judge judge = new Judge(history, stream, keys);
        history.writes().forEach(judge::look);
        judge.clock(sinceNanos);
        return judge.verdict();
    }

    private static final class Judge {

        /// Sequences of the committed writes of each key, rising.
        private final Map<Integer, List<Long>> committedPerKey = new HashMap<>();

        private final WriteHistory history;
        private final StreamImage stream;
        private final Keys keys;
        private final long[] lowestAfter;
        private final Histogram latency = new Histogram(SIGNIFICANT_DIGITS);
        private final List<String> complaints = new ArrayList<>();
        private final Map<Long, Long> numberBySequence = new HashMap<>();
        private long acknowledged;
        private long lost;
        private long changed;
        private long reordered;
        private long onlyOnLostLeader;
        private long pending;
        private long longestPause;
        private long lastSequence;

        Judge(WriteHistory history, StreamImage stream, Keys keys) {
            this.history = history;
            this.stream = stream;
            this.keys = keys;
            this.lowestAfter = lowestAfter();
            this.acknowledged = history.forgotten();
            history.writes().stream()
                    .filter(history::wasCommitted)
                    .forEach(write ->
                            committedPerKey
                                    .computeIfAbsent(write.key(), _ -> new ArrayList<>())
                                    .add(write.sequence()));
        }

        void look(Accepted write) {
            String subject = keys.subject(write.key());
            boolean present = stream.holds(write.sequence(), subject, write.digest());
            boolean pushedOut = wasPushedOut(write, subject);
            if (history.wasCommitted(write)) {
                promised(write, present || pushedOut);
            } else if (history.isOfPresentReign(write)) {
                pending++;
            } else if (present || (pushedOut && wasPassedOn(write))) {
                promised(write, true);
            } else {
                onlyOnLostLeader++;
            }
        }

        /// Whether the next node to lead went on behind it, so that it had it.
        private boolean wasPassedOn(Accepted write) {
            return write.sequence() < lowestAfter[write.reign()];
        }

        /// For each reign the lowest sequence that was given to a write after it and lasted.
        ///
        /// A leader that was overtaken without knowing it may have accepted writes too, under
        /// sequences that were used long before. They say nothing of what others held.
        private long[] lowestAfter() {
            long[] proven = proven();
            long[] lowest = new long[history.reigns().size()];
            Arrays.fill(lowest, Long.MAX_VALUE);
            for (Accepted write : history.writes()) {
                if (write.sequence() > proven[write.reign()]) {
                    continue;
                }
                for (int reign = 0; reign < write.reign(); reign++) {
                    lowest[reign] = Math.min(lowest[reign], write.sequence());
                }
            }
            return lowest;
        }

        /// For each reign the highest sequence of a write that was committed or is there: what the
        /// same leader wrote before it lasted with it.
        private long[] proven() {
            long[] proven = new long[history.reigns().size()];
            for (Accepted write : history.writes()) {
                boolean present =
                        stream.holds(write.sequence(), keys.subject(write.key()), write.digest());
                if (present || history.wasCommitted(write)) {
                    proven[write.reign()] = Math.max(proven[write.reign()], write.sequence());
                }
            }
            return proven;
        }

        /// Whether it had to make room for newer writes of its key: ones that are in the stream, or
        /// ones that were promised as well, which are looked at themselves.
        private boolean wasPushedOut(Accepted write, String subject) {
            if (stream.entries().containsKey(write.sequence())) {
                return false;
            }
            Set<Long> newer = new HashSet<>(stream.sequencesAfter(write.sequence(), subject));
            committedPerKey.getOrDefault(write.key(), List.of()).stream()
                    .filter(sequence -> sequence > write.sequence())
                    .forEach(newer::add);
            return newer.size() >= stream.history();
        }

        private void promised(Accepted write, boolean kept) {
            acknowledged++;
            if (!kept) {
                complain(write);
            }
            Long other = numberBySequence.put(write.sequence(), write.number());
            if (other != null) {
                changed++;
                say(
                        "sequence %d was given to write %d and to write %d"
                                .formatted(write.sequence(), other, write.number()));
            } else if (write.sequence() <= lastSequence) {
                reordered++;
                say(
                        "write %d has sequence %d, after %d"
                                .formatted(write.number(), write.sequence(), lastSequence));
            }
            lastSequence = Math.max(lastSequence, write.sequence());
        }

        private void complain(Accepted write) {
            boolean taken = stream.entries().containsKey(write.sequence());
            if (taken) {
                changed++;
            } else {
                lost++;
            }
            say(
                    "acknowledged write %d on key %d at sequence %d %s"
                            .formatted(
                                    write.number(),
                                    write.key(),
                                    write.sequence(),
                                    taken ? "has other content now" : "is gone"));
        }

        private void say(String complaint) {
            if (complaints.size() < COMPLAINTS) {
                complaints.add(complaint);
            }
        }

        void clock(long sinceNanos) {
            for (int i = 0; i < history.writes().size(); i++) {
                Accepted write = history.writes().get(i);
                if (write.acceptedNanos() - sinceNanos < 0) {
                    continue;
                }
                latency.recordValue(Math.max(1, write.acceptedNanos() - write.sentNanos()));
                if (i > 0 && !history.starts().contains(i)) {
                    long before = history.writes().get(i - 1).acceptedNanos();
                    long pause = write.acceptedNanos() - Math.max(before, sinceNanos);
                    longestPause = Math.max(longestPause, pause);
                }
            }
        }

        Verdict verdict() {
            return new Verdict(
                    acknowledged,
                    lost,
                    changed,
                    reordered,
                    onlyOnLostLeader,
                    pending,
                    history.unknown(),
                    longestPause,
                    latency,
                    complaints);
        }
    }
}
