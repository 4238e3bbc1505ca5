package dev.twonode.nats;

import dev.twonode.logging.Log;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/// The threads of one link, shared by all its sessions in turn. Dispatchers and callbacks run on
/// virtual threads; those that sit in socket calls, and the ping timer, on daemon threads: once a
/// virtual thread has waited for a socket, the runtime keeps a thread in the system's poll, and the
/// end of the process takes 300 ms longer.
final class Threads implements AutoCloseable {

    private static final Log LOG = Log.of(Threads.class);

    private final ExecutorService virtual;
    private final ExecutorService dials;
    private final ScheduledExecutorService timer;
    private final ThreadFactory sockets;

    Threads(String name) {
        virtual =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual()
                                .name(name + "-", 0)
                                .uncaughtExceptionHandler(Threads::outlive)
                                .factory());
        sockets =
                Thread.ofPlatform()
                        .daemon()
                        .name(name + "-socket-", 0)
                        .uncaughtExceptionHandler(Threads::outlive)
                        .factory();
        dials = Executors.newThreadPerTaskExecutor(sockets);
        timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name(name + "-timer").factory());
    }

    /// A thread of the client library that failed leaves a connection that is found dead by its
    /// pings. An error of the runtime is another matter, for whoever owns the process.
    private static void outlive(Thread thread, Throwable defect) {
        Thread.UncaughtExceptionHandler owner = Thread.getDefaultUncaughtExceptionHandler();
        if (defect instanceof Error && owner != null) {
            owner.uncaughtException(thread, defect);
        } else {
            LOG.warn("a thread of a connection failed: " + thread.getName(), defect);
        }
    }

    ExecutorService virtual() {
        return virtual;
    }

    /// For attempts to connect.
    ExecutorService dials() {
        return dials;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    ThreadFactory sockets() {
        return sockets;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        dials.shutdownNow();
        virtual.shutdownNow();
    }
}
