package dev.twonode.protocol;

import dev.twonode.protocol.State.Starting;

/// Rules S1 and K1: read the own stream, then fence it, before anything else.
final class StartingSteps {

    private final Settings settings;
    private final Moves moves;
    private final Consents consents;

    StartingSteps(Settings settings, Moves moves, Consents consents) {
        this.settings = settings;
        this.moves = moves;
        this.consents = consents;
    }

    Transition step(Starting state, Event event) {
        Memory memory = state.memory();
        return switch (event) {
            case Event.OwnConnected _ -> read(state);
            case Event.Ticked _ when memory.own().connected() && state.op() == 0 -> read(state);
            case Event.StoreAnswered answer when answer.op() == state.op() ->
                    wasRead(state, answer.reading());
            case Event.StoreFailed failed when failed.op() == state.op() ->
                    failed.missing()
                            ? moves.fence(memory, Reason.FIRST_READ)
                            : Transition.to(new Starting(memory, state.reason(), state.since(), 0));
            case Event.OwnLost _ ->
                    Transition.to(new Starting(memory, state.reason(), state.since(), 0));
            case Event.PeerHeard heard when isWithoutStore(state) ->
                    consents.withoutStore(state, heard.report());
            case Event.StopAsked _ -> moves.halt(memory);
            case Event.StepDownAsked ask ->
                    Moves.refuse(
                            state, ask.request(), Answer.Code.NOT_LEADER, "this node is starting");
            case Event.PromoteAsked ask ->
                    Moves.refuse(state, ask.request(), Answer.Code.BUSY, "this node is starting");
            case Event.RejoinAsked ask ->
                    Moves.refuse(state, ask.request(), Answer.Code.BUSY, "this node is starting");
            case Event.TakeoverHeard grant ->
                    Moves.refuse(
                            state, grant.request(), Answer.Code.STALE, "this node is starting");
            case Event.WithdrawHeard withdrawal -> Withdrawals.voided(moves, state, withdrawal);
            case Event.Ticked _,
                    Event.StoreAnswered _,
                    Event.StoreFailed _,
                    Event.StreamChanged _,
                    Event.SequenceSeen _,
                    Event.WritesRefused _,
                    Event.GatewaysHeld _,
                    Event.JournalFailed _,
                    Event.PeerHeard _,
                    Event.PeerUnanswered _,
                    Event.PeerLink _,
                    Event.PeerFenced _,
                    Event.PeerNotFenced _,
                    Event.Drained _,
                    Event.NotDrained _,
                    Event.Compared _,
                    Event.ResyncPrepared _,
                    Event.StreamReplaced _,
                    Event.Copied _,
                    Event.CopyFailed _,
                    Event.ProgressHeard _,
                    Event.CopyAcknowledged _,
                    Event.GrantAnswered _,
                    Event.GrantUnanswered _,
                    Event.LossTold _,
                    Event.PauseAsked _ ->
                    Transition.to(state);
        };
    }

    /// A server that is only slow to start keeps its vote. So does one of whose stream the journal
    /// tells nothing: what it holds may be kine's of long ago, so it has to be read (rule K1).
    private boolean isWithoutStore(Starting state) {
        Memory memory = state.memory();
        boolean unknown =
                memory.own().reading() == null && memory.journal().history().terms().isEmpty();
        return !unknown
                && !memory.own().usable()
                && memory.now() - state.since() >= settings.timing().pause();
    }

    private static Transition read(Starting state) {
        Memory memory = state.memory().counted();
        return Transition.to(
                new Starting(memory, state.reason(), state.since(), memory.counter()),
                new Action.ReadOwn(memory.counter()));
    }

    /// A foreign mark ends the sole right durably before the mark is overwritten. So does an own
    /// one of a number that is not in the journal: numbers go there first, so that journal is an
    /// older one that was put back, and what it allows was over.
    private Transition wasRead(Starting state, Reading reading) {
        if (reading.face() instanceof Reading.Face.Foreign(String why)) {
            return moves.await(state.memory(), Reason.STREAM_EDITED, why);
        }
        Journal before = state.memory().journal();
        boolean older = before.isOlderThan(reading);
        Journal journal = before;
        if (reading.fencedByOther(before.node())) {
            journal = before.fencedBy(reading);
        } else if (older) {
            journal = before.caughtUpWith(reading);
        }
        Transition recorded = moves.journal(state, journal);
        Reason reason = older ? Reason.JOURNAL_OLDER : Reason.FIRST_READ;
        return recorded.and(moves.fence(recorded.state().memory(), reason));
    }
}
