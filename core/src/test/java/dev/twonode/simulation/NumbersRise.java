package dev.twonode.simulation;

import dev.twonode.protocol.Journal;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.Term;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The highest number in a journal never falls, and a node leads only in a term that its journal
/// knows.
final class NumbersRise implements Invariant {

    private final Map<NodeName, Long> highest = new LinkedHashMap<>();

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            Journal disk = node.disk();
            Long before = highest.put(node.name(), disk.highestTerm());
            if (before != null && before > disk.highestTerm()) {
                return Optional.of(
                        "%s's journal went back from %d to %d"
                                .formatted(node, before, disk.highestTerm()));
            }
            if (Cluster.stateOf(node).orElse(null) instanceof Leading leading
                    && leading.change() instanceof Change.None) {
                Term term = leading.term();
                if (!disk.history().terms().contains(term)) {
                    return Optional.of(
                            node + " leads " + term + ", which its journal does not know");
                }
            }
        }
        return Optional.empty();
    }
}
