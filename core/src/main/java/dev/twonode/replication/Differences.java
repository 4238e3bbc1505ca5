package dev.twonode.replication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// What a part of the follower's stream holds that the leader's does not.
///
/// @param ownOnly sequences of own messages that the leader does not have in this form, as spans
/// @param count number of own messages in those spans
/// @param missing number of the leader's messages up to the follower's end that are absent here
record Differences(List<Span> ownOnly, long count, long missing) {

    /// A run of own messages with none between them that both sides have.
    record Span(long from, long to, long count) {}

    boolean none() {
        return count == 0 && missing == 0;
    }

    long first() {
        return ownOnly.getFirst().from();
    }

    long last() {
        return ownOnly.getLast().to();
    }

    /// Compares everything above a fork, both sides read once and in order. The leader is written
    /// to meanwhile: what it did not hold at the beginning is not waited for.
    ///
    /// @param fork sequences above it are compared
    /// @param end the follower's last sequence
    /// @param watcher told the sequence up to which everything has been compared
    static Differences above(long fork, long end, Stores stores, LongConsumer watcher)
            throws CopyException {
        long leaderEnd = Math.min(end, stores.leaderFacts().lastSeq());
        try (Reading own = new Reading(stores.own(), fork + 1, end);
                Reading leader = new Reading(stores.leader(), fork + 1, leaderEnd)) {
            Collector found = new Collector();
            while (true) {
                Optional<StoredMessage> mine = stores.onOwn(_ -> own.peek());
                Optional<StoredMessage> theirs = stores.onLeader(_ -> leader.peek());
                if (mine.isEmpty() && theirs.isEmpty()) {
                    return found.result();
                }
                long at = Math.min(sequence(mine), sequence(theirs));
                boolean both = sequence(mine) == sequence(theirs);
                if (both && Content.same(mine.orElseThrow(), theirs.orElseThrow())) {
                    found.equal();
                } else if (sequence(mine) == at) {
                    found.ownOnly(at);
                } else {
                    found.missing();
                }
                if (sequence(mine) == at) {
                    stores.onOwn(_ -> own.take());
                }
                if (sequence(theirs) == at) {
                    stores.onLeader(_ -> leader.take());
                }
                watcher.accept(at);
            }
        }
    }

    /// Whether the leader need not have any of the own messages any more, since it has as many
    /// newer ones of the same subject as it keeps.
    ///
    /// It is written to meanwhile, and drops messages before they are read here; so it is read once
    /// more, up to those which displaced them.
    ///
    /// @param kept how many messages of a subject the leader keeps
    boolean pushedOut(Stores stores, int kept) throws CopyException {
        Map<String, Long> newest = new HashMap<>();
        for (Span span : ownOnly) {
            try (Reading own = new Reading(stores.own(), span.from(), span.to())) {
                Optional<StoredMessage> at = stores.onOwn(_ -> own.take());
                while (at.isPresent()) {
                    newest.merge(at.get().subject(), at.get().sequence(), Math::max);
                    at = stores.onOwn(_ -> own.take());
                }
            }
        }
        Map<String, Integer> newer = new HashMap<>();
        long from = first(newest);
        for (int pass = 0; pass < 2; pass++) {
            long to = stores.leaderFacts().lastSeq();
            countNewer(stores, from, to, newest, newer);
            from = Math.max(from, to + 1);
        }
        return newest.keySet().stream().allMatch(subject -> newer.getOrDefault(subject, 0) >= kept);
    }

    private static void countNewer(
            Stores stores, long from, long to, Map<String, Long> than, Map<String, Integer> newer)
            throws CopyException {
        try (Reading leader = new Reading(stores.leader(), from, to)) {
            Optional<StoredMessage> at = stores.onLeader(_ -> leader.take());
            while (at.isPresent()) {
                if (at.get().sequence() > than.getOrDefault(at.get().subject(), Long.MAX_VALUE)) {
                    newer.merge(at.get().subject(), 1, Integer::sum);
                }
                at = stores.onLeader(_ -> leader.take());
            }
        }
    }

    private static long first(Map<String, Long> sequences) {
        return sequences.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }

    private static long sequence(Optional<StoredMessage> message) {
        return message.map(StoredMessage::sequence).orElse(Long.MAX_VALUE);
    }

    /// Joins neighbouring findings, so that a long tail of orphans costs one entry.
    private static final class Collector {
        private final List<Span> spans = new ArrayList<>();
        private boolean joined;
        private long count;
        private long missing;

        void ownOnly(long sequence) {
            count++;
            if (joined) {
                Span last = spans.removeLast();
                spans.add(new Span(last.from(), sequence, last.count() + 1));
            } else {
                spans.add(new Span(sequence, sequence, 1));
                joined = true;
            }
        }

        void missing() {
            missing++;
        }

        void equal() {
            joined = false;
        }

        Differences result() {
            return new Differences(List.copyOf(spans), count, missing);
        }
    }
}
