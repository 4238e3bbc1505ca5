package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Session;
import dev.twonode.protocol.State.Stage;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Sync;
import dev.twonode.protocol.State.Waiting;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ways into a state that several states share.
final class Moves {

    private final Settings settings;
    private final Losses losses;

    Moves(Settings settings) {
        this.settings = settings;
        this.losses = new Losses(settings);
    }

    /// The mark that this node puts on its own stream when it closes it.
    Mark mark(Memory memory) {
        return new Mark(memory.journal().highestTerm(), settings.node());
    }

    /// Writes the journal if it is not on the disk as it is.
    Transition journal(State state, Journal journal) {
        boolean written = state.reason() != Reason.JOURNAL_FAILED;
        if (written && journal.equals(state.memory().journal())) {
            return Transition.to(state);
        }
        return Transition.to(state.with(state.memory().with(journal)), new Action.Persist(journal));
    }

    /// Fences the own stream and looks for the peer.
    Transition fence(Memory memory, Reason reason) {
        Joining joining = new Joining(memory, reason, memory.now(), Joining.TO_FENCE);
        return memory.own().connected() ? sendFence(joining) : Transition.to(joining);
    }

    Transition sendFence(Joining state) {
        Memory memory = state.memory().counted();
        return Transition.to(
                state.with(memory).fencing(memory.counter()), fenceOwn(memory, mark(memory)));
    }

    /// Fences the own stream under the newest counter. A mark of the other node is overwritten only
    /// once it was seen, and has ended the sole right (rule S1).
    Action.FenceOwn fenceOwn(Memory memory, Mark mark) {
        Reading reading = memory.own().reading();
        boolean seen = reading != null && reading.fencedByOther(settings.node());
        Care care = memory.journal().alone() ? Care.CHANGES : seen ? Care.NONE : Care.MARKS;
        return new Action.FenceOwn(memory.counter(), mark, care);
    }

    /// Reads the own stream before anything is done to it: while nobody looked, the peer may have
    /// fenced it (rules S1, G4).
    Transition look(Memory memory, Reason reason) {
        Memory counted = memory.counted();
        return Transition.to(
                new Starting(counted, reason, counted.now(), counted.counter()),
                new Action.ReadOwn(counted.counter()));
    }

    /// Looks for the peer with a stream that is fenced already.
    Transition join(Memory memory, Reason reason) {
        if (!memory.own().usable()) {
            return memory.own().connected() ? look(memory, reason) : fence(memory, reason);
        }
        return Transition.to(new Joining(memory, reason, memory.now(), Joining.FENCED));
    }

    /// Follows a leader, which has this node's consent from now on (rules K1, A4, T4). A consent
    /// that was given to the leader's claim is this node's first in-sync request, if the leader
    /// counts it as one: both ends were equal.
    Transition follow(Memory memory, Report leader, Reason reason) {
        Term term = Objects.requireNonNull(leader.term());
        Report.Sender sender = leader.sender();
        Journal journal =
                memory.journal()
                        .withPairId(Objects.requireNonNull(sender.pairId()))
                        .withAlone(false)
                        .withHighestTerm(term.number())
                        .withUnshown(null)
                        .leftOutBy(leader.standing().history());
        Consent given = memory.consent();
        Memory consenting = memory;
        Sync sync = Sync.NONE;
        if (given != null
                && given.number() == term.number()
                && given.counter() == leader.pact().told()) {
            sync = new Sync(given.counter(), false, 0);
        } else {
            consenting = consent(memory, term.number(), sender.node());
        }
        Session session =
                new Session(
                        0,
                        sender.process(),
                        Objects.requireNonNullElse(leader.store().serverId(), ""),
                        Objects.requireNonNullElse(memory.own().serverId(), ""),
                        Stage.IDLE,
                        null,
                        memory.now());
        return journal(new Following(consenting, reason, term, session, sync), journal);
    }

