package dev.twonode.replication;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// Compares the follower's stream with the leader's at the begin of every replication session.
/// Nothing is appended before the follower's stream has been shown to be a prefix (rule F1).
///
/// Blocking; ended by an interrupt. Changes nothing but the fence of the own stream.
public final class Comparison {

    /// So many messages at the follower's end have to be equal.
    private static final int SAMPLE = 8;

    /// So many sequences are looked at to find them; trims leave holes.
    private static final int SAMPLE_REACH = 64;

    /// Up to so many deleted numbers are compared one by one.
    private static final long DELETED_COMPARED = 100_000;

    private static final Verdict GONE = new Verdict.Differs("the stream does not exist");

    private final Stores stores;
    private final Session session;
    private final LongConsumer watcher;

    /// @param watcher told the sequence up to which everything has been compared
    public Comparison(Stores stores, Session session, LongConsumer watcher) {
        this.stores = stores;
        this.session = session;
        this.watcher = watcher;
    }

    /// Moves the own fence to this session and compares.
    ///
    /// @param own the terms that own the messages here
    /// @param leader the terms that own the messages there
    /// @param trust what these are worth
    public Verdict compare(TermHistory own, TermHistory leader, Action.Trust trust)
            throws CopyException {
        return switch (trust) {
            case HISTORIES -> compare(own, leader, false);
            case LEADER_LOST -> compare(own, leader, true);
            case NONE -> compareContent(own);
        };
    }

    private Verdict compare(TermHistory own, TermHistory leader, boolean lossy)
            throws CopyException {
        Optional<StreamFacts> begun = begin();
        if (begun.isEmpty()) {
            return GONE;
        }
        StreamFacts mine = begun.get();
        StreamFacts theirs = stores.leaderFacts();
        if (mine.isEmpty()) {
            return compareEmpty(mine, theirs);
        }
        if (own.terms().isEmpty()) {
            return compareUntold(own, mine, theirs);
        }
        Optional<Long> fork = own.forkWith(mine.lastSeq(), leader, theirs.lastSeq());
        if (fork.isEmpty()) {
            return theirs.isEmpty()
                    ? different(own, 0, mine, theirs)
                    : new Verdict.Unrelated("the two streams have no term in common");
        }
        OptionalLong unequal = unequalNear(Math.min(fork.get(), theirs.lastSeq()));
        if (unequal.isPresent()) {
            return different(own, 0, mine, theirs);
        }
        if (fork.get() < mine.lastSeq()) {
            return different(own, lossy ? 0 : fork.get(), mine, theirs);
        }
        return lossy ? survivors(own, mine, theirs) : prefix(own, mine, theirs);
    }

    /// The verdict on what both once had, behind a leader that has lost some of it: what only this
    /// side has is an orphan, unless newer messages on the leader took its place.
    private Verdict survivors(TermHistory own, StreamFacts mine, StreamFacts theirs)
            throws CopyException {
        Differences found = Differences.above(0, mine.lastSeq(), stores, watcher);
        boolean elsewhere = found.count() == 0 || found.pushedOut(stores, theirs.perSubject());
        return elsewhere ? prefix(own, mine, theirs) : orphans(own, found);
    }

    /// Compares every message, with no regard to histories: the own stream is not the one that they
    /// describe.
    private Verdict compareContent(TermHistory own) throws CopyException {
        Optional<StreamFacts> begun = begin();
        if (begun.isEmpty()) {
            return GONE;
        }
        StreamFacts mine = begun.get();
        StreamFacts theirs = stores.leaderFacts();
        return mine.isEmpty() ? compareEmpty(mine, theirs) : different(own, 0, mine, theirs);
    }

    /// Compares first sequence, counts, deleted numbers and kept history of two streams that have
    /// come level.
    public Level level() throws CopyException {
        return level(DELETED_COMPARED);
    }

    /// Compares first sequence and counts only, which costs little: what somebody purged or deleted
    /// by hand on either side shows.
    public Level counts() throws CopyException {
        return level(0);
    }

    /// @param most up to so many deleted numbers are compared one by one
    private Level level(long most) throws CopyException {
        StreamFacts before = stores.leaderFacts();
        StreamFacts mine = stores.ownFacts();
        StreamFacts after = stores.leaderFacts();
        if (mine.lastSeq() != before.lastSeq() || !before.holdsAsMuchAs(after)) {
            return new Level.Moving();
        }
        return level(mine, before, most);
    }

    /// The same for facts that were read one after the other while the own stream stood still.
    private Level level(StreamFacts mine, StreamFacts theirs, long most) throws CopyException {
        Optional<String> difference = difference(mine, theirs);
        if (difference.isPresent()) {
            return new Level.Different(difference.get());
        }
        if (theirs.deleted() > 0 && theirs.deleted() <= most) {
            if (!stores.onOwn(Store::deleted).equals(stores.onLeader(Store::deleted))) {
                return stores.leaderFacts().holdsAsMuchAs(theirs)
                        ? new Level.Different("other sequences are deleted")
                        : new Level.Moving();
            }
        }
        return new Level.Same(mine.lastSeq());
    }

    /// Fences the own stream. Empty when there is none, as a resync leaves it that is cut off just
    /// then.
    private Optional<StreamFacts> begin() throws CopyException {
        return stores.onOwn(own -> {
            try {
                return Optional.of(own.fence(session.mark(), session.token()));
            } catch (StoreException failure) {
                if (failure.kind() == StoreException.Kind.NO_STREAM) {
                    return Optional.empty();
                }
                throw failure;
            }
        });
    }

