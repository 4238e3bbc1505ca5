package dev.twonode.replication;

/// Takes what a silent leader's server still holds (rule G3): fences that stream from here, so that
/// nothing can be added, and copies up to its barrier. Nobody opens that stream again but its own
/// agent, after it has met ours.
///
/// Only for a follower whose stream has been compared, and that has found the leader gone (G2).
public final class Drain {

    private final Stores stores;
    private final Session session;

    /// @param session its mark says who fenced the leader's stream
    public Drain(Stores stores, Session session) {
        this.stores = stores;
        this.session = session;
    }

    /// Fences the leader's stream with this node's mark and passes the barrier.
    ///
    /// @return the last sequence that the leader's stream will ever have in its term
    public long fence() throws CopyException {
        return stores.onLeader(leader -> leader.fence(session.mark(), session.token())).lastSeq();
    }

    /// Copies what is missing up to the barrier.
    ///
    /// @return `Reached(barrier)` when everything that the leader ever acknowledged is here
    public TailEnd copyTo(long barrier, Tail.Progress progress) throws CopyException {
        try (Tail tail = Tail.resume(stores, session, progress)) {
            return tail.drain(barrier);
        }
    }
}
