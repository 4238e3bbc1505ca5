package dev.twonode.gateway;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many writes one client has at a server without an answer. Bounded once an answer has had to
/// wait for the follower.
///
/// A server stores all messages that it has received for a stream before it answers the first of
/// them or passes it on to the follower. If it got everything at once, the two servers would work
/// by turns: with fewer at a time the follower stores one batch while the leader stores the next.
final class UnderWay {

    /// Small enough for several batches of a busy client, large enough to keep a server busy.
    static final int MOST = 16;

    /// A write without an answer must not hold up others for longer.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private int count;
    private boolean bounded;

    /// An answer waits for the follower.
    void bound() {
        lock.lock();
        try {
            bounded = true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the next write should wait.
    boolean isFull() {
        lock.lock();
        try {
            return bounded && count >= MOST;
        } finally {
            lock.unlock();
        }
    }

    void sent() {
        lock.lock();
        try {
            count++;
        } finally {
            lock.unlock();
        }
    }

    void answered() {
        lock.lock();
        try {
            count = Math.max(0, count - 1);
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the server has answered enough. What it does not answer at all is forgotten.
    void await() throws InterruptedException {
        long left = PATIENCE.toNanos();
        lock.lock();
        try {
            while (count >= MOST && left > 0) {
                left = answered.awaitNanos(left);
            }
            if (left <= 0) {
                count = 0;
            }
        } finally {
            lock.unlock();
        }
    }
}