    /// The verdict on a stream of which no history tells: what both sides have must be equal, and
    /// what only this side has must be what the leader had to drop for newer messages.
    private Verdict compareUntold(TermHistory own, StreamFacts mine, StreamFacts theirs)
            throws CopyException {
        Differences found = Differences.above(0, mine.lastSeq(), stores, watcher);
        boolean same =
                found.count() < mine.messages() && found.pushedOut(stores, theirs.perSubject());
        if (!same) {
            return orphans(own, found);
        }
        return found.missing() > 0 ? missing(found) : prefix(own, mine, theirs);
    }

    private Verdict compareEmpty(StreamFacts mine, StreamFacts theirs) {
        if (mine.lastSeq() > theirs.lastSeq()) {
            return new Verdict.Differs(
                    "empty, but its next sequence is beyond the leader's " + theirs.lastSeq());
        }
        if (mine.lastSeq() > 0 && !theirs.isEmpty() && theirs.firstSeq() <= mine.lastSeq()) {
            return new Verdict.Differs("empty up to " + mine.lastSeq() + ", the leader is not");
        }
        return way(mine, theirs);
    }

    /// A follower with other messages than the leader below the same end keeps none of them; what
    /// only it holds is an orphan.
    private Verdict prefix(TermHistory own, StreamFacts mine, StreamFacts theirs)
            throws CopyException {
        if (!theirs.isEmpty() && theirs.firstSeq() > mine.lastSeq() + 1) {
            return gone(own, mine, theirs);
        }
        boolean even = mine.lastSeq() == theirs.lastSeq();
        if (even && level(mine, theirs, DELETED_COMPARED) instanceof Level.Different(String why)) {
            Differences found = Differences.above(0, mine.lastSeq(), stores, watcher);
            return found.count() > 0 ? orphans(own, found) : new Verdict.Differs(why);
        }
        return way(mine, theirs);
    }

    /// The verdict where the leader holds nothing up to this stream's end: no message in common
    /// shows that it ever had these. What newer ones did not displace is an orphan.
    private Verdict gone(TermHistory own, StreamFacts mine, StreamFacts theirs)
            throws CopyException {
        Differences found = Differences.above(0, mine.lastSeq(), stores, watcher);
        boolean displaced = found.count() == 0 || found.pushedOut(stores, theirs.perSubject());
        return displaced
                ? new Verdict.Differs("everything here is gone from the leader")
                : orphans(own, found);
    }

    private static Verdict orphans(TermHistory own, Differences found) {
        long term = own.ownerOf(found.first()).map(Term::number).orElse(0L);
        return new Verdict.Orphans(
                term, found.first() - 1, found.first(), found.last(), found.count());
    }

    private Verdict way(StreamFacts mine, StreamFacts theirs) {
        if (mine.perSubject() != theirs.perSubject()) {
            return new Verdict.Differs(otherHistory(mine, theirs));
        }
        long from = mine.lastSeq() + 1;
        long missing = CopyCost.missing(mine, theirs);
        return CopyCost.snapshotIsCheaper(mine, theirs)
                ? new Verdict.SnapshotCheaper(from, missing, theirs.bytes())
                : new Verdict.Prefix(from, missing);
    }

    /// The verdict when something above `fork` may differ: every message decides.
    private Verdict different(TermHistory own, long fork, StreamFacts mine, StreamFacts theirs)
            throws CopyException {
        Differences found = Differences.above(fork, mine.lastSeq(), stores, watcher);
        if (found.count() > 0) {
            return orphans(own, found);
        }
        if (found.missing() > 0) {
            return missing(found);
        }
        if (mine.lastSeq() > theirs.lastSeq()) {
            return new Verdict.Differs("its next sequence is beyond the leader's");
        }
        return prefix(own, mine, theirs);
    }

    /// Looks at the newest few messages at or below a sequence that both sides still have.
    ///
    /// @return the sequence of one that differs
    private OptionalLong unequalNear(long end) throws CopyException {
        int compared = 0;
        for (long at = end; at > Math.max(0, end - SAMPLE_REACH); at -= SAMPLE) {
            long from = Math.max(1, at - SAMPLE + 1);
            long to = at;
            Map<Long, StoredMessage> theirs = new HashMap<>();
            List<StoredMessage> mine = stores.onOwn(own -> own.read(from, to));
            stores.onLeader(leader -> leader.read(from, to))
                    .forEach(message -> theirs.put(message.sequence(), message));
            for (StoredMessage message : mine.reversed()) {
                StoredMessage other = theirs.get(message.sequence());
                if (other != null && !Content.same(message, other)) {
                    return OptionalLong.of(message.sequence());
                }
                compared += other == null ? 0 : 1;
            }
            if (compared >= SAMPLE) {
                break;
            }
        }
        return OptionalLong.empty();
    }

    private static Verdict missing(Differences found) {
        return new Verdict.Differs(
                Amount.messages(found.missing())
                        + " of the leader "
                        + (found.missing() == 1 ? "is" : "are")
                        + " missing");
    }

    private static String otherHistory(StreamFacts mine, StreamFacts theirs) {
        return "keeps %s of a subject, the leader %d"
                .formatted(Amount.messages(mine.perSubject()), theirs.perSubject());
    }

    private static Optional<String> difference(StreamFacts mine, StreamFacts theirs) {
        if (mine.perSubject() != theirs.perSubject()) {
            return Optional.of(otherHistory(mine, theirs));
        }
        if (!mine.isEmpty() && !theirs.isEmpty() && mine.firstSeq() != theirs.firstSeq()) {
            return Optional.of(
                    "starts at %d, the leader at %d".formatted(mine.firstSeq(), theirs.firstSeq()));
        }
        if (mine.messages() != theirs.messages()) {
            return Optional.of(
                    "holds %s, the leader %d"
                            .formatted(Amount.messages(mine.messages()), theirs.messages()));
        }
        return Optional.empty();
    }
}
