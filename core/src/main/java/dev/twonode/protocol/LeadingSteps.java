package dev.twonode.protocol;

import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Ending;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Handover;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import java.util.Objects;

/// Rules T2, T4, G1, G4 and A1 to A4: a leader keeps its right, or ends its term.
final class LeadingSteps {

    private final Settings settings;
    private final Moves moves;
    private final Silence silence;
    private final FollowerSteps followers;
    private final TermChange change;

    LeadingSteps(Settings settings, Moves moves) {
        this.settings = settings;
        this.moves = moves;
        this.silence = new Silence(settings.timing());
        this.followers = new FollowerSteps(settings, moves);
        this.change = new TermChange(settings, moves);
    }

    Transition step(Leading state, Event event) {
        return switch (event) {
            case Event.Ticked tick -> ticked(state, tick);
            case Event.StoreAnswered answer -> ownAnswered(state, answer);
            case Event.StoreFailed failed when failed.missing() ->
                    moves.fence(state.memory(), Reason.STREAM_CHANGED);
            case Event.OwnLost _ -> resign(state, Reason.STORE_DOWN);
            case Event.StreamChanged _, Event.OwnConnected _ -> read(state);
            case Event.SequenceSeen seen when seen.term() == state.term().number() ->
                    seen(state, seen.lastSeq());
            case Event.WritesRefused refused -> writesRefused(state, refused.refusal());
            case Event.PeerHeard heard -> peerHeard(state, heard.report());
            case Event.ProgressHeard progress -> followers.progressed(state, progress);
            case Event.CopyAcknowledged heard -> followers.acknowledged(state, heard);
            case Event.PeerLink(_, Peer.Link link) when link != Peer.Link.UP ->
                    Transition.to(state.with(state.follower().unheard()));
            case Event.StepDownAsked ask -> stepDown(state, ask.request());
            case Event.StopAsked _ -> stop(state);
            case Event.WithdrawHeard withdrawal ->
                    withdrawal.number() == state.term().number()
                            ? Withdrawals.tooLate(state, withdrawal)
                            : Withdrawals.voided(moves, state, withdrawal);
            case Event.TakeoverHeard grant ->
                    Moves.refuse(state, grant.request(), Answer.Code.STALE, "this node leads");
            case Event.PromoteAsked ask -> notNeeded(state, ask.request(), "");
            case Event.RejoinAsked ask ->
                    notNeeded(state, ask.request(), ", and gives up nothing: ask one that waits");
            case Event.StoreFailed _,
                    Event.SequenceSeen _,
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
                    Event.GrantAnswered _,
                    Event.GrantUnanswered _,
                    Event.LossTold _,
                    Event.PauseAsked _ ->
                    Transition.to(state);
        };
    }

    private static Transition notNeeded(Leading state, long request, String more) {
        return Moves.refuse(state, request, Answer.Code.NOT_NEEDED, "this node leads" + more);
    }

    /// What a leader knew before a sleep counts for nothing, least of all as the proof on which it
    /// was about to go alone (rule G4).
    private Transition ticked(Leading before, Event.Ticked tick) {
        Timing timing = settings.timing();
        Leading state = before;
        Memory memory = state.memory();
        boolean woke = tick.slept() > timing.pause();
        if (woke) {
            memory =
                    silence.woken(memory, tick).with(memory.own().failed("not read since a sleep"));
            state = state.with(memory);
            if (state.mode() == Mode.BOTH && state.change() instanceof Change.Confirming) {
                return giveWay(state, Reason.ATTEMPT_DROPPED);
            }
            state = state.mode() == Mode.BOTH ? state.with(new Change.None()) : state;
        }
        boolean slow =
                memory.now() - memory.own().answeredAt() > timing.heartbeat() + timing.pause();
        if (slow && tick.slept() <= timing.heartbeat()) {
            return resign(state, Reason.STORE_DOWN);
        }
        boolean mayGoAlone =
                state.mode() == Mode.BOTH
                        && state.change() instanceof Change.None
                        && !settings.stopsAlone();
        if (mayGoAlone) {
            if (silence.proven(memory)) {
                return change.begin(state, Reason.FOLLOWER_SILENT);
            }
            if (silence.ended(memory)) {
                return change.begin(state, Reason.FOLLOWER_KILLED);
            }
        }
        Transition next = followers.watch(state);
        boolean asks = state.mode() == Mode.BOTH || memory.peer().heardAt() == Own.NEVER;
        if (asks && (woke || silence.mustAsk(memory))) {
            return next.and(silence.ask(next.state()));
        }
        boolean heartbeat = memory.now() - memory.toldAt() >= timing.heartbeat();
        return heartbeat ? next.and(read((Leading) next.state())) : next;
    }

