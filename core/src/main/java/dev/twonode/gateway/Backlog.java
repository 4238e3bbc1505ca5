package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a server said that may not be shown yet, and all behind it, in order. One thread adds,
/// another one takes away. Bounded: whoever adds waits while it is full, and that holds up the
/// server.
final class Backlog {

    private static final int MOST = 1_024;
    private static final long MOST_BYTES = 1L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Waiting> frames = new ArrayDeque<>();
    private long bytes;
    private boolean over;

    /// @param request what the frame answers, null for nothing
    /// @param sequence the highest sequence that it gives away
    /// @param certain whether the stream has that sequence, as its server itself says
    record Waiting(Frame frame, @Nullable Request request, long sequence, boolean certain) {}

    /// Whether nothing waits. While it is so for the one who adds, it stays so.
    boolean isEmpty() {
        lock.lock();
        try {
            return frames.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Adds what has to wait.
    ///
    /// @return false when nothing of it will be shown
    boolean add(Waiting waiting) throws InterruptedException {
        lock.lock();
        try {
            while (!over && isFull()) {
                changed.await();
            }
            frames.add(waiting);
            bytes += waiting.frame().bytes().length;
            changed.signalAll();
            return !over;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return !frames.isEmpty() && (frames.size() >= MOST || bytes >= MOST_BYTES);
    }

    /// The first one, which stays until it is [#removeFirst removed]; waits for one.
    ///
    /// @return null when nothing more will be shown
    @Nullable Waiting first() throws InterruptedException {
        lock.lock();
        try {
            while (!over && frames.isEmpty()) {
                changed.await();
            }
            return over ? null : frames.getFirst();
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing is behind the first one.
    boolean isLast() {
        lock.lock();
        try {
            return frames.size() <= 1;
        } finally {
            lock.unlock();
        }
    }

    void removeFirst() {
        lock.lock();
        try {
            bytes -= frames.removeFirst().frame().bytes().length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing of it will be shown any more.
    void end() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until everything was shown, or will not be.
    void drain() throws InterruptedException {
        lock.lock();
        try {
            while (!over && !frames.isEmpty()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