    /// Follows the node that was handed the lead. Both ends were equal, so this one starts in sync:
    /// its consent is its request (rule K1), which the report that tells of the term may answer
    /// already.
    static Following followSuccessor(Memory memory, Term term) {
        Report peer = Objects.requireNonNull(memory.peer().report());
        Consent consent = Objects.requireNonNull(memory.consent());
        Session session =
                new Session(
                        0,
                        peer.sender().process(),
                        Objects.requireNonNullElse(peer.store().serverId(), ""),
                        Objects.requireNonNullElse(memory.own().serverId(), ""),
                        Stage.HANDED_OVER,
                        null,
                        memory.now());
        boolean told =
                memory.own().usable()
                        && peer.holdsLead()
                        && term.equals(peer.term())
                        && peer.pact().told() == consent.counter()
                        && !peer.pact().leave();
        Sync sync = new Sync(consent.counter(), told, 0);
        return new Following(memory, Reason.HANDED_OVER, term, session, sync);
    }

    /// Remembers a consent to be told with the next report. What has to survive a restart of it,
    /// the number and the end of being alone, is journalled by the caller before.
    Memory consent(Memory memory, long number, NodeName who) {
        Memory counted = memory.counted();
        long end = memory.own().usable() ? memory.own().lastSeq() : Consent.UNKNOWN;
        return counted.withConsent(new Consent(number, who, end, counted.counter()));
    }

    /// Copies what the peer's fenced stream holds up to its barrier (rule G3).
    ///
    /// @param inSync whether this node may lead without it
    Transition drain(Promoting state, long barrier, boolean inSync) {
        Memory memory = state.memory().counted();
        return Transition.to(
                state.with(memory).with(new Phase.Draining(memory.counter(), barrier, inSync)),
                new Action.Drain(memory.counter(), barrier, mark(memory)));
    }

    /// Starts a promotion by taking the own barrier under a new number (rules T1, G5).
    Transition promote(Memory memory, Reason reason, Cause cause) {
        long number = memory.highestKnown() + 1;
        return barrier(new Promoting(memory, reason, cause, new Phase.Barrier(0), number, 0));
    }

    /// Takes the own barrier under the promotion's number, which is journalled first.
    Transition barrier(Promoting state) {
        Memory memory = state.memory().counted();
        Journal journal = memory.journal().withHighestTerm(state.number());
        Mark mark = new Mark(state.number(), settings.node());
        return journal(state.with(memory).with(new Phase.Barrier(memory.counter())), journal)
                .then(fenceOwn(memory, mark));
    }

    /// Journals the term, and the jump without which it must not be opened, and starts what is due
    /// behind this node's own fence. From here on there is no way back into an earlier state (rules
    /// G5, J1). All that is here is safe by the right to lead: a store that loses it must be found
    /// out (rule S4).
    Transition open(Promoting state, Term term, boolean alone) {
        Memory memory = state.memory();
        Reading reading = Objects.requireNonNull(memory.own().reading());
        Jump jump = losses.of(state, term);
        long end = Math.max(memory.commit(), term.startSeq() - 1);
        Journal journal =
                memory.journal()
                        .withHighestTerm(term.number())
                        .withHistory(memory.journal().history().with(term))
                        .withUnshown(jump == null ? unshown(state, term) : null)
                        .withCreated(reading.created())
                        .withResync(false)
                        .withFencedIn(0)
                        .withVoidFrom(0)
                        .withOrigin(memory.journal().origin().leading(reading.serverId()))
                        .withAlone(alone || jump != null)
                        .withCommit(end, memory.journal().ceiling())
                        .withCeiling(settings.ceiling(jump == null ? end : jump.to()));
        if (journal.pairId() == null) {
            journal = journal.withPairId(pairId(memory));
        }
        Promoting certain = state.with(memory.withConsent(null).withCommit(end));
        if (jump == null) {
            Phase opening = new Phase.Opening(term, 0, alone, memory.now());
            return begin(journal(certain, journal), opening);
        }
        return begin(journal(certain, journal.withJump(jump)), new Phase.Jumping(term, 0, jump));
    }

