package dev.twonode.simulation;

import dev.twonode.protocol.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The two nodes and what is known of their common past.
record Cluster(
        World world,
        SimulatedNode a,
        SimulatedNode b,
        Writers writers,
        Ledger ledger,
        Hearing hearing) {

    List<SimulatedNode> nodes() {
        return List.of(a, b);
    }

    /// The power of a node fails. Whoever has servers that do not force their writes to the disk
    /// was promised nothing about what is lost with it; about anything else it was.
    void powerFails(SimulatedNode node, int kept) {
        Content before = Content.of(node.server());
        node.cutPower(kept);
        Content left = Content.of(node.server());
        if (left.lastSeq() < before.lastSeq()) {
            Content elsewhere = Content.of(node.peer().server());
            node.hasLost();
            Predicate<StoredContent> taken =
                    content -> content.sequence() > left.lastSeq() && before.accountsFor(content);
            ledger.forget(taken.and(committed -> !elsewhere.accountsFor(committed)));
            Set<StoredContent> saved = SavedStreams.of(nodes());
            writers.forget(taken.and(write -> !elsewhere.holds(write) && !saved.contains(write)));
        }
    }

    /// The state of a node whose agent runs.
    static Optional<State> stateOf(SimulatedNode node) {
        return node.agent().map(SimulatedAgent::state);
    }
}
