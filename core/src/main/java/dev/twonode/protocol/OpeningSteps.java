package dev.twonode.protocol;

import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rules G5 and J1: a promotion that is certain journals its term, jumps where it has to, and
/// opens.
final class OpeningSteps {

    private final Settings settings;
    private final Moves moves;
    private final JoiningSteps joining;
    private final Losses losses;

    OpeningSteps(Settings settings, Moves moves, JoiningSteps joining) {
        this.settings = settings;
        this.moves = moves;
        this.joining = joining;
        this.losses = new Losses(settings);
    }

    /// The stream goes as far as the journal says, or did not get there yet.
    Transition jumped(Promoting state, Reading reading) {
        Transition lost = closedByOthers(state, reading);
        if (lost != null) {
            return lost;
        }
        if (reading.isOpen()
                || !(state.phase() instanceof Phase.Jumping(Term term, _, Jump jump))) {
            return drop(state, "the stream was opened");
        }
        return reading.lastSeq() < jump.to()
                ? Transition.to(state.with(new Phase.Jumping(term, 0, jump)))
                : moves.begin(Transition.to(state), state.phase());
    }

    /// A stream that somebody else edited or closed is not this node's to open (rule G4).
    @Nullable Transition closedByOthers(Promoting state, Reading reading) {
        if (reading.face() instanceof Reading.Face.Foreign(String why)) {
            return drop(state, why);
        }
        if (reading.fencedByOther(settings.node())) {
            Transition cleared = moves.journal(state, state.memory().journal().fencedBy(reading));
            return cleared.and(drop((Promoting) cleared.state(), "the peer fenced this stream"));
        }
        return null;
    }

    /// Opened, or an earlier attempt's outcome is known now.
    Transition openingRead(Promoting state, Reading reading, Phase.Opening phase) {
        if (reading.isOpen()) {
            return lead(state, phase);
        }
        Transition lost = closedByOthers(state, reading);
        return lost == null ? moves.begin(Transition.to(state), phase) : lost;
    }

    /// A server that does not open the stream is none to lead with. As long as the peer is there to
    /// lead in its place, this node takes no part, as if it had no store (rules G5, T4). Whoever
    /// has the sole right, or is by itself, goes on trying.
    Transition failed(Promoting state, Phase.Opening phase, String why) {
        Memory memory = state.memory();
        long patience = settings.timing().peerTimeout();
        boolean late = memory.now() - phase.since() >= patience;
        if (!late || memory.journal().alone() || !hasHeir(memory, patience)) {
            return Transition.to(state.with(phase.at(0)));
        }
        Memory closing = memory.counted();
        Transition waiting =
                moves.await(closing, Reason.CANNOT_OPEN, why)
                        .then(moves.fenceOwn(closing, moves.mark(closing)));
        return state.request() == 0
                ? waiting
                : waiting.then(
                        new Action.Reply(
                                state.request(), new Answer.Refused(Answer.Code.STORE_DOWN, why)));
    }

    private static boolean hasHeir(Memory memory, long patience) {
        Report peer = memory.peer().report();
        return peer != null
                && memory.now() - memory.peer().heardAt() < patience
                && peer.store().usable()
                && peer.role() != Role.STOPPED;
    }

    private Transition lead(Promoting state, Phase.Opening phase) {
        Memory memory = state.memory();
        Term term = phase.term();
        Jump jump = memory.journal().underWay();
        long last = jump == null ? term.startSeq() - 1 : jump.to();
        Follower follower = phase.alone() ? Follower.NONE : giver(memory, last);
        Mode mode = phase.alone() ? Mode.ALONE : Mode.BOTH;
        Memory leading = memory.withCommit(Math.max(memory.commit(), last));
        Transition led =
                Transition.to(
                        new Leading(
                                leading,
                                state.reason(),
                                term,
                                mode,
                                follower,
                                new State.Change.None()));
        if (state.request() != 0) {
            led = led.then(new Action.Reply(state.request(), new Answer.Led(term)));
        }
        return jump == null
                ? led.and(Losses.announce(led.state()))
                : led.and(losses.done(moves, led.state(), jump));
    }

    /// The node that granted the term starts in sync: both ends were equal (rule K1).
    private static Follower giver(Memory memory, long last) {
        Report peer = memory.peer().report();
        return peer == null
                ? Follower.NONE
                : Follower.of(
                                peer.sender().process(),
                                Objects.requireNonNullElse(peer.store().serverId(), ""),
                                last,
                                memory.now())
                        .towards(last, memory.now());
    }

    /// Gives up the attempt: fenced, and on contact everything is decided anew.
    Transition drop(Promoting state, String why) {
        Transition dropped = moves.fence(state.memory(), Reason.ATTEMPT_DROPPED);
        if (dropped.state() instanceof Joining next) {
            dropped = dropped.and(joining.meet(next));
        }
        return state.request() == 0
                ? dropped
                : dropped.then(
                        new Action.Reply(
                                state.request(), new Answer.Refused(Answer.Code.STALE, why)));
    }
}
