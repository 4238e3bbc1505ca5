package dev.twonode.protocol;

import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Handover;
import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;
import java.util.Objects;

/// Rules K1 and K3: the grant of a handover, its answers, and how it is taken back.
final class GrantSteps {

    private static final Answer UNANSWERED =
            new Answer.Unknown("the follower did not answer the grant");

    private final Settings settings;
    private final Moves moves;
    private final HandoverEnds ends;
    private final CopySteps copying;

    GrantSteps(Settings settings, Moves moves, HandoverEnds ends) {
        this.settings = settings;
        this.moves = moves;
        this.ends = ends;
        this.copying = new CopySteps(settings, moves);
    }

    /// What has to survive of the consent, the number and that this node has no sole right, is on
    /// the disk since before the gateways held (rule K1). That the term is an entry of the history
    /// too need not be waited for: it owns nothing that is here. Only a number that the peer has
    /// used meanwhile is journalled first.
    Transition grant(HandingOver state, long barrier) {
        Memory memory = state.memory();
        NodeName who = Objects.requireNonNull(memory.peer().report()).sender().node();
        long number = memory.unusedNumber();
        Term term = new Term(number, who, barrier + 1);
        Transition numbered = moves.journal(state, memory.journal().withHighestTerm(number));
        Memory known = numbered.state().memory();
        Memory consenting =
                moves.consent(known.withCommit(Math.max(known.commit(), barrier)), number, who);
        Memory counted = consenting.counted();
        Consent consent = Objects.requireNonNull(counted.consent());
        HandingOver granting =
                state.with(counted).with(new Handover.Granting(counted.counter(), term));
        Journal journal = counted.journal();
        return numbered.and(
                Transition.to(granting, new Action.Grant(counted.counter(), term, consent))
                        .and(
                                moves.journal(
                                        granting,
                                        journal.withHistory(journal.history().with(term)))));
    }

    Transition answered(HandingOver state, Event.GrantAnswered answer) {
        if (state.step() instanceof Handover.Granting(long op, Term term) && op == answer.op()) {
            return answer.done() ? handedOver(state, term, led(term)) : withdraw(state, term, true);
        }
        if (state.step() instanceof Handover.Withdrawing(long op, Term term, _)
                && op == answer.op()) {
            return answer.done() ? takenBack(state, term) : bound(state, term, answer.why());
        }
        return Transition.to(state);
    }

    /// Asked again and again until there is an answer or the peer counts as gone.
    Transition unanswered(HandingOver state, long op) {
        if (state.step() instanceof Handover.Granting(long own, Term term) && own == op) {
            return withdraw(state, term, false);
        }
        return state.step() instanceof Handover.Withdrawing(long own, Term term, boolean refused)
                        && own == op
                ? Transition.to(state.with(new Handover.Withdrawing(0, term, refused)))
                : Transition.to(state);
    }

    /// A node that stops needs no answer: its consent stands, and it is fenced.
    ///
    /// @param refused whether the peer refused the grant
    Transition withdraw(HandingOver state, Term term, boolean refused) {
        if (state.ending().stopping()) {
            return moves.stop(state.memory());
        }
        Memory memory = state.memory().counted();
        return Transition.to(
                state.with(memory).with(new Handover.Withdrawing(memory.counter(), term, refused)),
                new Action.Withdraw(memory.counter(), term.number()));
    }

    static Answer led(Term term) {
        return new Answer.Led(term);
    }

    /// The follower cannot go back any more. Whether its server has opened the stream is another
    /// thing: nobody is told so before it says that it leads.
    private Transition bound(HandingOver state, Term term, String why) {
        Report peer = state.memory().peer().report();
        boolean leads = peer != null && peer.leads() && term.equals(peer.term());
        return handedOver(
                state,
                term,
                leads
                        ? led(term)
                        : new Answer.Unknown(
                                why + "; 'twonode status' on " + term.leader() + " says more"));
    }

