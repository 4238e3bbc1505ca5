package dev.twonode.cli.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What writers asked of the kines, and what they were told. Any thread may use it.
final class KineLedger {

    private final List<Write> writes = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    /// What became of a write, as far as its writer was told.
    enum Told {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /// One write. Every value is written once in the life of a pair.
    ///
    /// @param kine the node whose kine was asked
    /// @param value null for a removal
    /// @param revision under which it was made, 0 unless it was
    /// @param leased whether the key goes by itself
    record Write(
            String kine,
            String key,
            @Nullable String value,
            Told told,
            long revision,
            boolean leased) {

        boolean removes() {
            return value == null;
        }
    }

    /// How long an answer took.
    ///
    /// @param begun when it was asked, by the monotonic clock
    /// @param failure why it failed, null when it did not
    record Request(String kine, long begun, long nanos, @Nullable String failure) {

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(nanos);
        }
    }

    synchronized void add(Write write) {
        writes.add(write);
    }

    synchronized void add(Request request) {
        requests.add(request);
    }

    /// Notes an answer that no kine may give.
    synchronized void complain(String complaint) {
        complaints.add(complaint);
    }

    synchronized List<Write> writes() {
        return List.copyOf(writes);
    }

    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    /// Requests to one kine that had no answer yet at a moment, or were made later.
    synchronized List<Request> requests(String kine, long since) {
        return requests.stream()
                .filter(it -> it.kine().equals(kine) && it.begun() + it.nanos() >= since)
                .toList();
    }

    /// How many writes one kine has acknowledged.
    synchronized long done(String kine) {
        return writes.stream()
                .filter(it -> it.kine().equals(kine) && it.told() == Told.DONE)
                .count();
    }

    synchronized long count(Told told) {
        return writes.stream().filter(it -> it.told() == told).count();
    }
}
