package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.Term;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a leader has committed stays committed, and is in its stream.
final class CommitNeverFalls implements Invariant {

    private record Seen(Term term, long commit) {}

    private final Map<NodeName, Seen> seen = new LinkedHashMap<>();

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            if (Cluster.stateOf(node).orElse(null) instanceof Leading leading) {
                Seen now = new Seen(leading.term(), leading.memory().commit());
                Seen before = seen.put(node.name(), now);
                if (before != null
                        && before.term().equals(now.term())
                        && before.commit() > now.commit()) {
                    return Optional.of(node + "'s commit fell: " + before + ", then " + now);
                }
                long standing =
                        cluster.ledger().standing().isEmpty()
                                ? 0
                                : cluster.ledger().standing().lastKey();
                boolean starts = before == null || !before.term().equals(now.term());
                if (starts && !cluster.ledger().isVoid(node) && now.commit() < standing) {
                    return Optional.of(
                            "%s leads with commit %d, and %d was committed"
                                    .formatted(node, now.commit(), standing));
                }
            }
        }
        return Optional.empty();
    }
}
