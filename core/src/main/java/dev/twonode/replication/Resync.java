package dev.twonode.replication;

import dev.twonode.replication.CopyException.Side;
import dev.twonode.replication.CopyProgress.Phase;
import dev.twonode.replication.CopyProgress.Unit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Makes the own stream anew from the leader's, in an order in which nothing is ever lost:
///
/// [#prepare] exports orphans and saves the own stream, then the node journals `resync`, then
/// [#replace] deletes, restores and verifies, then the node journals the new stream and clears
/// `resync`, then [#forget] removes the saved stream. Cut off anywhere, the two streams are
/// compared again, because the leader may have less than it had, and all of it is done again.
///
/// Blocking; one thread at a time; ended by an interrupt.
public final class Resync {

    private final Stores stores;
    private final Session session;
    private final Folders folders;
    private final CopyProgress.Listener listener;
    private final LongSupplier nanos;

    /// The two places in the state folder that a resync writes to.
    ///
    /// @param exports where orphans go
    /// @param snapshots where the own stream is saved
    public record Folders(OrphanExports exports, LocalSnapshots snapshots) {}

    /// What is safe on the disk now.
    ///
    /// @param exports names of the exports of orphans
    /// @param snapshots names of the saved streams, none when the stream was empty
    public record Prepared(List<String> exports, List<String> snapshots) {}

    /// @param nanos a clock that never goes back
    public Resync(
            Stores stores,
            Session session,
            Folders folders,
            CopyProgress.Listener listener,
            LongSupplier nanos) {
        this.stores = stores;
        this.session = session;
        this.folders = folders;
        this.listener = listener;
        this.nanos = nanos;
    }

    /// Exports the orphans of a verdict and saves the own stream. Deletes nothing.
    public Prepared prepare(Verdict.Orphans orphans, OrphanExport.Origin origin)
            throws CopyException {
        Pace pace = new Pace(Phase.EXPORTING, Unit.MESSAGES, orphans.count(), listener, nanos);
        OrphanExport export = folders.exports().export(orphans, origin, stores, pace);
        return new Prepared(List.of(export.name()), saveCompared());
    }

    /// Saves the own stream, which has no orphans. Deletes nothing.
    public Prepared prepare() throws CopyException {
        return new Prepared(List.of(), saveCompared());
    }

    /// Deletes the own stream, fills it anew from the leader's and verifies it. Only after `resync`
    /// was journalled; until this returns the own stream's content is unknown.
    ///
    /// @return the new stream, fenced for this session, after its barrier
    public StreamFacts replace() throws CopyException {
        if (stores.onLeader(Store::inspect).isEmpty()) {
            throw new CopyException(
                    Side.LEADER, StoreException.Kind.NO_STREAM, "the stream does not exist");
        }
        deleteOwn();
        ServerVersion source = ServerVersion.parse(stores.onLeader(Store::serverVersion));
        ServerVersion target = ServerVersion.parse(stores.onOwn(Store::serverVersion));
        return target.restoresFrom(source) ? restore() : replay();
    }

    /// Removes what [#prepare] saved. Only after the new stream was journalled.
    ///
    /// @return names of saved streams that stay, because they may hold what the new one does not
    public List<String> forget() throws CopyException {
        try {
            return folders.snapshots().removeCompared();
        } catch (IOException failure) {
            throw new CopyException("saved streams could not be removed", failure);
        }
    }

    private List<String> saveCompared() throws CopyException {
        StreamFacts own = stores.ownFacts();
        if (own.isEmpty()) {
            return List.of();
        }
        save(own, folders.snapshots().comparedWith());
        isSavedAndCompared(own);
        try {
            return folders.snapshots().names();
        } catch (IOException failure) {
            throw new CopyException("saved streams cannot be read", failure);
        }
    }

    private void save(StreamFacts own, String comparedWith) throws CopyException {
        Pace pace = new Pace(Phase.EXPORTING, Unit.BYTES, own.bytes(), listener, nanos);
        try {
            if (!folders.snapshots().covers(own)) {
                folders.snapshots().take(stores.own(), comparedWith, pace);
            }
            if (!folders.snapshots().covers(own)) {
                throw new IOException("the saved stream is not what the server says it holds");
            }
        } catch (IOException failure) {
            throw new CopyException("the own stream could not be saved", failure);
        } catch (StoreException failure) {
            throw new CopyException(Side.OWN, failure);
        }
    }

    /// Deletes the own stream once everything in it is proven to be elsewhere: saved here, or on
    /// the leader, as is the remainder of a resync that was cut off. What is saved here only
    /// because it is neither was not compared, and stays.
    private void deleteOwn() throws CopyException {
        Optional<StreamFacts> own = stores.onOwn(Store::inspect);
        if (own.isEmpty()) {
            return;
        }
        StreamFacts fenced = stores.onOwn(store -> store.fence(session.mark(), session.token()));
        if (!fenced.isEmpty() && !isSavedAndCompared(fenced) && !isOnLeader(fenced)) {
            save(fenced, "");
        }
        delete();
    }