    private static Transition read(Leading state) {
        Memory memory = state.memory().counted();
        return Transition.to(state.with(memory), new Action.ReadOwn(memory.counter()));
    }

    /// Every answer of the own server is also the proof that the term still stands (T2, G4).
    private Transition ownAnswered(Leading state, Event.StoreAnswered answer) {
        Memory memory = state.memory();
        Reading reading = answer.reading();
        if (!reading.created().equals(memory.journal().created())) {
            return moves.fence(memory, Reason.STREAM_CHANGED);
        }
        return switch (reading.face()) {
            case Reading.Face.Open _ -> change.ownAnswered(followers.commit(state), answer);
            case Reading.Face.Fenced(Mark mark) -> {
                Reason reason =
                        mark.by().equals(settings.node())
                                ? Reason.STREAM_CHANGED
                                : Reason.FOREIGN_FENCE;
                Transition cleared = moves.journal(state, memory.journal().fencedBy(reading));
                yield cleared.and(moves.fence(cleared.state().memory(), reason));
            }
            case Reading.Face.Foreign(String why) -> moves.await(memory, Reason.STREAM_EDITED, why);
        };
    }

    private Transition peerHeard(Leading state, Report peer) {
        Memory memory = state.memory();
        if (peer.isOfOtherPair(memory.journal().pairId())) {
            return Transition.to(state);
        }
        if (peer.leads()) {
            return giveWay(state, Reason.BOTH_LED);
        }
        boolean settled =
                (peer.role() == Role.JOINING || peer.role() == Role.WAITING)
                        && peer.store().usable();
        // It got the sole right while this leader counted on it, and may fall silent again.
        boolean replaced = state.mode() == Mode.BOTH && peer.standing().alone();
        if (replaced || (settled && isAhead(state, peer))) {
            return giveWay(state, Reason.PEER_AHEAD);
        }
        if (settled && Conflict.ofLeader(memory, peer)) {
            return giveWay(state, Reason.BOTH_LED);
        }
        boolean soleRight = state.mode() == Mode.ALONE;
        boolean overtaken =
                peer.standing().highestTerm() > state.term().number()
                        && (settled || (soleRight && peer.role() == Role.FOLLOWING))
                        && state.change() instanceof Change.None
                        && !followers.mayCountAsInSync(state, peer);
        if (overtaken) {
            return change.begin(state, Reason.NUMBER_OVERTAKEN);
        }
        Transition heard = followers.heard(state, peer);
        Refusal refusal = peer.refusal();
        return refusal != null && heard.state() instanceof Leading leading
                ? heard.and(writesRefused(leading, refusal))
                : heard;
    }

    /// Whether a closed peer has the better claim: its stream goes further.
    private static boolean isAhead(Leading state, Report peer) {
        Position mine = new Position(state.term().number(), state.memory().own().lastSeq());
        return peer.standing().position().compareTo(mine) > 0;
    }

    /// Closes the stream for a contest. A term that was not confirmed leaves nothing behind, least
    /// of all the sole right (rule A1).
    private Transition giveWay(Leading state, Reason reason) {
        Journal journal = state.memory().journal();
        if (state.change() instanceof Change.Confirming(_, Term term, _)) {
            journal =
                    journal.withHistory(journal.history().without(term.number()).with(state.term()))
                            .withAlone(state.mode() == Mode.ALONE);
        }
        Transition recorded = moves.journal(state, journal);
        return recorded.and(moves.fence(recorded.state().memory(), reason));
    }

