package dev.twonode.cli.faults;

import dev.twonode.cli.faults.KineLedger.Told;
import dev.twonode.testing.EtcdClient;
import dev.twonode.testing.EtcdClient.Entry;
import dev.twonode.testing.EtcdClient.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes, changes, reads and removes objects through one kine as API servers do, one after the
/// other, and remembers every answer. Some of its writes have to be refused.
///
/// No key is written more often than a bucket remembers, so that a watcher which comes late is
/// still told of everything.
final class KineWriter implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final int UPDATES = 3;

    /// A kine that has not seen its own write after so long acknowledges it all the same, and then
    /// denies it, from its memory, until it has.
    private static final Duration BLIND = Duration.ofSeconds(5);

    private final String kine;
    private final EtcdClient etcd;
    private final String prefix;
    private final KineLedger ledger;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private long newestRevision;

    /// @param kine the node whose kine is asked
    /// @param prefix of all its keys, used by nobody else
    KineWriter(String kine, EtcdClient etcd, String prefix, KineLedger ledger) {
        this.kine = kine;
        this.etcd = etcd;
        this.prefix = prefix;
        this.ledger = ledger;
        this.thread = Thread.ofPlatform().name("kine-writer" + prefix).daemon().start(this::run);
    }

    private interface Asked<T> {
        T get() throws InterruptedException;
    }

    private void run() {
        try {
            for (int number = 1; stop.getCount() > 0; number++) {
                live(prefix + number, number);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The life of one object. It ends early when an outcome is unknown, or known to nobody but the
    /// writer.
    private void live(String key, int number) throws InterruptedException {
        boolean leased = number % 8 == 0;
        Optional<Long> lease = leased ? read(() -> etcd.lease(LEASE)) : Optional.of(0L);
        if (lease.isEmpty()) {
            return;
        }
        String value = key + "=1";
        long created = write(key, value, leased, () -> etcd.create(key, value, lease.get()));
        if (created == 0 || leased) {
            return;
        }
        refused(key, key + "=again", () -> etcd.create(key, key + "=again"));
        long revision = change(key, created);
        if (revision == 0) {
            return;
        }
        refused(key, key + "=stale", () -> etcd.update(key, key + "=stale", created));
        readThen(key, created, value);
        if (number % 2 == 0) {
            refused(key, null, () -> etcd.delete(key, created));
            long last = revision;
            if (write(key, null, false, () -> etcd.delete(key, last)) != 0) {
                read(() -> etcd.get(key))
                        .flatMap(it -> it)
                        .ifPresent(it -> ledger.complain("removed, and still there: " + it));
            }
        }
    }

    /// @return the revision of the last update, 0 when one was not made
    private long change(String key, long created) throws InterruptedException {
        long revision = created;
        for (int update = 2; update < 2 + UPDATES; update++) {
            String value = key + "=" + update;
            long last = revision;
            revision = write(key, value, false, () -> etcd.update(key, value, last));
            if (revision == 0) {
                return 0;
            }
            long now = revision;
            read(() -> etcd.get(key))
                    .filter(found -> found.filter(it -> is(it, value, now)).isEmpty())
                    .ifPresent(it -> ledger.complain("wrote " + value + ", read " + it));
        }
        return revision;
    }

    /// What the key held when it was made, unless that is compacted by now.
    private void readThen(String key, long created, String value) throws InterruptedException {
        read(() -> etcd.get(key, created))
                .filter(found -> found.filter(it -> is(it, value, created)).isEmpty())
                .ifPresent(it -> ledger.complain(value + " at " + created + " is now " + it));
    }

    private static boolean is(Entry entry, String value, long revision) {
        return entry.value().equals(value) && entry.revision() == revision;
    }

    /// @return the revision, 0 when the object's life ends here
    private long write(String key, @Nullable String value, boolean leased, Asked<Outcome> asked)
            throws InterruptedException {
        long begun = System.nanoTime();
        Outcome outcome = ask(asked);
        boolean blind = System.nanoTime() - begun >= BLIND.toNanos();
        switch (outcome) {
            case Outcome.Done(long revision) -> {
                note(key, value, Told.DONE, revision, leased);
                if (revision <= newestRevision) {
                    ledger.complain(key + " at " + revision + " after " + newestRevision);
                }
                newestRevision = revision;
                return blind ? 0 : revision;
            }
            // A kine that does not know the outcome of a removal calls it a conflict.
            case Outcome.Conflict conflict when value != null -> {
                note(key, value, Told.UNKNOWN, 0, leased);
                ledger.complain("nobody else wrote " + key + ", and yet: " + conflict);
            }
            case Outcome.Conflict _, Outcome.Unknown _ -> note(key, value, Told.UNKNOWN, 0, leased);
        }
        return 0;
    }

    /// A write that expects what is not so.
    private void refused(String key, @Nullable String value, Asked<Outcome> asked)
            throws InterruptedException {
        switch (ask(asked)) {
            case Outcome.Done(long revision) ->
                    ledger.complain(value + " was not refused, but made at " + revision);
            case Outcome.Conflict _ -> note(key, value, Told.REFUSED, 0, false);
            case Outcome.Unknown _ -> {
                // Whatever was not told, it must not have been made.
                note(key, value, Told.REFUSED, 0, false);
            }
        }
    }

    private void note(String key, @Nullable String value, Told told, long revision, boolean lease) {
        ledger.add(new KineLedger.Write(kine, key, value, told, revision, lease));
    }

    private Outcome ask(Asked<Outcome> asked) throws InterruptedException {
        stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        long begun = System.nanoTime();
        Outcome outcome = asked.get();
        took(begun, outcome instanceof Outcome.Unknown(String why) ? why : null);
        return outcome;
    }

    private <T> Optional<T> read(Asked<T> asked) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            T answer = asked.get();
            took(begun, null);
            return Optional.of(answer);
        } catch (EtcdClient.ReadFailed e) {
            took(begun, e.isCompacted() ? null : e.toString());
            return Optional.empty();
        }
    }

    private void took(long begun, @Nullable String failure) {
        ledger.add(new KineLedger.Request(kine, begun, System.nanoTime() - begun, failure));
    }

    /// Ends the writer once it has the answer that it waits for.
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
