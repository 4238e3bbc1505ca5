package dev.twonode.protocol;

import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Handover;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;

/// Rules H1, K1 and K3: a leader gives the lead to its follower, and only takes it back when the
/// follower says that it did not take it.
final class HandingOverSteps {

    private static final String WAITS = "the follower waits";

    private final Settings settings;
    private final Moves moves;
    private final HandoverEnds ends;
    private final Silence silence;
    private final GrantSteps grants;

    HandingOverSteps(Settings settings, Moves moves, JoiningSteps joining) {
        this.settings = settings;
        this.moves = moves;
        this.ends = new HandoverEnds(moves, joining);
        this.silence = new Silence(settings.timing());
        this.grants = new GrantSteps(settings, moves, ends);
    }

    Transition step(HandingOver state, Event event) {
        return switch (event) {
            case Event.GatewaysHeld held -> held(state, held.op());
            case Event.StoreAnswered answer -> ownAnswered(state, answer);
            case Event.StoreFailed failed -> ownFailed(state, failed);
            case Event.OwnLost _ -> ownLost(state);
            case Event.ProgressHeard progress -> progressed(state, progress);
            case Event.GrantAnswered answer -> grants.answered(state, answer);
            case Event.GrantUnanswered silent -> grants.unanswered(state, silent.op());
            case Event.PeerHeard heard -> peerHeard(state, heard.report());
            case Event.PeerFenced fenced -> grants.peerFenced(state, fenced.op(), fenced.barrier());
            case Event.PeerNotFenced failed -> grants.peerNotFenced(state, failed.op());
            case Event.Ticked _ when state.step() instanceof Handover.Withdrawing -> ticked(state);
            case Event.Ticked tick -> ticked(state.with(silence.woken(state.memory(), tick)));
            case Event.StopAsked _ -> stop(state);
            case Event.StepDownAsked ask -> busy(state, ask.request());
            case Event.PromoteAsked ask -> busy(state, ask.request());
            case Event.RejoinAsked ask -> busy(state, ask.request());
            case Event.TakeoverHeard grant -> busy(state, grant.request());
            case Event.WithdrawHeard withdrawal ->
                    withdrawal.number() == state.term().number()
                            ? Withdrawals.tooLate(state, withdrawal)
                            : Withdrawals.voided(moves, state, withdrawal);
            case Event.OwnConnected _ -> read(state);
            case Event.StreamChanged _,
                    Event.SequenceSeen _,
                    Event.WritesRefused _,
                    Event.JournalFailed _,
                    Event.CopyAcknowledged _,
                    Event.PeerUnanswered _,
                    Event.PeerLink _,
                    Event.Drained _,
                    Event.NotDrained _,
                    Event.Compared _,
                    Event.ResyncPrepared _,
                    Event.StreamReplaced _,
                    Event.Copied _,
                    Event.CopyFailed _,
                    Event.LossTold _,
                    Event.PauseAsked _ ->
                    Transition.to(state);
        };
    }

    /// Another server process is found out by its answer (rule T2).
    private static Transition read(HandingOver state) {
        Memory memory = state.memory().counted();
        return Transition.to(state.with(memory), new Action.ReadOwn(memory.counter()));
    }

    private static Transition busy(HandingOver state, long request) {
        return Moves.refuse(
                state, request, Answer.Code.BUSY, "a handover is under way on this node");
    }

    /// What the gateways sent on before is acknowledged behind the barrier (rule H1).
    private Transition held(HandingOver state, long op) {
        return state.step() instanceof Handover.Holding(long own, _) && own == op
                ? fence(state)
                : Transition.to(state);
    }

    private Transition fence(HandingOver state) {
        Memory memory = state.memory().counted();
        Mark mark = moves.mark(state.memory());
        return Transition.to(
                state.with(memory).with(new Handover.Fencing(memory.counter())),
                new Action.FenceOwn(memory.counter(), mark, Care.MARKS));
    }

    private Transition ownAnswered(HandingOver state, Event.StoreAnswered answer) {
        if (!state.isGranted() && answer.reading().fencedByOther(settings.node())) {
            return ends.replaced(state);
        }
        if (state.step() instanceof Handover.Fencing(long op) && op == answer.op()) {
            return fenced(state, answer.reading());
        }
        return state.step() instanceof Handover.Reopening(long op, String why) && op == answer.op()
                ? reopened(state, answer.reading(), why)
                : Transition.to(state);
    }

    /// Every write that was acknowledged is at or below the barrier.
    private Transition fenced(HandingOver state, Reading reading) {
        if (reading.face() instanceof Reading.Face.Foreign(String why)) {
            return ends.end(
                    state,
                    moves.await(state.memory(), Reason.STREAM_EDITED, why),
                    new Answer.Unknown(why));
        }
        long barrier = reading.lastSeq();
        HandingOver next = state.with(new Handover.Draining(barrier, state.memory().now()));
        return state.follower().progress() >= barrier
                ? grants.grant(next, barrier)
                : Transition.to(next);
    }

    private Transition progressed(HandingOver state, Event.ProgressHeard progress) {
        boolean present =
                progress.sender().process().equals(state.follower().process())
                        && progress.term().equals(state.term());
        if (!present) {
            return Transition.to(state);
        }
        return reached(state, progress.lastSeq());
    }

    private Transition reached(HandingOver state, long progress) {
        HandingOver next = state.with(state.follower().at(progress, state.memory().now()));
        return next.step() instanceof Handover.Draining(long barrier, _)
                        && next.follower().progress() >= barrier
                ? grants.grant(next, barrier)
                : Transition.to(next);
    }

