package dev.twonode.simulation;

import dev.twonode.replication.Face;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// One stream's content and face, with JetStream's rules for sequences: each is given once, trims
/// and purges leave holes, and nothing but deletion makes the numbers go back.
final class SimulatedStream {

    /// Subjects below it are placeholders.
    static final String GAP = "$TWONODE.gap.kine.";

    private static final String ROLLUP = "Nats-Rollup";

    private final Instant created;
    private final int perSubject;
    private final NavigableMap<Long, StoredMessage> messages = new TreeMap<>();
    private final Map<String, ArrayDeque<Long>> subjects = new LinkedHashMap<>();
    private Face face;
    private long lastSeq;
    private long bytes;
    private boolean everUsed;

    SimulatedStream(Instant created, int perSubject, Face face) {
        this.created = created;
        this.perSubject = perSubject;
        this.face = face;
    }

    SimulatedStream copy() {
        SimulatedStream copy = new SimulatedStream(created, perSubject, face);
        copy.fill(messages.values(), lastSeq);
        copy.everUsed = everUsed;
        return copy;
    }

    /// Takes over messages under their own sequences.
    void fill(Collection<StoredMessage> content, long last) {
        content.forEach(this::put);
        lastSeq = last;
        everUsed = everUsed || last > 0;
    }

    long store(StoredMessage offered) {
        long sequence = lastSeq + 1;
        put(
                new StoredMessage(
                        sequence,
                        offered.subject(),
                        offered.headers(),
                        offered.data(),
                        offered.time()));
        lastSeq = sequence;
        everUsed = true;
        rollUp(offered, sequence);
        trim(offered.subject());
        return sequence;
    }

    void expectLast(long expected) throws StoreException {
        if (lastSeq != expected) {
            throw new StoreException(Kind.WRONG_SEQUENCE, "wrong last sequence: " + lastSeq);
        }
    }

    void startAt(long firstSeq) throws StoreException {
        if (firstSeq <= lastSeq) {
            throw new StoreException(
                    Kind.REFUSED, firstSeq + " is not beyond the last sequence " + lastSeq);
        }
        purge(_ -> true);
        lastSeq = firstSeq - 1;
        everUsed = true;
    }

    void removePlaceholders() {
        purge(message -> message.subject().startsWith(GAP));
    }

    void remove(long sequence) {
        purge(message -> message.sequence() == sequence);
    }

    private void purge(Predicate<StoredMessage> which) {
        for (StoredMessage message : List.copyOf(messages.values())) {
            if (which.test(message)) {
                drop(message.sequence());
            }
        }
    }

    private void put(StoredMessage message) {
        messages.put(message.sequence(), message);
        subjects.computeIfAbsent(message.subject(), _ -> new ArrayDeque<>())
                .addLast(message.sequence());
        bytes += size(message);
    }

    private void drop(long sequence) {
        StoredMessage gone = messages.remove(sequence);
        if (gone != null) {
            bytes -= size(gone);
            ArrayDeque<Long> same = subjects.get(gone.subject());
            if (same != null) {
                same.remove(sequence);
            }
        }
    }

    private void trim(String subject) {
        ArrayDeque<Long> same = subjects.getOrDefault(subject, new ArrayDeque<>());
        while (same.size() > perSubject) {
            drop(same.getFirst());
        }
    }

    private void rollUp(StoredMessage offered, long sequence) {
        List<String> scope = offered.headers().getOrDefault(ROLLUP, List.of());
        if (!scope.isEmpty()) {
            boolean all = scope.getFirst().equals("all");
            purge(message ->
                    message.sequence() < sequence
                            && (all || message.subject().equals(offered.subject())));
        }
    }

    private static long size(StoredMessage message) {
        return (long) message.data().length + message.subject().length();
    }

    Instant created() {
        return created;
    }

    int perSubject() {
        return perSubject;
    }

    Face face() {
        return face;
    }

    void show(Face next) {
        face = next;
    }

    NavigableMap<Long, StoredMessage> messages() {
        return messages;
    }

    long firstSeq() {
        if (!messages.isEmpty()) {
            return messages.firstKey();
        }
        return everUsed ? lastSeq + 1 : 0;
    }

    long lastSeq() {
        return lastSeq;
    }

    long bytes() {
        return bytes;
    }

    long deleted() {
        return messages.isEmpty() ? 0 : lastSeq - messages.firstKey() + 1 - messages.size();
    }

    SortedSet<Long> deletedSequences() {
        SortedSet<Long> absent = new TreeSet<>();
        List<Long> present = new ArrayList<>(messages.keySet());
        long expected = present.isEmpty() ? lastSeq + 1 : present.getFirst();
        for (long sequence : present) {
            while (expected < sequence) {
                absent.add(expected++);
            }
            expected = sequence + 1;
        }
        while (expected <= lastSeq) {
            absent.add(expected++);
        }
        return absent;
    }
}
