package dev.twonode.protocol;

/// Something to be done in the world. Actions of one transition are carried out in order; none of
/// those behind a [Persist] is, unless the journal was written.
public sealed interface Action {

    /// Force the journal to disk before anything else is done.
    record Persist(Journal journal) implements Action {}

    /// Read the own stream. Answer: [Event.StoreAnswered] or [Event.StoreFailed].
    record ReadOwn(long op) implements Action {}

    /// Let no gateway send another request on. Answer: [Event.GatewaysHeld].
    record HoldGateways(long op) implements Action {}

    /// Fence the own stream, creating it when missing, and take the barrier. With care for a mark
    /// of the other node the answer may be a stream that bears that mark still.
    record FenceOwn(long op, Mark mark, Care care) implements Action {}

    /// Open the own stream, which is fenced with this mark.
    record OpenOwn(long op, Mark mark) implements Action {}

    /// Take the own stream, which is fenced with this mark, over lost revisions, and write kine's
    /// compaction key at the end (rule J1). What an interrupted jump did already is kept. Answer:
    /// [Event.StoreAnswered] or [Event.StoreFailed].
    ///
    /// @param to the sequence of the key
    record JumpOwn(long op, Mark mark, long to) implements Action {}

    /// Tell operators, and whoever restarts kine, of a jump over lost revisions (rule J3). Answer:
    /// [Event.LossTold].
    record AnnounceLoss(Jump jump) implements Action {}

    /// Send the report to the peer's server, and publish the state on the own one.
    record Tell(Report report) implements Action {}

    /// Ask the peer's agent for its state through its own server, and its server for a round trip.
    /// Answer: [Event.PeerHeard] or [Event.PeerUnanswered].
    record AskPeer(long counter) implements Action {}

    /// Fence the peer's stream and take its barrier (rule G3).
    record FencePeer(long op, Mark mark) implements Action {}

    /// Copy the peer's fenced stream up to a barrier, behind a new fence of the own one.
    record Drain(long op, long barrier, Mark mark) implements Action {}

    /// Fence the own stream for a new copy, and compare it with the leader's.
    ///
    /// @param copy number of this replication session
    /// @param leader the leader's report that the session rests on
    /// @param own the own history
    /// @param committed the highest sequence that is known to have been here, 0 when none is
    /// @param trust what the histories are worth
    /// @param mark what the own stream is fenced with
    record Compare(
            long copy, Report leader, TermHistory own, long committed, Trust trust, Mark mark)
            implements Action {}

    /// How far a comparison can rest on the histories (rules T3, T5).
    enum Trust {
        /// What they share is on both sides, or made room for what is on the leader's.
        HISTORIES,
        /// What they share was on both sides. The leader has lost some of it since.
        LEADER_LOST,
        /// Nothing is known of the own content: every message is compared.
        NONE
    }

    /// Export orphans and write a local snapshot, so that the stream may be replaced (rule F1).
    record PrepareResync(long copy) implements Action {}

    /// Delete the own stream and restore the leader's snapshot as a fenced one.
    record ReplaceStream(long copy, Mark mark) implements Action {}

    /// Remove the local snapshot that a finished resync no longer needs.
    record DropLocalSnapshot() implements Action {}

    /// Copy message by message from the next sequence on.
    record Tail(long copy) implements Action {}

    /// Copy message by message behind the barrier at which this node gave the lead away, if the own
    /// stream is as it was fenced then: both were equal up to there (rule F1).
    ///
    /// @param copy number of this replication session
    /// @param barrier the own last sequence, behind which the leader's term begins
    /// @param leaderServer the server process that the leader leads on
    /// @param mark what the own stream has been fenced with
    record CopyOn(long copy, long barrier, String leaderServer, Mark mark) implements Action {}

    /// Stop copying; late results of that session mean nothing.
    record StopCopy(long copy) implements Action {}

    /// Tell the leader the follower's durable sequence.
    record TellProgress(long counter, Term term, long lastSeq) implements Action {}

    /// Grant the peer a term (rule H1). Answer: [Event.GrantAnswered] or [Event.GrantUnanswered].
    record Grant(long op, Term term, Consent consent) implements Action {}

    /// Take a grant back (rule K3).
    record Withdraw(long op, long number) implements Action {}

    /// Answer a request.
    record Reply(long request, Answer answer) implements Action {}

    /// The node has nothing left to do.
    record Halt() implements Action {}
}
