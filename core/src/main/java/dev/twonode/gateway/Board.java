package dev.twonode.gateway;

import dev.twonode.protocol.Showing;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Where the present [Showing] hangs, and where those wait who may not go on under it.
final class Board {

    /// A permission that ran out is looked at again so often; it is renewed by an event.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// Server processes whose last commit is kept: the two present ones, and some before.
    private static final int REMEMBERED = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LongSupplier millis;
    private final BooleanSupplier decides;
    private final Gateway.Sights sights;
    private final Map<String, Long> announced = new LinkedHashMap<>();
    private Showing now = new Showing.Nobody();

    /// @param millis the clock in which permissions end
    /// @param decides whether the agent runs and could take back what it has allowed (rule C4)
    /// @param sights told what somebody waits to show
    Board(LongSupplier millis, BooleanSupplier decides, Gateway.Sights sights) {
        this.millis = millis;
        this.decides = decides;
        this.sights = sights;
    }

    Showing now() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    /// Hangs up what holds from now on. Comes after every step, of which most change nothing here.
    ///
    /// @return whether more changed than what may be shown
    boolean show(Showing next) {
        lock.lock();
        try {
            if (now.equals(next)) {
                return false;
            }
            boolean moved = !now.isSameWayAs(next);
            now = next;
            if (next instanceof Showing.Leader leader) {
                remember(leader);
            }
            changed.signalAll();
            return moved;
        } finally {
            lock.unlock();
        }
    }

    /// Wakes everybody who waits, to look at their own connections.
    void nudge() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void remember(Showing.Leader leader) {
        announced.merge(leader.serverId(), leader.commit(), Math::max);
        if (announced.size() > REMEMBERED) {
            announced.remove(announced.keySet().iterator().next());
        }
    }

    /// Whether a message may be shown at this moment.
    boolean shows(Upstream upstream, long sequence) {
        lock.lock();
        try {
            return now instanceof Showing.Leader leader
                    && upstream.isOf(leader)
                    && allows(leader, sequence);
        } finally {
            lock.unlock();
        }
    }

    private boolean allows(Showing.Leader leader, long sequence) {
        return sequence <= leader.commit()
                && leader.shows(millis.getAsLong())
                && decides.getAsBoolean();
    }

    /// Waits until a message may be shown.
    ///
    /// @param certain whether the stream has that sequence
    /// @return false when it never will: its connection ended, or another server leads
    boolean awaitShown(Upstream upstream, long sequence, boolean certain)
            throws InterruptedException {
        long asked = Sequences.NONE;
        lock.lock();
        try {
            while (!upstream.isClosed()) {
                switch (now) {
                    case Showing.Leader leader when upstream.isOf(leader) -> {
                        if (allows(leader, sequence)) {
                            return true;
                        }
                        if (certain && sequence > Math.max(asked, leader.commit())) {
                            asked = sequence;
                            sights.seen(leader, sequence);
                        }
                    }
                    case Showing.Leader _ -> {
                        return wasAnnounced(upstream, sequence);
                    }
                    case Showing.Nobody _ -> {
                        if (wasAnnounced(upstream, sequence)) {
                            return true;
                        }
                    }
                }
                changed.awaitNanos(LOOK_NANOS);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// What the term that has ended committed may still be told, and nothing else of it.
    private boolean wasAnnounced(Upstream upstream, long sequence) {
        return sequence != Sequences.NONE
                && sequence <= announced.getOrDefault(upstream.greeting().serverId(), 0L);
    }

    /// Waits for a leader whose server takes requests.
    ///
    /// @return null when there is none in time
    Showing.@Nullable Leader awaitLeader(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (true) {
                if (now instanceof Showing.Leader leader && leader.takesRequests()) {
                    return leader;
                }
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until requests go another way than by this one, at most so long.
    void awaitOtherThan(Showing way, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (now.isSameWayAs(way) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