    /// The peer leads in the granted term: that is the answer. Or its process ended: the grant,
    /// which belonged to it, went with it, and contact decides.
    private Transition peerHeard(HandingOver state, Report peer) {
        if (peer.isOfOtherPair(state.memory().journal().pairId())) {
            return Transition.to(state);
        }
        Term granted = state.step().granted();
        if (granted != null && peer.holdsLead() && granted.equals(peer.term())) {
            return grants.handedOver(state, granted, GrantSteps.led(granted));
        }
        if (peer.leads() || (granted == null && peer.standing().alone())) {
            return ends.overtaken(state);
        }
        boolean other =
                state.follower().isPresent()
                        && !state.follower().process().equals(peer.sender().process());
        if (GrantSteps.isLapsed(state, peer) && !other) {
            Transition voided = grants.lapsed(state);
            return voided.and(
                    reopen((HandingOver) voided.state(), WAITS + ", and did not take it"));
        }
        if (granted == null && (other || peer.role() == Role.WAITING)) {
            return cannotReach(state, other ? "the follower's agent was restarted" : WAITS);
        }
        if (!other) {
            boolean follows = peer.role() == Role.FOLLOWING && state.term().equals(peer.term());
            return follows ? reached(state, peer.pact().progress()) : Transition.to(state);
        }
        Transition joined = moves.join(state.memory(), Reason.TERM_ENDED);
        return ends.end(
                state,
                joined.and(ends.meet(joined.state())),
                new Answer.Unknown("the follower's agent was restarted during the handover"));
    }

    /// What the follower says ends the wait for it, and clients are served again.
    private Transition cannotReach(HandingOver state, String why) {
        return state.step() instanceof Handover.Reopening
                ? Transition.to(state)
                : reopen(state, why);
    }

    private Transition ticked(HandingOver state) {
        Memory memory = state.memory();
        Timing timing = settings.timing();
        if (state.step() instanceof Handover.Holding(_, long since)
                && memory.now() - since >= timing.heartbeat()) {
            return fence(state);
        }
        boolean draining = state.step() instanceof Handover.Draining;
        boolean still = memory.now() - state.follower().movedAt() >= timing.peerTimeout();
        boolean late =
                state.step() instanceof Handover.Draining(_, long since)
                        && memory.now() - since >= timing.peerTimeout();
        if (draining && still && late) {
            return reopen(state, "the follower did not reach the barrier in time");
        }
        boolean unclear = state.step() instanceof Handover.Withdrawing;
        boolean heartbeat = memory.now() - memory.toldAt() >= timing.heartbeat();
        if (unclear && !settings.stopsAlone() && silence.proven(memory)) {
            return grants.fencePeer(state);
        }
        Transition next = Transition.to(state);
        if (state.step() instanceof Handover.Withdrawing(long op, Term term, boolean refused)
                && op == 0
                && heartbeat) {
            next = grants.withdraw(state, term, refused);
        }
        boolean asks = unclear || memory.peer().heardAt() == Own.NEVER;
        return asks && silence.mustAsk(memory) ? next.and(silence.ask(next.state())) : next;
    }

    /// Nothing was granted: the fence is this node's own, so it may open it again.
    private Transition reopen(HandingOver state, String why) {
        if (state.ending().stopping()) {
            return ends.end(state, Transition.to(state), new Answer.Unknown(why));
        }
        if (state.step() instanceof Handover.Holding) {
            return goOn(state, why);
        }
        Memory memory = state.memory().counted();
        return Transition.to(
                state.with(memory).with(new Handover.Reopening(memory.counter(), why)),
                new Action.OpenOwn(memory.counter(), moves.mark(state.memory())));
    }

    private Transition reopened(HandingOver state, Reading reading, String why) {
        if (!reading.isOpen()) {
            return ends.end(
                    state,
                    moves.fence(state.memory(), Reason.HANDOVER_ABORTED),
                    new Answer.Unknown(why));
        }
        return goOn(state, why);
    }

    /// The term goes on: the stream is open, or was never closed.
    private Transition goOn(HandingOver state, String why) {
        Leading leading =
                new Leading(
                        state.memory(),
                        Reason.HANDOVER_ABORTED,
                        state.term(),
                        Mode.BOTH,
                        state.follower().unheard(),
                        new Change.None());
        return ends.end(
                state, Transition.to(leading), new Answer.Refused(Answer.Code.NOT_IN_SYNC, why));
    }

    private Transition ownFailed(HandingOver state, Event.StoreFailed failed) {
        boolean mine =
                (state.step() instanceof Handover.Fencing(long op) && op == failed.op())
                        || (state.step() instanceof Handover.Reopening(long reopening, _)
                                && reopening == failed.op());
        return mine
                ? ends.end(
                        state,
                        moves.fence(state.memory(), Reason.STORE_DOWN),
                        new Answer.Unknown("the own server failed: " + failed.why()))
                : Transition.to(state);
    }

    /// Before the grant the term ends with the server; after it the grant stands by itself.
    private Transition ownLost(HandingOver state) {
        return state.isGranted()
                ? Transition.to(state)
                : ends.end(
                        state,
                        moves.fence(state.memory(), Reason.STORE_DOWN),
                        new Answer.Unknown("the own server ended during the handover"));
    }

    private Transition stop(HandingOver state) {
        return Transition.to(
                new HandingOver(
                        state.memory(),
                        state.reason(),
                        state.term(),
                        state.follower(),
                        state.step(),
                        new State.Ending(state.ending().request(), true)));
    }
}
