package dev.twonode.protocol;

import dev.twonode.protocol.State.HandingOver;
import java.util.Objects;

/// How a handover ends that does not end with its follower leading (rules G4, H1).
final class HandoverEnds {

    private final Moves moves;
    private final JoiningSteps joining;

    HandoverEnds(Moves moves, JoiningSteps joining) {
        this.moves = moves;
        this.joining = joining;
    }

    /// While nobody looked the peer fenced this stream: the term is over, and nothing of it is this
    /// node's to give (rule G4).
    Transition replaced(HandingOver state) {
        Memory memory = state.memory();
        Transition cleared =
                moves.journal(state, memory.journal().fencedBy(memory.own().reading()));
        return end(
                state,
                cleared.and(moves.fence(cleared.state().memory(), Reason.FOREIGN_FENCE)),
                new Answer.Unknown("the peer fenced this node's stream"));
    }

    /// The peer leads in a term of its own: it took this node for gone, and needs no grant.
    Transition overtaken(HandingOver state) {
        Memory memory = state.memory();
        Transition left =
                state.isGranted()
                        ? moves.join(memory, Reason.BOTH_LED)
                        : moves.fence(memory, Reason.BOTH_LED);
        return end(
                state, left.and(meet(left.state())), new Answer.Unknown("the peer leads already"));
    }

    Transition meet(State state) {
        return state instanceof State.Joining next ? joining.meet(next) : Transition.to(state);
    }

    /// The handover failed. A node that is about to stop does so all the same: it resigns, so that
    /// its follower need not wait for silence.
    Transition end(HandingOver state, Transition next, Answer answer) {
        if (!state.ending().stopping()) {
            return replied(state, next, answer);
        }
        Memory memory = state.memory();
        long number = memory.highestKnown() + 1;
        NodeName peer = Objects.requireNonNull(memory.peer().report()).sender().node();
        Transition resigned =
                moves.journal(
                        state.with(moves.consent(memory, number, peer)),
                        memory.journal().withHighestTerm(number).withAlone(false));
        return replied(state, resigned.and(moves.stop(resigned.state().memory())), answer);
    }

    static Transition replied(HandingOver state, Transition next, Answer answer) {
        return state.ending().request() == 0
                ? next
                : next.then(new Action.Reply(state.ending().request(), answer));
    }
}
