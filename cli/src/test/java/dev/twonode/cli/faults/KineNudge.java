package dev.twonode.cli.faults;

import dev.twonode.testing.EtcdClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Writes now and then what nobody watches. A kine that is asked for a watch while a removal is the
/// last thing that it knows opens it only with the next write.
final class KineNudge implements AutoCloseable {

    private static final long PAUSE_MS = 200;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /// @param prefix of all its keys, used by nobody else
    KineNudge(EtcdClient etcd, String prefix) {
        thread =
                Thread.ofPlatform().name("kine-nudge").daemon().start(() -> writeAll(etcd, prefix));
    }

    private void writeAll(EtcdClient etcd, String prefix) {
        try {
            for (int number = 1; stop.getCount() > 0; number++) {
                etcd.create(prefix + number, "nudge");
                stop.await(PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
