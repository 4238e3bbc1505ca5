package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.Term;
import dev.twonode.replication.Face;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// No two nodes lead under one number, unless both had nothing but the other's silence to go by, or
/// one had closed the other's stream before.
final class OneLeaderPerTerm implements Invariant {

    private final Map<Long, Set<NodeName>> leaders = new LinkedHashMap<>();

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            Term term = led(node);
            if (term != null) {
                Set<NodeName> names =
                        leaders.computeIfAbsent(term.number(), _ -> new LinkedHashSet<>());
                boolean second = names.add(node.name()) && names.size() == 2;
                if (second && !cluster.ledger().mayBothLead(node) && !drained(node)) {
                    return Optional.of("%s led under number %d".formatted(names, term.number()));
                }
            }
        }
        return Optional.empty();
    }

    /// Whether it fenced the other's stream and copied all of it, without having heard of its term.
    private static boolean drained(SimulatedNode node) {
        boolean open =
                node.peer()
                        .server()
                        .facts()
                        .filter(facts -> facts.face() instanceof Face.Open)
                        .isPresent();
        return !open
                && Cluster.stateOf(node)
                        .filter(state -> state.reason() == Reason.PEER_AGENT_SILENT)
                        .isPresent();
    }

    private static @Nullable Term led(SimulatedNode node) {
        return switch (Cluster.stateOf(node).orElse(null)) {
            case Leading leading -> leading.term();
            case HandingOver handingOver -> handingOver.term();
            case null, default -> null;
        };
    }
}