    private boolean isSavedAndCompared(StreamFacts own) throws CopyException {
        try {
            return folders.snapshots().coversCompared(own);
        } catch (IOException failure) {
            throw new CopyException("saved streams cannot be read", failure);
        }
    }

    private boolean isOnLeader(StreamFacts own) throws CopyException {
        Pace pace = new Pace(Phase.COMPARING, Unit.MESSAGES, own.lastSeq(), listener, nanos);
        return Differences.above(0, own.lastSeq(), stores, pace::at).count() == 0;
    }

    private void delete() throws CopyException {
        stores.onOwn(own -> {
            own.delete();
            return own;
        });
    }

    private StreamFacts restore() throws CopyException {
        try (Store.Snapshot snapshot = stores.onLeader(Store::snapshot)) {
            return restore(snapshot);
        }
    }

    private StreamFacts restore(Store.Snapshot snapshot) throws CopyException {
        StreamFacts expected = snapshot.facts();
        Pace pace = new Pace(Phase.RESYNCING, Unit.BYTES, expected.bytes(), listener, nanos);
        WatchedSnapshot watched = new WatchedSnapshot(snapshot, pace);
        StreamFacts restored;
        try {
            restored = stores.own().restore(watched, session.mark(), session.token());
        } catch (StoreException failure) {
            throw new CopyException(watched.hasThrown(failure) ? Side.LEADER : Side.OWN, failure);
        }
        if (!isSame(restored, expected) && !lacksOnlyPushedOut(restored, expected)) {
            throw incomplete(restored, expected);
        }
        StreamFacts fenced = stores.onOwn(own -> own.fence(session.mark(), session.token()));
        if (!isSame(fenced, restored)) {
            throw incomplete(fenced, restored);
        }
        return fenced;
    }

    private static boolean isSame(StreamFacts one, StreamFacts other) {
        return one.holdsAsMuchAs(other) && one.deleted() == other.deleted();
    }

    /// Whether all is here that the leader still has, and what only this node has was pushed out.
    ///
    /// A server says what a snapshot holds when it begins to read it. It is written to meanwhile:
    /// what newer messages have pushed out by the time it is read, it leaves out.
    private boolean lacksOnlyPushedOut(StreamFacts restored, StreamFacts expected)
            throws CopyException {
        if (restored.lastSeq() != expected.lastSeq()) {
            return false;
        }
        Pace pace = new Pace(Phase.COMPARING, Unit.MESSAGES, restored.lastSeq(), listener, nanos);
        Differences found = Differences.above(0, restored.lastSeq(), stores, pace::at);
        return found.missing() == 0
                && (found.count() == 0 || found.pushedOut(stores, expected.perSubject()));
    }

    private static CopyException incomplete(StreamFacts restored, StreamFacts expected) {
        return new CopyException(
                Side.OWN,
                StoreException.Kind.UNKNOWN,
                "restored %s up to %d, the snapshot had %d up to %d"
                        .formatted(
                                Amount.messages(restored.messages()),
                                restored.lastSeq(),
                                expected.messages(),
                                expected.lastSeq()));
    }

    /// Copies message by message, for servers that cannot read the leader's snapshots.
    private StreamFacts replay() throws CopyException {
        StreamFacts leader = stores.leaderFacts();
        stores.onOwn(own -> own.createFenced(session.mark(), session.token(), leader.perSubject()));
        long first = Math.max(1, leader.firstSeq());
        long count = leader.lastSeq() - first + 1;
        Pace pace = new Pace(Phase.RESYNCING, Unit.MESSAGES, count, listener, nanos);
        Drain drain = new Drain(stores, session);
        TailEnd end = drain.copyTo(leader.lastSeq(), (durable, _) -> pace.at(durable - first + 1));
        switch (end) {
            case TailEnd.Reached _ -> {}
            case TailEnd.LeaderGone(StoreException.Kind kind, String why) ->
                    throw new CopyException(Side.LEADER, kind, why);
            case TailEnd.OwnStoreFailed(StoreException.Kind kind, String why) ->
                    throw new CopyException(Side.OWN, kind, why);
            case TailEnd.Diverged(String why) ->
                    throw new CopyException(Side.LEADER, StoreException.Kind.REFUSED, why);
            case TailEnd.WrongSequence(String why) ->
                    throw new CopyException(Side.OWN, StoreException.Kind.WRONG_SEQUENCE, why);
            case TailEnd.Cancelled _ ->
                    throw new CopyException(Side.OWN, StoreException.Kind.UNKNOWN, "interrupted");
        }
        return stores.onOwn(own -> own.fence(session.mark(), session.token()));
    }
}