    /// Who takes over in sync holds all that was shown (rule J1). Of a term that owns nothing here
    /// nothing was, though its leader may hold more of it (rule J2).
    private static @Nullable Term unshown(Promoting state, Term term) {
        Journal journal = state.memory().journal();
        Optional<Term> replaced =
                state.cause() == Cause.FAILOVER
                        ? journal.history().replacedBy(term)
                        : Optional.empty();
        return replaced.orElse(journal.unshown());
    }

    /// Starts what a certain promotion does next, or does it again after an outcome that is
    /// unknown.
    Transition begin(Transition before, Phase phase) {
        Promoting state = (Promoting) before.state();
        Memory memory = state.memory().counted();
        long op = memory.counter();
        return switch (phase) {
            case Phase.Jumping(Term term, _, Jump jump) when memory.own().lastSeq() < jump.to() ->
                    before.and(
                            Transition.to(
                                    state.with(memory).with(new Phase.Jumping(term, op, jump)),
                                    new Action.JumpOwn(op, fence(memory, term), jump.to())));
            case Phase.Jumping(Term term, _, _) ->
                    begin(before, new Phase.Opening(term, 0, true, memory.now()));
            case Phase.Opening opening ->
                    before.and(
                            Transition.to(
                                    state.with(memory).with(opening.at(op)),
                                    new Action.OpenOwn(op, fence(memory, opening.term()))));
            case Phase.FencingPeer _, Phase.Draining _, Phase.Barrier _, Phase.Claiming _ ->
                    throw new IllegalStateException("not certain yet: " + phase);
        };
    }

    /// The fence that the stream has to have still, as it was read last.
    private Mark fence(Memory memory, Term term) {
        return ownFence(memory).orElse(new Mark(term.number(), settings.node()));
    }

    /// The identity that the peer knows already, else a new one (rule T5).
    private String pairId(Memory memory) {
        Report peer = memory.peer().report();
        String known = peer == null ? null : peer.sender().pairId();
        return Objects.requireNonNullElse(known, settings.newPairId());
    }

    /// The fence that this node put on its own stream, as it was read last.
    Optional<Mark> ownFence(Memory memory) {
        Reading reading = memory.own().reading();
        return reading != null
                        && reading.face() instanceof Reading.Face.Fenced(Mark mark)
                        && mark.by().equals(settings.node())
                ? Optional.of(mark)
                : Optional.empty();
    }

    /// Whether the own stream can be fenced without wiping out the peer's mark unseen.
    boolean mayFence(Memory memory) {
        Reading reading = memory.own().reading();
        return memory.own().connected()
                && reading != null
                && !reading.fencedByOther(settings.node());
    }

    /// Leaves a leader that shall not wait for this node (rule K1).
    Memory leave(Following state) {
        return consent(state.memory(), state.term().number(), state.term().leader());
    }

    Transition await(Memory memory, Reason reason, String detail) {
        return Transition.to(new Waiting(memory, reason, memory.now(), detail, 0));
    }

    /// Ends at once, with the stream as it is.
    Transition halt(Memory memory) {
        return Transition.to(new Stopped(memory, Reason.STOPPING, memory.now()), new Action.Halt());
    }

    /// Ends with the stream fenced. A foreign fence stays as it is: the next start has to see it.
    Transition stop(Memory memory) {
        if (!mayFence(memory)) {
            return halt(memory);
        }
        Memory counted = memory.counted();
        return Transition.to(
                new Stopped(counted, Reason.STOPPING, memory.now()),
                fenceOwn(counted, mark(counted)));
    }

    /// Answers a request without a change of state.
    static Transition refuse(State state, long request, Answer.Code code, String why) {
        return Transition.to(state, new Action.Reply(request, new Answer.Refused(code, why)));
    }
}
