package dev.twonode.protocol;

import java.util.ArrayList;
import java.util.List;

/// The outcome of one step.
///
/// @param state the next state
/// @param actions what to do, in order
public record Transition(State state, List<Action> actions) {

    public Transition {
        actions = List.copyOf(actions);
    }

    static Transition to(State state, Action... actions) {
        return new Transition(state, List.of(actions));
    }

    /// This transition with further actions at its end.
    Transition then(Action... more) {
        List<Action> all = new ArrayList<>(actions);
        all.addAll(List.of(more));
        return new Transition(state, all);
    }

    /// Carries on from this transition's state; its actions come first.
    Transition and(Transition next) {
        List<Action> all = new ArrayList<>(actions);
        all.addAll(next.actions);
        return new Transition(next.state, all);
    }
}
