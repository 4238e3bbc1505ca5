package dev.twonode.node;

import dev.twonode.protocol.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where everything that happens waits for the thread that decides. Any thread may post; reports of
/// progress, which come with every message copied, replace one another instead of queueing up, as
/// do reports of refused writes.
public final class Inbox {

    private static final int CAPACITY = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Event> events = new ArrayDeque<>();
    private Event.@Nullable Copied copied;
    private Event.@Nullable ProgressHeard progress;
    private Event.@Nullable CopyAcknowledged acknowledged;
    private Event.@Nullable SequenceSeen seen;
    private Event.@Nullable WritesRefused refused;

    /// Adds an event; waits while the inbox is full.
    public void post(Event event) {
        lock.lock();
        try {
            switch (event) {
                case Event.Copied news -> copied = joined(copied, news);
                case Event.ProgressHeard news -> progress = news;
                case Event.CopyAcknowledged news -> acknowledged = news;
                case Event.SequenceSeen news -> seen = newer(seen, news);
                case Event.WritesRefused news -> refused = news;
                default -> enqueue(event);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Two threads tell of one copy, what is durable and what it has to reach: neither takes back
    /// what the other one said.
    private static Event.Copied joined(Event.@Nullable Copied known, Event.Copied news) {
        return known == null || known.copy() != news.copy()
                ? news
                : new Event.Copied(
                        news.at(),
                        news.copy(),
                        Math.max(known.lastSeq(), news.lastSeq()),
                        Math.max(known.wholeFrom(), news.wholeFrom()));
    }

    /// Several connections hold messages at once, and one may still be of an earlier term.
    private static Event.SequenceSeen newer(
            Event.@Nullable SequenceSeen known, Event.SequenceSeen news) {
        if (known == null || news.term() > known.term()) {
            return news;
        }
        boolean further = news.term() == known.term() && news.lastSeq() > known.lastSeq();
        return further ? news : known;
    }

    private void enqueue(Event event) {
        while (events.size() >= CAPACITY) {
            changed.awaitUninterruptibly();
        }
        events.add(event);
    }

    /// The next event, or empty when none comes in time. Progress comes before anything else: it
    /// only ever says more than the reports behind it.
    Optional<Event> take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (isEmpty()) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            Event next = next();
            changed.signalAll();
            return Optional.of(next);
        } finally {
            lock.unlock();
        }
    }

    private boolean isEmpty() {
        return events.isEmpty()
                && copied == null
                && progress == null
                && acknowledged == null
                && seen == null
                && refused == null;
    }

    private Event next() {
        Event.Copied ownProgress = copied;
        if (ownProgress != null) {
            copied = null;
            return ownProgress;
        }
        Event.ProgressHeard heard = progress;
        if (heard != null) {
            progress = null;
            return heard;
        }
        Event.CopyAcknowledged stored = acknowledged;
        if (stored != null) {
            acknowledged = null;
            return stored;
        }
        Event.SequenceSeen sight = seen;
        if (sight != null) {
            seen = null;
            return sight;
        }
        Event.WritesRefused refusal = refused;
        if (refusal != null) {
            refused = null;
            return refusal;
        }
        return events.remove();
    }
}
