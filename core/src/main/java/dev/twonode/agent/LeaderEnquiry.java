package dev.twonode.agent;

import dev.twonode.protocol.Showing;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Asks the peer's agent while clients of the gateway wait for what only it can say: who leads, or
/// how far it has committed. A follower that copies learns both without asking; a node whose own
/// server is down hears nothing that it does not ask for.
final class LeaderEnquiry implements AutoCloseable {

    /// Copying and heartbeats are given this long to make the question needless.
    private static final Duration PATIENCE = Duration.ofMillis(20);

    /// The first answer may be older than what the question told.
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Question question;
    private final Thread thread;
    private Showing showing = new Showing.Nobody();
    private Showing.@Nullable Leader wanting;
    private long wanted;
    private boolean waiting;

    /// How the peer's agent is asked; its answer reaches the node by the usual way.
    @FunctionalInterface
    interface Question {

        /// Asks, and tells how far the leader's stream goes at least.
        ///
        /// @param term number of the term that the sequence was seen in, 0 for none
        void ask(long term, long sequence);
    }

    LeaderEnquiry(Question question) {
        this.question = question;
        this.thread = Thread.ofVirtual().name("leader-enquiry").unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /// What holds from now on. Comes after every step, and wakes nobody whom it does not concern.
    ///
    /// @param clients whether any client would be served by a leader
    void look(Showing now, boolean clients) {
        lock.lock();
        try {
            boolean before = isNeeded();
            showing = now;
            waiting = clients;
            if (before != isNeeded()) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// A message of the peer's server waits.
    void seen(Showing.Leader leader, long sequence) {
        lock.lock();
        try {
            boolean later = wanting == null || !wanting.term().equals(leader.term());
            wanted = later ? sequence : Math.max(wanted, sequence);
            wanting = leader;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isNeeded() {
        return switch (showing) {
            case Showing.Nobody _ -> waiting;
            case Showing.Leader leader ->
                    wanting != null
                            && leader.place() == Showing.Place.PEER
                            && leader.term().equals(wanting.term())
                            && wanted > leader.commit();
        };
    }

    private void work() {
        try {
            while (true) {
                awaitNeed();
                boolean needed = outlasts(PATIENCE);
                while (needed) {
                    ask();
                    needed = outlasts(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitNeed() throws InterruptedException {
        lock.lock();
        try {
            while (!isNeeded()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean outlasts(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (isNeeded() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return isNeeded();
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        long term;
        long sequence;
        lock.lock();
        try {
            boolean known = showing instanceof Showing.Leader && wanting != null;
            term = known && wanting != null ? wanting.term().number() : 0;
            sequence = known ? wanted : 0;
        } finally {
            lock.unlock();
        }
        question.ask(term, sequence);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
