package dev.twonode.replication;

import dev.twonode.protocol.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Copies the leader's messages into the own stream, each under its own sequence, until something
/// stops it. Open one only on a stream that a [Comparison] has shown to be a prefix.
///
/// [#run] and [#drain] block their thread and use a second one to report what is durable; an
/// interrupt ends them. [#step] does one round without waiting for anything but `patience`; a
/// caller of `step` reports by calling [#report]. One thread at a time.
public final class Tail implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(250);

    /// From news to the report of it. At full speed both agents would do little else; and the
    /// leader, who hears the same from the server itself, is not to wait for a processor.
    private static final Duration PACE = Duration.ofNanos(200_000);

    /// A quiet leader is looked at once in so many rounds.
    private static final int QUIET_ROUNDS = 4;

    /// A disk that is forced for each message may take half a second for a large batch.
    private static final int ECHO_EVERY = 64;

    private final Stores stores;
    private final Instant leaderCreated;
    private final Store.Feed feed;
    private final Store.Appender appender;
    private final Progress progress;
    private final AtomicReference<@Nullable TailEnd> end = new AtomicReference<>();
    private long next;
    private boolean gap;
    private volatile long wholeFrom;
    private volatile long reported;

    /// Told how far the copy is.
    @FunctionalInterface
    public interface Progress {
        /// The copy moved on, or is about to pass a gap.
        ///
        /// @param sequence up to it everything is durable in the own stream
        /// @param wholeFrom the sequence at which the copy lacks nothing that the leader dropped,
        ///   for newer messages, before it was read; 0 for nothing. Told before the own stream gets
        ///   anything beyond such a gap
        void at(long sequence, long wholeFrom);
    }

    private Tail(Stores stores, StreamFacts leader, Links links, long next, Progress progress) {
        this.stores = stores;
        this.leaderCreated = leader.created();
        this.feed = links.feed();
        this.appender = links.appender();
        this.next = next;
        this.reported = next - 1;
        this.wholeFrom = links.wholeFrom();
        this.progress = progress;
    }

    private record Links(Store.Feed feed, Store.Appender appender, long wholeFrom) {}

    /// Goes on with a copy whose gaps are known, for nobody but the caller to hear how far it is.
    public static Tail resume(Stores stores, Session session, Progress progress)
            throws CopyException {
        return open(stores, session, "", progress, Ends.read(stores), false);
    }

    /// Opens both ends. An own stream that is empty starts where the leader's does. What the leader
    /// has dropped by now is not known: the copy is whole where the leader ends now.
    ///
    /// @param echo beginning of the subjects on which the own server's acknowledgements can be
    ///   heard by others: one for each batch that arrived together, and a few of a large one
    public static Tail open(Stores stores, Session session, String echo, Progress progress)
            throws CopyException {
        return open(stores, session, echo, progress, Ends.read(stores), true);
    }

    /// Opens both ends behind the barrier at which this node gave the lead away. Refuses an own
    /// stream that is not as it was fenced then, and another server than the one that leads.
    ///
    /// @param session the one that the own stream was fenced for then
    public static Tail behind(
            Action.CopyOn handed, Stores stores, Session session, String echo, Progress progress)
            throws CopyException {
        Ends ends = Ends.read(stores);
        ends.mustBe(handed.barrier(), session);
        ends.mustLeadOn(handed.leaderServer());
        return open(stores, session, echo, progress, ends, true);
    }

    /// What both streams were when the tail began.
    private record Ends(StreamFacts own, StreamFacts leader) {

        static Ends read(Stores stores) throws CopyException {
            Ends ends = new Ends(stores.ownFacts(), stores.leaderFacts());
            if (ends.own.lastSeq() > ends.leader.lastSeq()) {
                throw new CopyException(
                        CopyException.Side.LEADER,
                        StoreException.Kind.WRONG_SEQUENCE,
                        "ends at %d, before the own %d"
                                .formatted(ends.leader.lastSeq(), ends.own.lastSeq()));
            }
            return ends;
        }

        void mustBe(long barrier, Session session) throws CopyException {
            Face fenced = new Face.Fenced(session.mark(), session.token());
            if (own.lastSeq() != barrier || !own.face().equals(fenced)) {
                throw new CopyException(
                        CopyException.Side.OWN,
                        StoreException.Kind.WRONG_SEQUENCE,
                        "is not as it was when this node handed over");
            }
        }

        /// A connection to another server process than the one that leads is of no use (rule T2).
        void mustLeadOn(String server) throws CopyException {
            if (!leader.serverId().equals(server)) {
                throw new CopyException(
                        CopyException.Side.LEADER,
                        StoreException.Kind.UNREACHABLE,
                        "its server was restarted since it announced its term");
            }
        }
    }

    private static Tail open(
            Stores stores, Session session, String echo, Progress progress, Ends ends, boolean anew)
            throws CopyException {
        StreamFacts own = ends.own();
        StreamFacts leader = ends.leader();
        long last = own.lastSeq();
        if (own.isEmpty() && leader.firstSeq() > last + 1) {
            last = leader.firstSeq() - 1;
            long first = leader.firstSeq();
            stores.onOwn(store -> {
                store.startAt(first);
                return first;
            });
        }
        long at = last;
        Store.Appender appender = stores.onOwn(store -> store.appender(session.token(), at, echo));
        try {
            Store.Feed feed = stores.onLeader(store -> store.feed(at + 1));
            Links links = new Links(feed, appender, anew ? leader.lastSeq() : 0);
            return new Tail(stores, leader, links, at + 1, progress);
        } catch (CopyException failure) {
            appender.close();
            throw failure;
        }
    }

    /// The next sequence to copy.
    public long next() {
        return next;
    }

    /// The sequence at which the copy lacks nothing that the leader dropped before it was read.
    public long wholeFrom() {
        return wholeFrom;
    }

    /// Moves what has arrived, waiting up to `patience` for the first message.
    ///
    /// @return how many messages were moved, 0 when none came or the tail has ended
    public int step(Duration patience) {
        if (end.get() != null) {
            return 0;
        }
        List<StoredMessage> batch;
        try {
            batch = feed.poll(patience);
        } catch (StoreException failure) {
            stop(new TailEnd.LeaderGone(failure.kind(), failure.getMessage()));
            return 0;
        }
        try {
            for (int i = 0; i < batch.size(); i++) {
                append(batch.get(i), isEchoed(i, batch.size()));
            }
        } catch (StoreException failure) {
            stop(ownFailure(failure));
        } catch (CopyException failure) {
            stop(ended(failure));
        }
        return batch.size();
    }

    static boolean isEchoed(int index, int batch) {
        return index == batch - 1 || index % ECHO_EVERY == ECHO_EVERY - 1;
    }

    /// Why the tail ended. Empty while it goes on.
    public Optional<TailEnd> end() {
        return Optional.ofNullable(end.get());
    }

    /// Reports what is durable by now, if it is more than before. For callers of [#step].
    public void report() {
        try {
            reportUpTo(appender.durable());
        } catch (StoreException failure) {
            stop(ownFailure(failure));
        }
    }

    /// Looks at a leader that sends nothing: is it still the same stream, and did its last messages
    /// vanish before they could be copied? A gap at its end is filled.
    public void settle() {
        try {
            StreamFacts leader = stores.leaderFacts();
            if (!leader.created().equals(leaderCreated)) {
                stop(new TailEnd.Diverged("the leader's stream was made anew"));
            } else if (leader.lastSeq() < next - 1) {
                stop(new TailEnd.Diverged("the leader's stream went back to " + leader.lastSeq()));
            } else if (leader.lastSeq() >= next) {
                fillEnd(leader.lastSeq());
            }
        } catch (CopyException failure) {
            stop(ended(failure));
        }
    }

    /// Copies until something stops it. Uses a second thread to report: one of the system's, since
    /// for each message it waits twice, with a time-out.
    public TailEnd run() {
        Thread reporter = Thread.ofPlatform().daemon().name("durable").start(this::reportAlways);
        int quiet = 0;
        try {
            while (end.get() == null) {
                quiet = step(PATIENCE) > 0 ? 0 : quiet + 1;
                if (quiet == QUIET_ROUNDS) {
                    settle();
                    quiet = 0;
                }
            }
        } finally {
            reporter.interrupt();
            joined(reporter);
        }
        return Objects.requireNonNull(end.get());
    }

    /// Copies until everything up to `target` is durable here, or something stops it.
    public TailEnd drain(long target) {
        while (end.get() == null && next <= target) {
            if (step(PATIENCE) == 0) {
                settle();
            }
            report();
        }
        if (end.get() == null) {
            flush(target);
        }
        return Objects.requireNonNull(end.get());
    }

    private void append(StoredMessage message, boolean echoed)
            throws StoreException, CopyException {
        long sequence = message.sequence();
        if (sequence < next) {
            return; // vanished from the leader while it was on its way, and already filled
        }
        gap |= sequence > next;
        if (gap && sequence >= wholeFrom) {
            lookBehindGap();
        }
        if (sequence > next) {
            appender.skip(next, sequence - 1);
        }
        appender.append(Content.bare(message), echoed);
        next = sequence + 1;
    }

    /// What is missing was dropped for messages up to the leader's end. Looked for only where the
    /// copy would count as whole otherwise: a backlog has many gaps.
    private void lookBehindGap() throws CopyException {
        wholeFrom = stores.leaderFacts().lastSeq();
        gap = false;
        progress.at(reported, wholeFrom);
    }

    private void fillEnd(long last) throws CopyException {
        Optional<StoredMessage> following = stores.onLeader(leader -> leader.next(next));
        if (following.isEmpty() || following.get().sequence() > last) {
            lookBehindGap();
            long from = next;
            stores.onOwn(_ -> {
                appender.skip(from, last);
                return last;
            });
            next = last + 1;
        }
    }

    private void flush(long target) {
        try {
            reportUpTo(appender.flush());
            end.compareAndSet(null, new TailEnd.Reached(target));
        } catch (StoreException failure) {
            stop(ownFailure(failure));
        }
    }

    private void reportAlways() {
        try {
            while (end.get() == null && !Thread.currentThread().isInterrupted()) {
                if (appender.awaitDurable(reported, PATIENCE) > reported) {
                    LockSupport.parkNanos(PACE.toNanos());
                    reportUpTo(appender.durable());
                }
            }
        } catch (StoreException failure) {
            if (!Thread.currentThread().isInterrupted()) {
                stop(ownFailure(failure));
            }
        }
    }

    private void reportUpTo(long durable) {
        if (durable > reported) {
            reported = durable;
            progress.at(durable, wholeFrom);
        }
    }

    private void stop(TailEnd why) {
        TailEnd seen = Thread.currentThread().isInterrupted() ? new TailEnd.Cancelled() : why;
        end.compareAndSet(null, seen);
    }

    private static TailEnd ownFailure(StoreException failure) {
        return failure.kind() == StoreException.Kind.WRONG_SEQUENCE
                ? new TailEnd.WrongSequence(failure.getMessage())
                : new TailEnd.OwnStoreFailed(failure.kind(), failure.getMessage());
    }

    private static TailEnd ended(CopyException failure) {
        return failure.side() == CopyException.Side.LEADER
                ? new TailEnd.LeaderGone(failure.kind(), failure.getMessage())
                : new TailEnd.OwnStoreFailed(failure.kind(), failure.getMessage());
    }

    private void joined(Thread reporter) {
        boolean interrupted = false;
        for (; ; ) {
            try {
                reporter.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        feed.close();
        appender.close();
    }
}
