package dev.twonode.protocol;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened in the world. Every event carries `at`, milliseconds of a monotonic
/// clock; `sentAt` is when the request of an answer was sent.
public sealed interface Event {

    /// When it happened.
    long at();

    /// Time passed. Comes several times per heartbeat.
    ///
    /// @param slept how long the agent did not run before this event although it should have, by
    ///   the larger of the monotonic and the wall clock, in milliseconds
    record Ticked(long at, long slept) implements Event {}

    /// The own server's connection stands.
    record OwnConnected(long at) implements Event {}

    /// The own server's connection ended and one fresh dial failed too (rule G2).
    record OwnLost(long at, String why) implements Event {}

    /// The own stream was read, fenced or opened.
    ///
    /// @param op the number that the action carried
    record StoreAnswered(long at, long op, long sentAt, Reading reading) implements Event {}

    /// A call on the own stream failed or its outcome is unknown; both are answered by reading
    /// again.
    ///
    /// @param missing whether the server says that there is no such stream
    record StoreFailed(long at, long op, boolean missing, String why) implements Event {}

    /// A gateway holds a message of the own server that names this sequence: the stream goes at
    /// least so far.
    ///
    /// @param term number of the term in which the gateway used the server
    record SequenceSeen(long at, long term, long lastSeq) implements Event {}

    /// The leader's server, this node's or the peer's, stores none of the writes of this node's
    /// clients. Comes at every tick while that is so.
    record WritesRefused(long at, Refusal refusal) implements Event {}

    /// No gateway of this node sends requests on any more.
    record GatewaysHeld(long at, long op) implements Event {}

    /// The own stream is open or fenced in a way that this node did not ask for (rule G4).
    record StreamChanged(long at) implements Event {}

    /// The journal could not be written. What was decided on top of it was not carried out.
    ///
    /// @param onDisk what the disk may hold: the last that was written, and all that failed since
    record JournalFailed(long at, String why, List<Journal> onDisk) implements Event {}

    /// A report of the peer arrived, by heartbeat or as an answer.
    ///
    /// @param askedAt when it was asked for, [#UNASKED] for a heartbeat
    record PeerHeard(long at, Report report, long askedAt) implements Event {

        /// What was sent without a question may have waited anywhere, for any time.
        public static final long UNASKED = Own.NEVER;

        /// A heartbeat.
        public PeerHeard(long at, Report report) {
            this(at, report, UNASKED);
        }
    }

    /// A `state` request to the peer, through its own server, got no answer (rule G1).
    ///
    /// @param serverAnswered whether the peer's server itself answered a round trip
    record PeerUnanswered(long at, long sentAt, boolean serverAnswered) implements Event {}

    /// The connection to the peer's server changed.
    record PeerLink(long at, Peer.Link link) implements Event {}

    /// The peer's stream was fenced from here and its barrier taken (rule G3).
    record PeerFenced(long at, long op, long barrier) implements Event {}

    /// The peer's stream could not be fenced from here.
    record PeerNotFenced(long at, long op, String why) implements Event {}

    /// The own stream now holds everything up to the barrier of the peer's fenced stream.
    record Drained(long at, long op, long lastSeq) implements Event {}

    /// Draining ended early.
    record NotDrained(long at, long op, String why) implements Event {}

    /// The comparison with the leader's stream is done (rule F1).
    record Compared(long at, long copy, Comparison result) implements Event {}

    /// Orphans are exported and a local snapshot is on disk: the stream may be replaced.
    record ResyncPrepared(long at, long copy, long exported) implements Event {}

    /// The stream was replaced by the leader's and verified.
    record StreamReplaced(long at, long copy, Instant created, long firstSeq, long lastSeq)
            implements Event {}

    /// The follower's durable sequence moved, or is about to pass a gap.
    ///
    /// @param wholeFrom what this node must reach to lack nothing that its leader dropped for newer
    ///   messages before it was copied (rule F3), 0 for nothing
    record Copied(long at, long copy, long lastSeq, long wholeFrom) implements Event {}

    /// Copying stopped.
    record CopyFailed(long at, long copy, CopyProblem problem, String why) implements Event {}

    /// The follower of this leader reported its progress.
    ///
    /// @param sender the follower
    /// @param term the term in which it was copied
    record ProgressHeard(long at, Report.Sender sender, Term term, long lastSeq) implements Event {}

    /// The follower's server acknowledged a copied message, which this node heard there itself.
    ///
    /// @param process the follower's agent process
    /// @param copy number of the copy that it was stored by
    record CopyAcknowledged(long at, String process, long copy, long lastSeq) implements Event {}

    /// The peer, this node's leader, grants it a term (rule H1).
    record TakeoverHeard(long at, long request, Report.Sender sender, Term term, Consent consent)
            implements Event {}

    /// The peer takes a grant back (rule K3).
    record WithdrawHeard(long at, long request, Report.Sender sender, long number)
            implements Event {}

    /// The peer's answer to a grant or to its withdrawal.
    ///
    /// @param done for a grant: it leads; for a withdrawal: the number is void
    record GrantAnswered(long at, long op, boolean done, String why) implements Event {}

    /// No answer to a grant or a withdrawal: its outcome is unknown.
    record GrantUnanswered(long at, long op) implements Event {}

    /// An operator asks the leader to hand over.
    record StepDownAsked(long at, long request) implements Event {}

    /// An operator asks this node to lead.
    ///
    /// @param confirm the node's name, typed to show that the loss is understood; null for none
    record PromoteAsked(long at, long request, boolean force, @Nullable String confirm)
            implements Event {}

    /// An operator says which of two streams without a common term is kept (rule T5).
    record RejoinAsked(long at, long request, String keep) implements Event {}

    /// An operator suspends or resumes automatic failover.
    record PauseAsked(long at, long request, boolean pause) implements Event {}

    /// Those who have to know of a jump over lost revisions were told (rule J3), or an operator
    /// says what became of it.
    ///
    /// @param request the operator's request, 0 for none
    /// @param term number of the term that began with it
    /// @param restarted whether kine and the API server were restarted
    record LossTold(long at, long request, long term, boolean restarted) implements Event {

        /// What those say who were told.
        public LossTold(long at, long term, boolean restarted) {
            this(at, 0, term, restarted);
        }
    }

    /// The agent shall stop.
    record StopAsked(long at) implements Event {}

    /// How a follower's stream relates to its leader's.
    enum Comparison {
        /// Everything here is there too: copy on from the next sequence.
        PREFIX,
        /// A snapshot is needed or cheaper, and nothing here is missing there.
        RESYNC,
        /// Messages here are not there: they are exported, then a snapshot is taken.
        ORPHANS,
        /// No common term: an operator decides (rule T5).
        UNRELATED
    }

    /// Why copying stopped.
    enum CopyProblem {
        /// The leader's server does not answer.
        LEADER,
        /// The own server does not answer.
        OWN,
        /// Content differs from what the comparison said: compare again.
        CONTENT,
        /// Orphans or the local snapshot could not be written: nothing was deleted.
        EXPORT
    }
}
