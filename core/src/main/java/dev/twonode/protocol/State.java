package dev.twonode.protocol;

import org.jspecify.annotations.Nullable;

/// What a node is. Each state is a type of its own with what only it needs; what every state
/// remembers is in [Memory].
public sealed interface State {

    /// What the node remembers.
    Memory memory();

    /// Why the node is in this state.
    Reason reason();

    /// The state's name.
    Role role();

    /// The same state with another memory.
    State with(Memory memory);

    /// Reads and fences the own stream (rule S1).
    ///
    /// @param since when it began
    /// @param op the reading under way, 0 for none
    record Starting(Memory memory, Reason reason, long since, long op) implements State {
        @Override
        public Role role() {
            return Role.STARTING;
        }

        @Override
        public Starting with(Memory value) {
            return new Starting(value, reason, since, op);
        }
    }

    /// Fenced, looks for the peer and finds out with it who leads (rules S2, S3, T4).
    ///
    /// @param since when it started to look
    /// @param fence the fence under way, [#FENCED] when done, [#TO_FENCE] when still to be sent
    record Joining(Memory memory, Reason reason, long since, long fence) implements State {
        static final long FENCED = 0;
        static final long TO_FENCE = -1;

        @Override
        public Role role() {
            return Role.JOINING;
        }

        @Override
        public Joining with(Memory value) {
            return new Joining(value, reason, since, fence);
        }

        Joining fencing(long value) {
            return new Joining(memory, reason, since, value);
        }
    }

    /// Copies the leader's stream (rules F1 to F3).
    ///
    /// @param term the leader's term
    /// @param session the session that this follower and its leader share
    /// @param sync what this follower may claim
    record Following(Memory memory, Reason reason, Term term, Session session, Sync sync)
            implements State {
        @Override
        public Role role() {
            return Role.FOLLOWING;
        }

        @Override
        public Following with(Memory value) {
            return new Following(value, reason, term, session, sync);
        }

        Following with(Session value) {
            return new Following(memory, reason, term, value, sync);
        }

        Following with(Sync value) {
            return new Following(memory, reason, term, session, value);
        }
    }

    /// Is becoming the leader of a new term (rule G5).
    ///
    /// @param cause how it came to this right
    /// @param phase how far it is
    /// @param number the new term's number, 0 before it is chosen
    /// @param request the request to be answered, 0 for none
    record Promoting(
            Memory memory, Reason reason, Cause cause, Phase phase, long number, long request)
            implements State {
        @Override
        public Role role() {
            return Role.PROMOTING;
        }

        @Override
        public Promoting with(Memory value) {
            return new Promoting(value, reason, cause, phase, number, request);
        }

        Promoting with(Phase value) {
            return new Promoting(memory, reason, cause, value, number, request);
        }

        /// Whether the term is journalled: there is no way back (rule G5).
        boolean isCertain() {
            return phase instanceof Phase.Jumping || phase instanceof Phase.Opening;
        }

        Promoting numbered(long value) {
            return new Promoting(memory, reason, cause, phase, value, request);
        }

        /// The own stream bears this fence, whatever was read of it last.
        Promoting behind(Mark fence) {
            return with(memory.with(memory.own().fenced(fence)));
        }

        Promoting asked(long value) {
            return new Promoting(memory, reason, cause, phase, number, value);
        }
    }

    /// Leads: the own stream is open.
    ///
    /// @param term the term
    /// @param mode with the peer or without it
    /// @param follower what is known of the follower's copy
    /// @param change a change of term under way while the stream stays open (rule A1)
    record Leading(
            Memory memory, Reason reason, Term term, Mode mode, Follower follower, Change change)
            implements State {
        @Override
        public Role role() {
            return Role.LEADING;
        }

        @Override
        public Leading with(Memory value) {
            return new Leading(value, reason, term, mode, follower, change);
        }

        Leading with(Follower value) {
            return new Leading(memory, reason, term, mode, value, change);
        }

        Leading with(Change value) {
            return new Leading(memory, reason, term, mode, follower, value);
        }

        Leading with(Mode value, Reason why) {
            return new Leading(memory, why, term, value, follower, change);
        }
    }

    /// Gives the lead to the follower (rules H1, K1, K3).
    ///
    /// @param term the term that ends
    /// @param follower what is known of the follower's copy
    /// @param step how far it is
    /// @param ending what it ends with
    record HandingOver(
            Memory memory,
            Reason reason,
            Term term,
            Follower follower,
            Handover step,
            Ending ending)
            implements State {
        @Override
        public Role role() {
            return Role.HANDING_OVER;
        }

        @Override
        public HandingOver with(Memory value) {
            return new HandingOver(value, reason, term, follower, step, ending);
        }

        /// Whether the successor may lead already, whatever happens here.
        boolean isGranted() {
            return switch (step) {
                case Handover.Granting _, Handover.Withdrawing _, Handover.FencingPeer _ -> true;
                case Handover.Holding _,
                        Handover.Fencing _,
                        Handover.Draining _,
                        Handover.Reopening _ ->
                        false;
            };
        }

        HandingOver with(Follower value) {
            return new HandingOver(memory, reason, term, value, step, ending);
        }

        HandingOver with(Handover value) {
            return new HandingOver(memory, reason, term, follower, value, ending);
        }
    }

