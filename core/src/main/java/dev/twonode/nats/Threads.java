package dev.twonode.nats;

import dev.twonode.logging.Log;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/// The threads of one link, shared by all its sessions in turn. Callbacks run on virtual threads,
/// all that lasts as long as a connection on threads of the system's:
///
/// - what sits in socket calls, since once a virtual thread has waited for a socket, the runtime
///   keeps a thread in the system's poll, and the end of the process takes 300 ms longer;
/// - dispatchers, since they wait with a time-out. A virtual thread that does so wakes the
///   runtime's timer twice for each message, and one or two carriers.
final class Threads implements AutoCloseable {

    private static final Log LOG = Log.of(Threads.class);

    private final ExecutorService virtual;
    private final ExecutorService lasting;
    private final ScheduledExecutorService timer;
    private final ThreadFactory system;

    Threads(String name) {
        virtual =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual()
                                .name(name + "-", 0)
                                .uncaughtExceptionHandler(Threads::outlive)
                                .factory());
        system =
                Thread.ofPlatform()
                        .daemon()
                        .name(name + "-", 0)
                        .uncaughtExceptionHandler(Threads::outlive)
                        .factory();
        lasting = Executors.newThreadPerTaskExecutor(system);
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

    /// For dispatchers, and for attempts to connect.
    ExecutorService lasting() {
        return lasting;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /// For what sits in socket calls.
    ThreadFactory system() {
        return system;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        lasting.shutdownNow();
        virtual.shutdownNow();
    }
}
