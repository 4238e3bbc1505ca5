package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.Term;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Whoever starts to lead holds everything that was committed, under the same sequences.
final class CommittedIsKept implements Invariant {

    private final Map<NodeName, Term> checked = new LinkedHashMap<>();

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            boolean starts =
                    Cluster.stateOf(node).orElse(null) instanceof Leading leading
                            && node.server().isRunning()
                            && !leading.term().equals(checked.put(node.name(), leading.term()));
            StoredContent missing = starts ? cluster.ledger().missing(node) : null;
            if (missing != null) {
                return Optional.of(
                        "%s leads, and of the committed %s holds there: %s"
                                .formatted(
                                        node,
                                        missing,
                                        Content.of(node.server()).at(missing.sequence())));
            }
        }
        return Optional.empty();
    }
}