    /// Fenced, and not allowed to go on by itself.
    ///
    /// @param since when it began to wait
    /// @param detail what exactly is wrong, for the operator
    /// @param look the reading that shows whether the cause is gone, 0 for none
    /// @param durable with a journal that cannot be written: the highest number for which the disk
    ///   tells of no sole right, whether the last write reached it or not; 0 for none
    record Waiting(Memory memory, Reason reason, long since, String detail, long look, long durable)
            implements State {

        public Waiting(Memory memory, Reason reason, long since, String detail, long look) {
            this(memory, reason, since, detail, look, 0);
        }

        @Override
        public Role role() {
            return Role.WAITING;
        }

        @Override
        public Waiting with(Memory value) {
            return new Waiting(value, reason, since, detail, look, durable);
        }

        Waiting within(long value) {
            return new Waiting(memory, reason, since, detail, look, value);
        }
    }

    /// Has ended; the agent is about to exit.
    ///
    /// @param since when it ended
    record Stopped(Memory memory, Reason reason, long since) implements State {
        @Override
        public Role role() {
            return Role.STOPPED;
        }

        @Override
        public Stopped with(Memory value) {
            return new Stopped(value, reason, since);
        }
    }

    /// A replication session as its follower sees it: void with the leader's process or server.
    ///
    /// @param copy its number, 0 while no copy runs
    /// @param leaderProcess the leader's agent process
    /// @param leaderServer the leader's server process
    /// @param ownServer the own server process
    /// @param stage how far copying is
    /// @param fence what this copy has fenced the own stream with, null before it has. A reading
    ///   may be older
    /// @param retryAt when to try again after a failure
    record Session(
            long copy,
            String leaderProcess,
            String leaderServer,
            String ownServer,
            Stage stage,
            @Nullable Mark fence,
            long retryAt) {

        Session at(Stage value) {
            return new Session(copy, leaderProcess, leaderServer, ownServer, value, fence, retryAt);
        }

        Session fencing(Mark value) {
            return new Session(copy, leaderProcess, leaderServer, ownServer, stage, value, retryAt);
        }
    }

    /// How far copying is.
    enum Stage {
        IDLE,
        /// Idle since this node gave the lead away: both streams were equal.
        HANDED_OVER,
        COMPARING,
        PREPARING,
        REPLACING,
        TAILING
    }

    /// What a follower may claim (rule F2).
    ///
    /// @param ask counter of its newest in-sync request, 0 for none
    /// @param granted whether the leader answered it
    /// @param reported the highest sequence reported in this term (rule F3)
    record Sync(long ask, boolean granted, long reported) {
        static final Sync NONE = new Sync(0, false, 0);

        Sync none() {
            return new Sync(0, false, reported);
        }
    }

    /// How far a promotion is.
    sealed interface Phase {
        /// Fences the peer's stream from here (rule G3).
        ///
        /// @param inSync whether this node may go on without the peer's barrier (rule F3)
        record FencingPeer(long op, boolean inSync) implements Phase {}

        /// Copies the rest of the peer's fenced stream.
        ///
        /// @param inSync whether this node may go on without the rest (rule F3)
        record Draining(long op, long barrier, boolean inSync) implements Phase {}

        /// Takes the own barrier under the new number.
        record Barrier(long op) implements Phase {}

        /// Waits for the peer's consent to the claim.
        record Claiming(Term claim, long since) implements Phase {}

        /// Journalled; takes the stream over the revisions that may be lost (rule J1).
        ///
        /// @param op the work under way, 0 when it is due again
        record Jumping(Term term, long op, Jump jump) implements Phase {}

        /// Journalled; opens the stream. No way back into an earlier state from here on.
        ///
        /// @param op the opening or reading under way, 0 when it is due again
        /// @param since when the stream was to be opened first
        record Opening(Term term, long op, boolean alone, long since) implements Phase {

            Opening at(long value) {
                return new Opening(term, value, alone, since);
            }
        }
    }

    /// Leading with the peer or without it.
    enum Mode {
        BOTH,
        ALONE
    }

    /// A new term for a leader whose stream stays open (rule A1).
    sealed interface Change {
        record None() implements Change {}

        /// The number is journalled; the stream is read for the start sequence.
        record Numbered(long op, long number, Reason reason) implements Change {}

        /// The term is journalled; the stream is read again: still open and unmarked?
        record Confirming(long op, Term term, Reason reason) implements Change {}
    }

    /// How far a handover is.
    sealed interface Handover {

        /// The term that was granted, null while none is.
        default @Nullable Term granted() {
            return switch (this) {
                case Granting(_, Term term) -> term;
                case Withdrawing(_, Term term, _) -> term;
                case FencingPeer(_, Term term) -> term;
                case Holding _, Fencing _, Draining _, Reopening _ -> null;
            };
        }

        /// Waits until no gateway of this node sends requests on.
        record Holding(long op, long since) implements Handover {}

        /// Fences the own stream.
        record Fencing(long op) implements Handover {}

        /// Waits until the follower has everything up to the barrier.
        record Draining(long barrier, long since) implements Handover {}

        /// The consent is journalled and sent.
        record Granting(long op, Term term) implements Handover {}

        /// The grant had no clear answer; it is being taken back.
        ///
        /// @param op the request under way, 0 when it is due again
        /// @param refused whether the peer refused the grant: none is on its way to it any more
        record Withdrawing(long op, Term term, boolean refused) implements Handover {}

        /// Nothing was granted: the stream is opened again for the same term.
        record Reopening(long op, String why) implements Handover {}

        /// No answer at all: the peer's stream is fenced before this node goes on (rule K3).
        record FencingPeer(long op, Term term) implements Handover {}
    }

    /// What a handover ends with.
    ///
    /// @param request the operator's request to be answered, 0 for none
    /// @param stopping whether the agent stops afterwards
    record Ending(long request, boolean stopping) {}
}
