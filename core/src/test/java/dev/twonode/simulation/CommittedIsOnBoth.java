package dev.twonode.simulation;

import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.replication.StoredMessage;
import java.util.Optional;

/// What a leader that counts on its follower commits is in both streams.
final class CommittedIsOnBoth implements Invariant {

    private long checked;

    @Override
    public Optional<String> check(Cluster cluster) {
        if (!cluster.world().swarm().syncsAlways()) {
            return Optional.empty();
        }
        for (SimulatedNode node : cluster.nodes()) {
            if (Cluster.stateOf(node).orElse(null) instanceof Leading leading
                    && leading.mode() == Mode.BOTH
                    && leading.change() instanceof Change.None
                    && leading.memory().commit() > checked) {
                long commit = leading.memory().commit();
                Content copy = Content.of(node.peer().server());
                for (StoredMessage message : node.server().content(checked + 1, commit)) {
                    StoredContent stored = StoredContent.of(message);
                    if (!copy.accountsFor(stored)) {
                        return Optional.of(
                                "%s committed %s, and its follower holds there: %s"
                                        .formatted(node, stored, copy.at(stored.sequence())));
                    }
                }
                checked = commit;
            }
        }
        return Optional.empty();
    }
}
