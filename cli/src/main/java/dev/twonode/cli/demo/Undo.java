package dev.twonode.cli.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// What has to be taken back when a step does not come to its end, by a failure or by Ctrl-C.
///
/// The process may be told to end at any moment; then a shutdown hook takes back what is noted. It
/// waits for an action that runs in [#whole], and no such action begins after it.
final class Undo {

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> reverts = new ArrayDeque<>();
    private final Thread hook;

    /// @param interrupted run before anything is taken back by the hook
    Undo(Runnable interrupted) {
        hook =
                new Thread(
                        () -> {
                            // Held until the process ends, so that nothing new is begun.
                            lock.lock();
                            if (!reverts.isEmpty()) {
                                interrupted.run();
                                revert();
                            }
                        },
                        "undo");
    }

    /// From now on an interruption takes back what is noted.
    void arm() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Carries out an action and notes how to take it back, both or neither.
    ///
    /// @param action what to do; its result is handed back
    /// @param revert how to take it back
    <T> T whole(Supplier<T> action, Runnable revert) {
        lock.lock();
        try {
            T result = action.get();
            reverts.push(revert);
            return result;
        } finally {
            lock.unlock();
        }
    }

    /// Carries out an action that an interruption must not cut in two.
    void whole(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /// The step has come to its end: what it did stays.
    void keep() {
        lock.lock();
        try {
            reverts.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Takes everything back, the newest first.
    void revert() {
        lock.lock();
        try {
            while (!reverts.isEmpty()) {
                reverts.pop().run();
            }
        } finally {
            lock.unlock();
        }
    }
}
