package dev.twonode.nats;

import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The bookkeeping of an appender: what was sent, what is acknowledged, what is durable. One thread
/// sends, the connection's threads acknowledge, any thread asks.
///
/// Acknowledgements come in the order of the sequences, since one server stores them one by one.
/// Each message names the sequence that it has to follow, so an acknowledgement speaks for all
/// before it, and of a run of messages only the last has to be acknowledged. Placeholders count as
/// durable only once they are purged, and neither does what follows them.
final class Pipeline {

    private static final int MAX_MESSAGES = 4000;
    private static final long MAX_BYTES = 16 * 1024 * 1024;

    /// So many messages or bytes at most are spoken for by one acknowledgement.
    private static final int RUN_MESSAGES = 16;

    private static final long RUN_BYTES = 256 * 1024;

    private static final long UNBOUNDED = Long.MAX_VALUE / 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Run> runs = new ArrayDeque<>();
    private final SendWindow window = new SendWindow(MAX_MESSAGES);
    private final Deque<Range> unpurged = new ArrayDeque<>();
    private final Duration timeout;
    private final long first;
    private long sent;
    private long acknowledged;
    private long bytes;
    private long runBytes;
    private long purging;
    private long lastProgress = System.nanoTime();
    private @Nullable StoreException failure;

    private record Range(long from, long to) {}

    /// Messages that the acknowledgement of the last of them speaks for.
    private record Run(long last, long bytes, long atNanos) {}

    Pipeline(long lastSeq, Duration timeout) {
        this.first = lastSeq + 1;
        this.sent = lastSeq;
        this.acknowledged = lastSeq;
        this.timeout = timeout;
    }

    /// Whether [#enter] would not have to wait.
    boolean hasRoom(long size) {
        lock.lock();
        try {
            return isRoomFor(size);
        } finally {
            lock.unlock();
        }
    }

    /// Takes a place for the next sequence, waiting while the pipeline is full.
    ///
    /// @param ask whether its acknowledgement is wanted in any case
    /// @return whether it has to be asked for
    boolean enter(long sequence, long size, boolean ask) throws StoreException {
        lock.lock();
        try {
            if (sequence != sent + 1) {
                throw new StoreException(
                        Kind.WRONG_SEQUENCE, "sequence " + sequence + " was to follow " + sent);
            }
            await(() -> isRoomFor(size), UNBOUNDED);
            long now = System.nanoTime();
            if (acknowledged == sent) {
                lastProgress = now;
            }
            sent = sequence;
            bytes += size;
            runBytes += size;
            boolean asked = ask || endsRun();
            if (asked) {
                runs.add(new Run(sequence, runBytes, now));
                runBytes = 0;
            }
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the last message sent ends a run. The first one does, so that what is refused in
    /// every new pipeline is refused with its own reason and not for what it follows.
    private boolean endsRun() {
        Run before = runs.peekLast();
        long begun = before == null ? acknowledged : before.last;
        return sent == first
                || sent - begun >= Math.min(RUN_MESSAGES, window.size() / 4)
                || runBytes >= RUN_BYTES;
    }

    /// Says that these sequences are placeholders; called before they are sent.
    void placeholders(long from, long to) {
        lock.lock();
        try {
            unpurged.add(new Range(from, to));
        } finally {
            lock.unlock();
        }
    }

    /// Counts the acknowledgement of a sequence and of all before it.
    ///
    /// @return whether it is the one that had to come next
    boolean acknowledge(long sequence) {
        lock.lock();
        try {
            Run run = runs.peek();
            if (failure != null || run == null || run.last != sequence) {
                return false;
            }
            runs.remove();
            long count = sequence - acknowledged;
            acknowledged = sequence;
            bytes -= run.bytes;
            lastProgress = System.nanoTime();
            window.acknowledged(count, lastProgress - run.atNanos);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether no placeholders are under way or stored.
    boolean isPlain() {
        lock.lock();
        try {
            return unpurged.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Whether placeholders are stored that nobody is purging; if so the caller has to.
    boolean beginPurge() {
        lock.lock();
        try {
            Range next = unpurged.peek();
            if (failure != null
                    || purging != 0
                    || next == null
                    || acknowledged < Math.min(next.to, next.from + MAX_MESSAGES - 1)) {
                return false;
            }
            purging = acknowledged;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// The purge that was begun is done: no placeholder at or below its sequence is left.
    void purged() {
        lock.lock();
        try {
            while (!unpurged.isEmpty() && unpurged.element().from <= purging) {
                Range range = unpurged.remove();
                if (range.to > purging) {
                    unpurged.addFirst(new Range(purging + 1, range.to));
                }
            }
            purging = 0;
            lastProgress = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the pipeline for a refusal. One that shows that the first message was not stored,
    /// though it was not refused, is a server that cannot write: from 2.15 on it does not answer
    /// then.
    ///
    /// @param sequence that was refused
    /// @param last the stream's last sequence, as the server says
    void refuse(long sequence, long last, StoreException reason) {
        lock.lock();
        try {
            boolean swallowed = sequence > first && last == first - 1 && acknowledged == last;
            fail(swallowed ? new StoreException(Kind.UNUSABLE, swallowed(), reason) : reason);
        } finally {
            lock.unlock();
        }
    }

    private String swallowed() {
        return "the server has neither stored nor refused "
                + first
                + ", as one that could not write to its disk";
    }

    /// Ends the pipeline; only the first reason counts.
    void fail(StoreException reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long durable() throws StoreException {
        lock.lock();
        try {
            check();
            return durableNow();
        } finally {
            lock.unlock();
        }
    }

    long awaitDurable(long above, Duration patience) throws StoreException {
        lock.lock();
        try {
            await(() -> durableNow() > above, patience.toNanos());
            return durableNow();
        } finally {
            lock.unlock();
        }
    }

    long flush() throws StoreException {
        lock.lock();
        try {
            await(() -> durableNow() >= sent, UNBOUNDED);
            return sent;
        } finally {
            lock.unlock();
        }
    }

    private long durableNow() {
        Range next = unpurged.peek();
        return next == null ? acknowledged : Math.min(acknowledged, next.from - 1);
    }

    private void check() throws StoreException {
        if (failure == null
                && durableNow() < sent
                && System.nanoTime() - lastProgress > timeout.toNanos()) {
            failure =
                    new StoreException(
                            Kind.UNKNOWN,
                            "no acknowledgement after "
                                    + acknowledged
                                    + " for "
                                    + timeout.toMillis()
                                    + " ms");
        }
        StoreException reason = failure;
        if (reason != null) {
            // Thrown by several threads, so each gets an exception of its own.
            throw new StoreException(reason.kind(), reason.getMessage(), reason);
        }
    }

    /// Waits until the condition holds or the time is up; throws as soon as the pipeline has
    /// failed, which it has when nothing moves for the time-out.
    private void await(BooleanSupplier condition, long nanos) throws StoreException {
        long deadline = System.nanoTime() + nanos;
        check();
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                changed.awaitNanos(Math.min(left, timeout.toNanos()));
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNKNOWN, "interrupted while appending", e);
        }
    }

    /// Without an acknowledgement to come there is room for anything, or it would never come.
    private boolean isRoomFor(long size) {
        return runs.isEmpty() || (sent - acknowledged < window.size() && bytes + size <= MAX_BYTES);
    }
}
