package dev.twonode.simulation;

import dev.twonode.protocol.State;
import java.util.List;
import java.util.Optional;

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
    /// was promised nothing about what is lost with it.
    void powerFails(SimulatedNode node, int kept) {
        long before = Content.of(node.server()).lastSeq();
        node.cutPower(kept);
        Content left = Content.of(node.server());
        if (left.lastSeq() < before) {
            Content elsewhere = Content.of(node.peer().server());
            node.hasLost();
            ledger.forget(committed ->
                    committed.sequence() > left.lastSeq() && !elsewhere.accountsFor(committed));
            writers.forget(write ->
                    write.sequence() > left.lastSeq()
                            && !left.holds(write)
                            && !elsewhere.holds(write));
        }
    }

    /// The state of a node whose agent runs.
    static Optional<State> stateOf(SimulatedNode node) {
        return node.agent().map(SimulatedAgent::state);
    }
}