    /// Rule G2: a leader whose store is down says so at once. An in-sync follower gets its consent.
    private Transition resign(Leading state, Reason reason) {
        Transition consented = consent(state);
        return consented.and(moves.fence(consented.state().memory(), reason));
    }

    /// The sole right, of a term that was about to be alone, ends before the consent is told.
    private Transition consent(Leading state) {
        Memory memory = state.memory();
        Report peer = memory.peer().report();
        if (state.mode() == Mode.ALONE || peer == null) {
            return Transition.to(state);
        }
        long number = memory.highestKnown() + 1;
        Memory consenting = moves.consent(memory, number, peer.sender().node());
        return moves.journal(
                state.with(consenting), memory.journal().withHighestTerm(number).withAlone(false));
    }

    /// Rule H1: a leader that can store nothing makes way for a follower that holds everything,
    /// whichever node's clients found it out. If its server does not take a barrier either, the
    /// handover ends as a resignation (G2). In a term in which it stored nothing it stays: the
    /// other one, which may be no better off, had the lead before.
    private Transition writesRefused(Leading state, Refusal refusal) {
        boolean lasting =
                refusal.term().equals(state.term())
                        && refusal.lasted() >= settings.timing().peerTimeout();
        boolean stored = state.memory().own().lastSeq() >= state.term().startSeq();
        return lasting && stored && isReady(state)
                ? handOver(state, new Ending(0, false), Reason.STORE_READONLY)
                : Transition.to(state);
    }

    private Transition stepDown(Leading state, long request) {
        if (isReady(state)) {
            return handOver(state, new Ending(request, false), Reason.OPERATOR);
        }
        return isHeard(state)
                ? Moves.refuse(state, request, Answer.Code.NOT_IN_SYNC, behind(state))
                : Moves.refuse(
                        state, request, Answer.Code.PEER_UNREACHABLE, "the peer does not answer");
    }

    /// Nobody hands over to a follower that may be gone, or have led on while this node slept (H1).
    private boolean isReady(Leading state) {
        return state.mode() == Mode.BOTH
                && state.follower().isPresent()
                && state.change() instanceof Change.None
                && isHeard(state);
    }

    private boolean isHeard(Leading state) {
        Peer peer = state.memory().peer();
        return peer.report() != null
                && state.memory().now() - peer.heardAt() < settings.timing().peerTimeout();
    }

    private static String behind(Leading state) {
        Report peer = Objects.requireNonNull(state.memory().peer().report());
        long progress = Math.max(state.follower().progress(), peer.store().lastSeq());
        long lag = Math.max(0, state.memory().own().lastSeq() - progress);
        return "follower " + peer.sender().node() + " is not in sync, " + lag + " revisions behind";
    }

    /// With the sole right what is in the stream is committed as soon as it is known here (C2). It
    /// counts, so that the next answer to the peer is news there (K2).
    private Transition seen(Leading state, long sequence) {
        Memory memory = state.memory().counted();
        return Transition.to(followers.commit(state.with(memory.with(memory.own().at(sequence)))));
    }

    /// Rule H1, first step: nobody's requests go on. Under which number the lead is given is
    /// journalled before, while everybody is still served.
    private Transition handOver(Leading state, Ending ending, Reason reason) {
        Transition numbered =
                moves.journal(
                        state,
                        state.memory()
                                .journal()
                                .withHighestTerm(state.memory().highestKnown() + 1));
        Memory memory = numbered.state().memory().counted();
        return numbered.and(
                Transition.to(
                        new HandingOver(
                                memory,
                                reason,
                                state.term(),
                                state.follower(),
                                new Handover.Holding(memory.counter(), memory.now()),
                                ending),
                        new Action.HoldGateways(memory.counter())));
    }

    private Transition stop(Leading state) {
        if (isReady(state)) {
            return handOver(state, new Ending(0, true), Reason.STOPPING);
        }
        Transition consented = consent(state);
        return consented.and(moves.stop(consented.state().memory()));
    }
}
