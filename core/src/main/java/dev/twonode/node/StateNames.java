package dev.twonode.node;

import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Waiting;
import dev.twonode.protocol.Term;
import java.util.Optional;

/// How a state is called in logs and in the event history.
public final class StateNames {

    private StateNames() {}

    /// The state's name as the design writes it, with the mode of a leader.
    public static String of(State state) {
        return switch (state) {
            case Starting _ -> "Starting";
            case Joining _ -> "Joining";
            case Following _ -> "Following";
            case Promoting _ -> "Promoting";
            case Leading leading -> "Leading(" + leading.mode() + ")";
            case HandingOver _ -> "HandingOver";
            case Waiting _ -> "Waiting";
            case Stopped _ -> "Stopped";
        };
    }

    /// What a node in that state does, in words.
    public static String words(State state) {
        return switch (state) {
            case Starting _ -> "starts";
            case Joining _ -> "joins";
            case Following _ -> "follows";
            case Promoting _ -> "is about to lead";
            case Leading leading -> leading.mode() == Mode.ALONE ? "leads alone" : "leads";
            case HandingOver _ -> "hands over";
            case Waiting _ -> "waits";
            case Stopped _ -> "ends";
        };
    }

    /// Number of the term that the node leads or follows; otherwise of its newest one.
    public static long term(State state) {
        return present(state)
                .or(() -> state.memory().journal().history().last())
                .map(Term::number)
                .orElse(0L);
    }

    /// Whether the node leads or follows.
    static boolean isInTerm(State state) {
        return present(state).isPresent();
    }

    private static Optional<Term> present(State state) {
        return switch (state) {
            case Following following -> Optional.of(following.term());
            case Leading leading -> Optional.of(leading.term());
            case HandingOver handingOver -> Optional.of(handingOver.term());
            case Starting _, Joining _, Promoting _, Waiting _, Stopped _ -> Optional.empty();
        };
    }
}