    /// The follower leads, or is bound to: this node follows it, or stops. Until it copies, what
    /// clients write with `--commit both` is shown to nobody.
    Transition handedOver(HandingOver state, Term term, Answer answer) {
        Memory memory = state.memory();
        Transition next;
        if (state.ending().stopping()) {
            next = moves.stop(moves.consent(memory, term.number(), term.leader()));
        } else {
            next = copying.proceed(Moves.followSuccessor(memory, term));
        }
        return HandoverEnds.replied(state, next, answer);
    }

    /// The number is void on the peer: everything is decided anew on contact.
    private Transition takenBack(HandingOver state, Term term) {
        Transition voided = voidGrant(state, term);
        Transition joined =
                moves.join(voided.state().memory().withConsent(null), Reason.GRANT_WITHDRAWN);
        Transition met = joined.and(ends.meet(joined.state()));
        return ends.end(
                state,
                voided.and(met),
                new Answer.Refused(Answer.Code.NOT_IN_SYNC, "the follower did not take the lead"));
    }

    /// Whether a peer that refused the grant can never take it: it follows nobody now, is in sync
    /// no more, and did not journal the granted term, so that it has opened nothing under it. One
    /// whose journal cannot be written answers no withdrawal.
    static boolean isLapsed(HandingOver state, Report peer) {
        return state.step() instanceof Handover.Withdrawing(_, Term term, boolean refused)
                && refused
                && peer.role() == Role.WAITING
                && !peer.standing().history().terms().contains(term);
    }

    /// Takes back what the peer cannot take any more.
    Transition lapsed(HandingOver state) {
        Term term = Objects.requireNonNull(state.step().granted());
        return voidGrant(state.with(state.memory().withConsent(null)), term);
    }

    private Transition voidGrant(HandingOver state, Term term) {
        Journal journal = state.memory().journal();
        return moves.journal(state, journal.withHistory(journal.history().without(term.number())));
    }

    /// Rule K3: neither an answer nor a sign of life. The peer's stream is fenced if its server
    /// answers; then this node goes on above the granted number. If the own server ended meanwhile,
    /// the peer may have gone on by itself, on a server that does not answer now: contact decides.
    Transition fencePeer(HandingOver state) {
        if (!(state.step() instanceof Handover.Withdrawing(_, Term term, _))) {
            return Transition.to(state);
        }
        if (!isServerOfTerm(state.memory())) {
            return ends.end(
                    state, moves.fence(state.memory(), Reason.GRANT_UNANSWERED), UNANSWERED);
        }
        Memory memory = state.memory().counted();
        return Transition.to(
                state.with(memory).with(new Handover.FencingPeer(memory.counter(), term)),
                new Action.FencePeer(memory.counter(), new Mark(term.number(), settings.node())));
    }

    private static boolean isServerOfTerm(Memory memory) {
        Reading reading = memory.own().reading();
        return reading != null && reading.serverId().equals(memory.journal().origin().led());
    }

    /// What the peer's stream holds beyond the grant was written under it, and may have been
    /// committed by the peer alone: it is copied first (rule G3).
    Transition peerFenced(HandingOver state, long op, long barrier) {
        if (!isFencing(state, op)) {
            return Transition.to(state);
        }
        Memory memory = state.memory().withConsent(null);
        if (barrier <= memory.own().lastSeq()) {
            return goOn(state);
        }
        Phase fenced = new Phase.FencingPeer(op, false);
        Promoting promoting =
                new Promoting(memory, Reason.GRANT_UNANSWERED, Cause.FAILOVER, fenced, 0, 0);
        return ends.end(state, moves.drain(promoting, barrier, false), UNANSWERED);
    }

    Transition peerNotFenced(HandingOver state, long op) {
        return isFencing(state, op) ? goOn(state) : Transition.to(state);
    }

    private static boolean isFencing(HandingOver state, long op) {
        return state.step() instanceof Handover.FencingPeer(long own, _) && own == op;
    }

    private Transition goOn(HandingOver state) {
        return ends.end(
                state,
                moves.promote(
                        state.memory().withConsent(null), Reason.GRANT_UNANSWERED, Cause.FAILOVER),
                UNANSWERED);
    }
}
