package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Joining;
import java.util.Optional;

/// Rules S2, S3, T4, T5 and K1: fenced, a node finds out with its peer who leads.
final class JoiningSteps {

    private final Settings settings;
    private final Moves moves;
    private final Consents consents;
    private final Contact contact;
    private final CopySteps copying;

    JoiningSteps(Settings settings, Moves moves, Consents consents) {
        this.settings = settings;
        this.moves = moves;
        this.consents = consents;
        this.contact = new Contact(settings);
        this.copying = new CopySteps(settings, moves);
    }

    Transition step(Joining state, Event event) {
        Memory memory = state.memory();
        return switch (event) {
            case Event.StoreAnswered answer when answer.op() == state.fence() ->
                    fenced(state, answer.reading());
            case Event.StoreFailed failed when failed.op() == state.fence() ->
                    Transition.to(state.fencing(Joining.TO_FENCE));
            case Event.OwnLost _ -> Transition.to(state.fencing(Joining.TO_FENCE));
            case Event.OwnConnected _ -> moves.look(memory, state.reason());
            case Event.Ticked _ -> ticked(state);
            case Event.PeerHeard _ -> meet(state);
            case Event.StreamChanged _ when state.fence() == Joining.FENCED ->
                    moves.look(memory, state.reason());
            case Event.StopAsked _ -> moves.stop(memory);
            case Event.StepDownAsked ask ->
                    Moves.refuse(
                            state,
                            ask.request(),
                            Answer.Code.NOT_LEADER,
                            "this node does not lead");
            case Event.PromoteAsked ask -> Force.promote(moves, settings, state, ask);
            case Event.RejoinAsked ask ->
                    Moves.refuse(
                            state,
                            ask.request(),
                            Answer.Code.NOT_NEEDED,
                            "this node is not waiting for a decision");
            case Event.TakeoverHeard grant ->
                    Moves.refuse(
                            state, grant.request(), Answer.Code.STALE, "this node does not follow");
            case Event.WithdrawHeard withdrawal -> Withdrawals.voided(moves, state, withdrawal);
            case Event.StoreAnswered _,
                    Event.StoreFailed _,
                    Event.StreamChanged _,
                    Event.SequenceSeen _,
                    Event.WritesRefused _,
                    Event.GatewaysHeld _,
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

    /// The own stream is closed and its last sequence final.
    private Transition fenced(Joining state, Reading reading) {
        if (reading.face() instanceof Reading.Face.Foreign(String why)) {
            return moves.await(state.memory(), Reason.STREAM_EDITED, why);
        }
        if (reading.fencedByOther(settings.node())) {
            return overwrite(state);
        }
        return meet(state.fencing(Joining.FENCED));
    }

    /// The peer's fence was found in the place of the own one: it ends the sole right durably, and
    /// is then overwritten (rule S1).
    private Transition overwrite(Joining state) {
        Memory memory = state.memory();
        Transition cleared =
                moves.journal(state, memory.journal().fencedBy(memory.own().reading()));
        return cleared.and(moves.sendFence((Joining) cleared.state()));
    }

    private Transition ticked(Joining state) {
        Memory memory = state.memory();
        boolean heartbeat = memory.now() - memory.toldAt() >= settings.timing().heartbeat();
        if (state.fence() == Joining.TO_FENCE && memory.own().connected() && heartbeat) {
            return moves.sendFence(state);
        }
        boolean unread = memory.own().connected() && !memory.own().usable();
        if (state.fence() == Joining.FENCED && unread && heartbeat) {
            return moves.look(memory, state.reason());
        }
        boolean unasked = memory.now() - memory.peer().askedAt() >= settings.timing().pause();
        if (!memory.own().connected() && unasked) {
            return ask(state);
        }
        boolean ready = state.fence() == Joining.FENCED && memory.own().usable();
        long alone = Math.max(state.since(), memory.peer().heardAt());
        return ready && memory.now() - alone >= patience(memory)
                ? withoutContact(state)
                : Transition.to(state);
    }

    /// Reports of the peer come by the own server: while that is down, a node hears of a claim that
    /// it has to consent to (rule K1) only when it asks.
    private static Transition ask(Joining state) {
        Memory memory = state.memory().counted();
        Memory asking = memory.with(memory.peer().asked(memory.now()));
        return Transition.to(state.with(asking), new Action.AskPeer(asking.counter()));
    }

    /// How long to try to reach the peer before deciding without it (rule S3).
    private long patience(Memory memory) {
        Timing timing = settings.timing();
        if (memory.journal().alone()) {
            return timing.retry();
        }
        int tries = isFirstStart(memory) ? timing.firstRetries() : timing.retries();
        return tries == 0 ? Long.MAX_VALUE : timing.retry() * tries;
    }

    /// A node that ever promised or used a number, or knows its pair, has started before.
    private boolean isFirstStart(Memory memory) {
        return settings.designated()
                && memory.journal().pairId() == null
                && memory.journal().highestTerm() == 0
                && memory.own().lastSeq() == 0;
    }

    /// Rule S3, and S4: a node whose store lost data never leads without contact.
    private Transition withoutContact(Joining state) {
        Memory memory = state.memory();
        Journal journal = memory.journal();
        if (memory.hasLostData() || memory.contentUnknown()) {
            return moves.await(memory, Reason.NO_PROOF, "the own store lost committed data");
        }
        if (journal.alone()) {
            return moves.promote(memory, Reason.NO_CONTACT_ALONE, Cause.ALONE);
        }
        if (isFirstStart(memory)) {
            Transition alone = moves.journal(state, journal.withAlone(true));
            return alone.and(
                    moves.promote(alone.state().memory(), Reason.NO_CONTACT_FIRST, Cause.ALONE));
        }
        boolean ledLast =
                journal.history()
                        .last()
                        .filter(t -> t.leader().equals(settings.node()))
                        .isPresent();
        if (settings.startAloneLoosely() && settings.designated() && ledLast) {
            return moves.promote(memory, Reason.NO_CONTACT_LOOSE, Cause.FORCED);
        }
        return moves.await(memory, Reason.NO_PROOF, "the peer does not answer");
    }

    /// Carries on with the peer's newest report, unless the own stream has to be read first.
    Transition meet(Transition left) {
        return left.state() instanceof Joining joining ? left.and(meet(joining)) : left;
    }

    /// What follows from the peer's newest report.
    Transition meet(Joining state) {
        Memory memory = state.memory();
        Report peer = memory.peer().report();
        if (peer == null
                || memory.peer().heardAt() < state.since() - settings.timing().heartbeat()) {
            return Transition.to(state);
        }
        if (!memory.own().usable()) {
            return isCreating(state)
                    ? Transition.to(state)
                    : yielded(state, consents.withoutStore(state, peer));
        }
        if (state.fence() != Joining.FENCED) {
            return Transition.to(state);
        }
        Optional<Journal> recognised = Takeover.recognised(state, peer);
        if (recognised.isPresent()) {
            return meet(moves.journal(state, recognised.get()));
        }
        boolean whole = !memory.contentUnknown() && !memory.hasLostData();
        boolean storeless = !peer.store().usable() && !peer.leads();
        if (memory.journal().alone() && storeless && whole) {
            return moves.promote(memory, Reason.CONTACT, Cause.ALONE);
        }
        return switch (contact.decide(memory, peer)) {
            case Contact.Verdict.Follow _ -> follow(memory, peer);
            case Contact.Verdict.Claim _ ->
                    moves.promote(memory, Reason.WON_CONTEST, Cause.CONTEST);
            case Contact.Verdict.Yield _ -> yielded(state, consents.toClaim(state, peer));
            case Contact.Verdict.Patience _ -> Transition.to(state);
            case Contact.Verdict.Impasse(Reason reason, String detail) ->
                    moves.await(memory, reason, detail);
        };
    }

    /// Follows the leader and begins at once to compare (rule F1).
    private Transition follow(Memory memory, Report leader) {
        Transition following = moves.follow(memory, leader, Reason.PEER_LEADS);
        return following.and(copying.proceed((Following) following.state()));
    }

    /// A node whose server takes a moment to create the stream keeps its vote.
    private boolean isCreating(Joining state) {
        Memory memory = state.memory();
        boolean unread = memory.own().connected() && memory.own().reading() == null;
        return unread && memory.now() - state.since() < settings.timing().pause();
    }

    /// A consent that was just given is a reason to go on looking for the peer.
    private static Transition yielded(Joining before, Transition consented) {
        Memory memory = consented.state().memory();
        boolean given = memory.counter() != before.memory().counter();
        return given
                ? new Transition(
                        new Joining(memory, Reason.LOST_CONTEST, memory.now(), before.fence()),
                        consented.actions())
                : consented;
    }
}
