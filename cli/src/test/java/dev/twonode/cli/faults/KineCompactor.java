package dev.twonode.cli.faults;

import dev.twonode.testing.EtcdClient;
import dev.twonode.testing.EtcdClient.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Compacts again and again, each time a little further up to a bound, as the API servers of a
/// cluster agree to.
final class KineCompactor implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(300);

    private final String kine;
    private final EtcdClient etcd;
    private final KineLedger ledger;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private long version;
    private long revision;

    /// What compactions have reached.
    ///
    /// @param version of the key on which API servers agree
    /// @param revision below which all is compacted, 0 for none
    record Reached(long version, long revision) {}

    /// @param kine the node whose kine is asked
    /// @param from what earlier compactions reached
    /// @param bound the revision to end at
    KineCompactor(String kine, EtcdClient etcd, KineLedger ledger, Reached from, long bound) {
        this.kine = kine;
        this.etcd = etcd;
        this.ledger = ledger;
        this.version = from.version();
        this.revision = from.revision();
        this.thread = Thread.ofPlatform().name("kine-compactor").daemon().start(() -> run(bound));
    }

    private void run(long bound) {
        try {
            while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                long next = revision + Math.max(2, (bound - revision) / 4);
                if (next <= bound) {
                    compact(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compact(long next) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            switch (etcd.compact(version, next)) {
                case Outcome.Done _ -> {
                    version++;
                    revision = next;
                    took(begun, null);
                }
                // It was made when its outcome was unknown.
                case Outcome.Conflict _ -> {
                    version++;
                    took(begun, null);
                }
                case Outcome.Unknown(String why) -> took(begun, why);
            }
        } catch (EtcdClient.ReadFailed e) {
            version++;
            took(begun, e.toString());
        }
    }

    private void took(long begun, @Nullable String failure) {
        ledger.add(new KineLedger.Request(kine, begun, System.nanoTime() - begun, failure));
    }

    /// Ends it once it has the answer that it waits for.
    Reached end() {
        close();
        return new Reached(version, revision);
    }

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
