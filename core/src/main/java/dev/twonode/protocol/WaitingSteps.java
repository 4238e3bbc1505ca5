package dev.twonode.protocol;

import dev.twonode.protocol.State.Waiting;

/// A fenced node that may not go on by itself: it says why, and goes on when the cause is gone.
final class WaitingSteps {

    /// How often a cause that only the machine's owner can remove is looked at again.
    private static final long LOOK_AGAIN_MS = 10_000;

    private final Settings settings;
    private final Moves moves;
    private final JoiningSteps joining;
    private final Consents consents;
    private final Contact contact;

    WaitingSteps(Settings settings, Moves moves, JoiningSteps joining, Consents consents) {
        this.settings = settings;
        this.moves = moves;
        this.joining = joining;
        this.consents = consents;
        this.contact = new Contact(settings);
    }

    Transition step(Waiting state, Event event) {
        return switch (event) {
            case Event.PeerHeard _ when state.reason() == Reason.NO_PROOF -> meet(state);
            case Event.PeerHeard _ when endsWithContact(state) -> meetAgain(state);
            case Event.PeerHeard heard when isBetterNow(state, heard.report()) -> meet(state);
            case Event.PeerHeard heard when cannotOpen(state) && heard.report().leads() ->
                    meet(state);
            case Event.PeerHeard heard -> giveWay(state, heard.report());
            case Event.Ticked _ -> ticked(state);
            case Event.StoreAnswered answer when answer.op() == state.look() ->
                    wasRead(state, answer.reading());
            case Event.StoreAnswered answer when answer.reading().isOpen() -> close(state);
            case Event.StoreFailed failed when isPassing(state) && failed.missing() ->
                    moves.fence(state.memory(), Reason.FENCED);
            case Event.OwnConnected _ ->
                    isPassing(state)
                            ? lookAgain(state)
                            : moves.look(state.memory(), state.reason());
            case Event.StreamChanged _ when cannotOpen(state) -> Transition.to(state);
            case Event.StreamChanged _ ->
                    isPassing(state)
                            ? lookAgain(state)
                            : moves.look(state.memory(), state.reason());
            case Event.PromoteAsked ask -> Force.promote(moves, settings, state, ask);
            case Event.RejoinAsked ask -> rejoin(state, ask);
            case Event.StopAsked _ -> moves.stop(state.memory());
            case Event.StepDownAsked ask ->
                    Moves.refuse(
                            state,
                            ask.request(),
                            Answer.Code.NOT_LEADER,
                            "this node does not lead");
            case Event.TakeoverHeard grant ->
                    Moves.refuse(
                            state, grant.request(), Answer.Code.STALE, "this node does not follow");
            case Event.WithdrawHeard withdrawal -> Withdrawals.voided(moves, state, withdrawal);
            case Event.StoreAnswered _,
                    Event.SequenceSeen _,
                    Event.WritesRefused _,
                    Event.GatewaysHeld _,
                    Event.OwnLost _,
                    Event.StoreFailed _,
                    Event.JournalFailed _,
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

    /// Whatever it waits for, it does not keep the peer from leading (rule K1). Only a journal that
    /// cannot be written makes that impossible.
    private Transition giveWay(Waiting state, Report peer) {
        if (state.reason() == Reason.JOURNAL_FAILED || peer.claim() == null) {
            return Transition.to(state);
        }
        boolean storeless = state.reason() == Reason.STREAM_EDITED || cannotOpen(state);
        if (!state.memory().own().usable() || storeless) {
            return consents.withoutStore(state, peer);
        }
        return contact.decide(state.memory(), peer) instanceof Contact.Verdict.Yield
                ? consents.toClaim(state, peer)
                : Transition.to(state);
    }

    /// Contact was what was missing (rule S3).
    private Transition meet(Waiting state) {
        Transition joined = moves.join(state.memory(), Reason.CONTACT);
        return joining.meet(joined);
    }

    /// An impasse that the peer's operator ended: its content is given up, or it was exchanged.
    private static boolean endsWithContact(Waiting state) {
        Report peer = state.memory().peer().report();
        boolean impasse =
                state.reason() == Reason.UNRELATED
                        || state.reason() == Reason.BOTH_UNKNOWN
                        || state.reason() == Reason.OTHER_PAIR;
        return impasse && peer != null;
    }

    /// Whether the leader from which this node's content diverged ended, and came back with less:
    /// what it lost is here, and nothing is to be given up for it (rule S4).
    private boolean isBetterNow(Waiting state, Report peer) {
        return state.reason() == Reason.DIVERGED
                && state.memory().own().usable()
                && peer.store().usable()
                && !peer.leads()
                && contact.decide(state.memory(), peer) instanceof Contact.Verdict.Claim;
    }

    private Transition meetAgain(Waiting state) {
        Transition met = meet(state);
        return met.state() instanceof Waiting ? Transition.to(state) : met;
    }

    private Transition ticked(Waiting state) {
        Memory memory = state.memory();
        boolean due = memory.now() - state.since() >= LOOK_AGAIN_MS;
        if (!due || !memory.own().connected()) {
            return Transition.to(state);
        }
        if (state.reason() == Reason.EXPORT_FAILED) {
            return moves.fence(memory, Reason.EXPORT_FAILED);
        }
        return isPassing(state) ? lookAgain(state) : Transition.to(state);
    }

    /// Whether the cause may have gone away without anybody telling the agent.
    private static boolean isPassing(Waiting state) {
        return state.reason() == Reason.JOURNAL_FAILED
                || state.reason() == Reason.STREAM_EDITED
                || cannotOpen(state);
    }

    /// It may lead, and follow, but its server would not let it lead.
    private static boolean cannotOpen(Waiting state) {
        return state.reason() == Reason.CANNOT_OPEN;
    }

    /// Reads the stream again, behind a write of the journal when that is what failed: the answer
    /// then says that both work.
    private static Transition lookAgain(Waiting state) {
        Memory memory = state.memory().counted();
        Waiting again =
                new Waiting(
                        memory,
                        state.reason(),
                        memory.now(),
                        state.detail(),
                        memory.counter(),
                        state.durable());
        Action read = new Action.ReadOwn(memory.counter());
        return state.reason() == Reason.JOURNAL_FAILED
                ? Transition.to(again, new Action.Persist(memory.journal()), read)
                : Transition.to(again, read);
    }

    /// The journal can be written again, or the stream has a face again; or what was said of it is
    /// put right, and the next thing is to be said.
    private Transition wasRead(Waiting state, Reading reading) {
        return switch (reading.face()) {
            case Reading.Face.Foreign(String why) when state.reason() == Reason.STREAM_EDITED ->
                    Transition.to(
                            new Waiting(
                                    state.memory(),
                                    state.reason(),
                                    state.since(),
                                    why,
                                    state.look()));
            case Reading.Face.Foreign _ -> Transition.to(state);
            case Reading.Face.Open _, Reading.Face.Fenced _ ->
                    isPassing(state)
                            ? moves.fence(state.memory(), Reason.FENCED)
                            : Transition.to(state);
        };
    }

    /// A node that may not go on serves nothing: a server that was restarted shows the face it had.
    private Transition close(Waiting state) {
        Memory memory = state.memory().counted();
        return Transition.to(state.with(memory), moves.fenceOwn(memory, moves.mark(memory)));
    }

    /// The operator said whose content is kept. The one that is given up exports it and resyncs.
    private Transition rejoin(Waiting state, Event.RejoinAsked ask) {
        boolean decidable =
                state.reason() == Reason.UNRELATED
                        || state.reason() == Reason.OTHER_PAIR
                        || state.reason() == Reason.BOTH_UNKNOWN
                        || state.reason() == Reason.DIVERGED;
        if (!decidable) {
            return Moves.refuse(
                    state,
                    ask.request(),
                    Answer.Code.NOT_NEEDED,
                    "this node waits for something else: " + state.reason().words());
        }
        boolean keepsOwn = ask.keep().equals(settings.node().value());
        boolean led = isLedByPeer(state);
        if (keepsOwn && (led || state.reason() == Reason.DIVERGED)) {
            return Moves.refuse(
                    state,
                    ask.request(),
                    Answer.Code.NOT_LEADER,
                    "a leader does not give way to a node that waits: its lead has to end first");
        }
        if (state.reason() == Reason.DIVERGED && !led) {
            return Moves.refuse(
                    state,
                    ask.request(),
                    Answer.Code.PEER_UNREACHABLE,
                    "node " + ask.keep() + " does not lead now, so what it keeps is not known");
        }
        Transition decided = keepsOwn ? keep(state) : giveUp(state);
        return decided.then(new Action.Reply(ask.request(), new Answer.Done()));
    }

    /// What is given up is only what the leader does not have: while none is heard it may be more.
    private boolean isLedByPeer(Waiting state) {
        Peer peer = state.memory().peer();
        return peer.report() != null
                && peer.report().leads()
                && state.memory().now() - peer.heardAt() < settings.timing().peerTimeout();
    }

    /// This node's content counts, even that of an interrupted resync.
    private Transition keep(Waiting state) {
        Memory memory = state.memory();
        Reading reading = memory.own().reading();
        Journal journal = memory.journal().withVoidFrom(0);
        if (state.reason() == Reason.BOTH_UNKNOWN && reading != null) {
            journal = journal.withResync(false).withCreated(reading.created());
        }
        Transition journalled = moves.journal(state, journal);
        return journalled.and(moves.join(journalled.state().memory(), Reason.OPERATOR));
    }

    /// This node belongs to no pair any more, and its stream is nobody's: it exports all of it
    /// before it takes the other's.
    private Transition giveUp(Waiting state) {
        Memory memory = state.memory();
        Journal journal = memory.journal().givenUp(memory.highestKnown());
        Transition journalled = moves.journal(state, journal);
        return journalled.and(
                moves.join(journalled.state().memory().withCommit(0), Reason.OPERATOR));
    }
}
