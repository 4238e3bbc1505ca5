package dev.twonode.simulation;

import dev.twonode.protocol.Consent;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Handover;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.Term;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a node acts on is on its disk: the numbers that it uses or promised (T1, K1), and the end
/// of its sole right before it consents, follows or counts on a follower (A3, A4).
final class PromisesAreJournalled implements Invariant {

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            State state = Cluster.stateOf(node).orElse(null);
            String wrong = state == null ? null : wrong(state, node.disk());
            if (wrong != null) {
                return Optional.of(node + " " + wrong + ", and its journal says " + node.disk());
            }
        }
        return Optional.empty();
    }

    private static @Nullable String wrong(State state, Journal disk) {
        Consent consent = state.memory().consent();
        if (consent != null && consent.number() > disk.highestTerm()) {
            return "consents to number " + consent.number();
        }
        if (consent != null && disk.alone()) {
            return "consents with a sole right";
        }
        if (state.reason() == Reason.JOURNAL_FAILED) {
            return null;
        }
        long number = number(state);
        if (number > disk.highestTerm()) {
            return "uses number " + number;
        }
        Term term = term(state);
        if (term != null && !disk.history().terms().contains(term)) {
            return "acts on term " + term;
        }
        if (disk.alone() && hasNoRight(state)) {
            return "has given its sole right away";
        }
        return null;
    }

    /// The number that a node has begun to use. One that was granted to it is journalled with its
    /// term.
    private static long number(State state) {
        return switch (state) {
            case Following following -> following.term().number();
            case Leading leading ->
                    leading.change() instanceof Change.Numbered(_, long number, _) ? number : 0;
            case Promoting promoting -> {
                boolean granted = promoting.reason() == Reason.GRANTED;
                yield switch (promoting.phase()) {
                    case Phase.FencingPeer _, Phase.Draining _ -> 0;
                    case Phase.Barrier _ -> granted ? 0 : promoting.number();
                    case Phase.Claiming _, Phase.Jumping _, Phase.Opening _ -> promoting.number();
                };
            }
            case State.Starting _,
                    State.Joining _,
                    HandingOver _,
                    State.Waiting _,
                    State.Stopped _ ->
                    0;
        };
    }

    private static @Nullable Term term(State state) {
        return switch (state) {
            case Leading leading ->
                    leading.change() instanceof Change.Confirming(_, Term term, _)
                            ? term
                            : leading.change() instanceof Change.None ? leading.term() : null;
            case Promoting promoting ->
                    promoting.phase() instanceof Phase.Opening phase ? phase.term() : null;
            case HandingOver handingOver ->
                    handingOver.step() instanceof Handover.Granting(_, Term term) ? term : null;
            case State.Starting _, State.Joining _, Following _, State.Waiting _, State.Stopped _ ->
                    null;
        };
    }

    private static boolean hasNoRight(State state) {
        return state instanceof Following
                || (state instanceof Leading leading
                        && leading.mode() == Mode.BOTH
                        && leading.change() instanceof Change.None);
    }
}
