package dev.twonode.protocol;

import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;

/// Rules T1, G3, G5, H1, J1 and K4: the one way into a new term with a closed stream.
final class PromotingSteps {

    private final Settings settings;
    private final Moves moves;
    private final Contact contact;
    private final OpeningSteps opening;

    PromotingSteps(Settings settings, Moves moves, JoiningSteps joining) {
        this.settings = settings;
        this.moves = moves;
        this.contact = new Contact(settings);
        this.opening = new OpeningSteps(settings, moves, joining);
    }

    Transition step(Promoting state, Event event) {
        return switch (event) {
            case Event.PeerFenced fenced when isFencingPeer(state, fenced.op()) ->
                    drain(state, fenced.barrier());
            case Event.PeerNotFenced failed when isFencingPeer(state, failed.op()) ->
                    withoutRest(state, "the leader's stream could not be fenced");
            case Event.Drained drained when isDraining(state, drained.op()) -> drained(state);
            case Event.NotDrained failed when isDraining(state, failed.op()) ->
                    withoutRest(state, failed.why());
            case Event.StoreAnswered answer -> ownAnswered(state, answer);
            case Event.StoreFailed failed -> ownFailed(state, failed);
            case Event.OwnLost lost -> ownLost(state, lost.why());
            case Event.PeerHeard heard -> peerHeard(state, heard.report());
            case Event.Ticked tick when mayBeVoid(state, tick) ->
                    opening.drop(state, "this node slept while it opened");
            case Event.Ticked _ -> ticked(state);
            case Event.WithdrawHeard withdrawal -> withdrawn(state, withdrawal);
            case Event.TakeoverHeard grant ->
                    Moves.refuse(
                            state,
                            grant.request(),
                            Answer.Code.BUSY,
                            "this node is promoting itself");
            case Event.StopAsked _ -> stop(state);
            case Event.StepDownAsked ask ->
                    Moves.refuse(
                            state, ask.request(), Answer.Code.BUSY, "this node is being promoted");
            case Event.PromoteAsked ask ->
                    Moves.refuse(
                            state, ask.request(), Answer.Code.BUSY, "this node is being promoted");
            case Event.RejoinAsked ask ->
                    Moves.refuse(
                            state, ask.request(), Answer.Code.BUSY, "this node is being promoted");
            case Event.OwnConnected _,
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

    private static boolean isFencingPeer(Promoting state, long op) {
        return state.phase() instanceof Phase.FencingPeer(long own, _) && own == op;
    }

    private static boolean isDraining(Promoting state, long op) {
        return state.phase() instanceof Phase.Draining(long own, _, _) && own == op;
    }

    private Transition drain(Promoting state, long barrier) {
        boolean inSync = state.phase() instanceof Phase.FencingPeer(_, boolean held) && held;
        return moves.drain(state, barrier, inSync);
    }

    /// Nothing that the leader ever acknowledged is missing here.
    private Transition drained(Promoting state) {
        return moves.promote(state.memory(), state.reason(), Cause.DRAINED);
    }

    /// Without the peer's barrier only a follower in sync holds all that was acknowledged.
    private Transition withoutRest(Promoting state, String why) {
        boolean inSync =
                switch (state.phase()) {
                    case Phase.FencingPeer(_, boolean held) -> held;
                    case Phase.Draining(_, _, boolean held) -> held;
                    case Phase.Barrier _, Phase.Claiming _, Phase.Jumping _, Phase.Opening _ ->
                            false;
                };
        return inSync
                ? moves.barrier(state.numbered(state.memory().highestKnown() + 1))
                : opening.drop(state, why);
    }

    private Transition ownAnswered(Promoting state, Event.StoreAnswered answer) {
        return switch (state.phase()) {
            case Phase.Barrier(long op) when op == answer.op() ->
                    barrierTaken(state, answer.reading());
            case Phase.Jumping(_, long op, _) when op == answer.op() ->
                    opening.jumped(state, answer.reading());
            case Phase.Opening phase when phase.op() == answer.op() ->
                    opening.openingRead(state, answer.reading(), phase);
            case Phase.FencingPeer _,
                    Phase.Draining _,
                    Phase.Barrier _,
                    Phase.Claiming _,
                    Phase.Jumping _,
                    Phase.Opening _ ->
                    Transition.to(state);
        };
    }

    /// The start sequence is known. A claim needs the loser's consent, all else is certain (K4).
    private Transition barrierTaken(Promoting state, Reading reading) {
        Transition closed = opening.closedByOthers(state, reading);
        if (closed != null) {
            return closed;
        }
        Term term = new Term(state.number(), settings.node(), reading.lastSeq() + 1);
        Memory memory = state.memory();
        if (restsOnCopy(state) && !memory.own().isWhole()) {
            return opening.drop(state, "the copy stopped in the middle of a gap");
        }
        if (state.cause() == Cause.CONTEST) {
            return Transition.to(state.with(new Phase.Claiming(term, memory.now())));
        }
        boolean granted = state.cause() == Cause.GRANT;
        if (granted && term.number() <= memory.journal().highestTerm()) {
            return opening.drop(state, "the grant was withdrawn");
        }
        return moves.open(state, term, !granted);
    }

    /// Whether nobody else can say what the leader held (rule F3).
    private static boolean restsOnCopy(Promoting state) {
        Report peer = state.memory().peer().report();
        boolean bare = peer != null && !peer.store().usable();
        return state.cause() == Cause.FAILOVER || (state.cause() == Cause.CONTEST && bare);
    }

    /// Unknown or failed: while opening, read and see; before, the attempt is dropped.
    private Transition ownFailed(Promoting state, Event.StoreFailed failed) {
        boolean mine =
                (state.phase() instanceof Phase.Barrier(long op) && op == failed.op())
                        || (state.phase() instanceof Phase.Jumping(_, long jumping, _)
                                && jumping == failed.op())
                        || (state.phase() instanceof Phase.Opening phase
                                && phase.op() == failed.op());
        if (!mine) {
            return Transition.to(state);
        }
        if (failed.missing()) {
            return opening.drop(state, failed.why());
        }
        return switch (state.phase()) {
            case Phase.Opening phase -> opening.failed(state, phase, failed.why());
            case Phase.Jumping(Term term, _, Jump jump) ->
                    Transition.to(state.with(new Phase.Jumping(term, 0, jump)));
            case Phase.FencingPeer _, Phase.Draining _, Phase.Barrier _, Phase.Claiming _ ->
                    opening.drop(state, failed.why());
        };
    }

    /// A restarted server may have lost the unsynced end on which the start sequence rests. A sole
    /// right that was journalled stands: the next start under it begins with a new barrier.
    private Transition ownLost(Promoting state, String why) {
        return opening.drop(state, why);
    }

    private Transition peerHeard(Promoting state, Report peer) {
        if (isOvertaken(state, peer)) {
            return opening.drop(state, "the peer went on by itself");
        }
        return switch (state.phase()) {
            case Phase.Claiming claiming -> claimHeard(state, claiming, peer);
            case Phase.Jumping _, Phase.Opening _ -> Transition.to(state);
            case Phase.FencingPeer _, Phase.Draining _, Phase.Barrier _ -> reconsider(state, peer);
        };
    }

    /// Whether the peer, which heard nothing of this node, went on by itself meanwhile (rule K3):
    /// it may have shown what is not here, and whoever opened beside it would show that state again
    /// until it closes (rules C2, G5). What it said before is of an older term.
    private static boolean isOvertaken(Promoting state, Report peer) {
        boolean given =
                state.cause() == Cause.GRANT
                        || (state.phase() instanceof Phase.Opening opening && !opening.alone());
        Term term = peer.term();
        boolean leads = peer.leads() && term != null && term.number() >= state.number();
        boolean samePair = !peer.isOfOtherPair(state.memory().journal().pairId());
        return samePair
                && ((given && peer.standing().alone()) || ((given || state.isCertain()) && leads));
    }

    /// Rule K1: with the loser's consent the claim becomes the term.
    private Transition claimHeard(Promoting state, Phase.Claiming claiming, Report peer) {
        Memory memory = state.memory();
        Consent consent = peer.pact().consent();
        Term claim = claiming.claim();
        if (consent != null
                && consent.number() == claim.number()
                && consent.who().equals(settings.node())) {
            boolean equalEnds =
                    consent.endSeq() == claim.startSeq() - 1 && Contact.equalEnds(memory, peer);
            Memory answered = memory.withAnsweredAsk(consent.counter());
            return moves.open(state.with(answered), claim, !equalEnds);
        }
        if (peer.leads()) {
            return opening.drop(state, "the peer leads");
        }
        return switch (contact.decide(memory, peer)) {
            case Contact.Verdict.Claim _ -> renew(state, peer, claim);
            case Contact.Verdict.Patience _ -> Transition.to(state);
            case Contact.Verdict.Follow _, Contact.Verdict.Yield _, Contact.Verdict.Impasse _ ->
                    opening.drop(state, "the contest's outcome changed");
        };
    }

    /// A number that the peer has used cannot be consented to any more: claim with a higher one.
    private Transition renew(Promoting state, Report peer, Term claim) {
        return peer.standing().highestTerm() >= claim.number()
                ? moves.barrier(state.numbered(state.memory().highestKnown() + 1))
                : Transition.to(state);
    }

    /// Rule K4: a leader that is heard again in its term is not gone; the attempt is dropped before
    /// it is certain. The resigned leader's word is no sign of life.
    private Transition reconsider(Promoting state, Report peer) {
        boolean leads = peer.leads() || peer.role() == Role.HANDING_OVER;
        boolean granted = state.cause() == Cause.GRANT;
        return leads && !granted && !isLate(state, peer)
                ? opening.drop(state, "the peer leads")
                : Transition.to(state);
    }

    /// Whether a leader said it before its server ended: it may arrive behind that.
    ///
    /// Nobody else takes a report for late because of a refused dial: it may be refused to this
    /// node only, as by a firewall, and the leader's later term must be heard of all the same.
    private static boolean isLate(Promoting state, Report peer) {
        Memory memory = state.memory();
        Term term = peer.term();
        return state.reason() == Reason.PEER_KILLED
                && memory.peer().link() == Peer.Link.REFUSED
                && term != null
                && term.number() <= memory.journal().highestTerm();
    }

    /// Whether what this node opens by, the peer's word, may have been taken back while it slept
    /// (rules G4, K3): it closes its stream again, and contact says.
    private boolean mayBeVoid(Promoting state, Event.Ticked tick) {
        return tick.slept() > settings.timing().pause()
                && state.phase() instanceof Phase.Opening opening
                && !opening.alone();
    }

    /// A claim is not waited for without contact; an opening of unknown outcome is looked at again.
    private Transition ticked(Promoting state) {
        if (state.phase() instanceof Phase.Opening phase && phase.op() == 0) {
            Memory memory = state.memory().counted();
            return Transition.to(
                    state.with(memory).with(phase.at(memory.counter())),
                    new Action.ReadOwn(memory.counter()));
        }
        if (state.phase() instanceof Phase.Jumping(_, long op, _) && op == 0) {
            return moves.begin(Transition.to(state), state.phase());
        }
        if (!(state.phase() instanceof Phase.Claiming claiming)) {
            return Transition.to(state);
        }
        long heard = Math.max(claiming.since(), state.memory().peer().heardAt());
        return state.memory().now() - heard >= settings.timing().peerTimeout()
                ? opening.drop(state, "no consent came")
                : Transition.to(state);
    }

    /// Gives up an attempt that is not certain yet.
    Transition dropped(Promoting state, String why) {
        return opening.drop(state, why);
    }

    /// Rule K3: certain promotions say so, all others give way.
    private Transition withdrawn(Promoting state, Event.WithdrawHeard withdrawal) {
        if (withdrawal.number() != state.number()) {
            return Withdrawals.voided(moves, state, withdrawal);
        }
        if (state.isCertain()) {
            return Withdrawals.tooLate(state, withdrawal);
        }
        Transition voided = Withdrawals.voided(moves, state, withdrawal);
        return voided.and(opening.drop((Promoting) voided.state(), "the grant was withdrawn"));
    }

    private Transition stop(Promoting state) {
        Transition stopped = moves.stop(state.memory());
        return state.request() == 0
                ? stopped
                : stopped.then(
                        new Action.Reply(
                                state.request(), new Answer.Unknown("this node is stopping")));
    }
}
