package dev.twonode.simulation;

import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Leading;
import dev.twonode.replication.StoredMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A follower that is in sync holds a prefix of what its leader holds. What clients wrote where the
/// power had taken a fence may stay until both are level, and then goes.
final class InSyncIsPrefix implements Invariant {

    private final Map<SimulatedNode, Long> verified = new LinkedHashMap<>();

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            Optional<String> wrong = check(node);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> check(SimulatedNode node) {
        State state = Cluster.stateOf(node).orElse(null);
        if (!(state instanceof Following following
                && following.sync().granted()
                && !node.isStray()
                && leads(node.peer(), following))) {
            verified.remove(node);
            return Optional.empty();
        }
        long from = verified.getOrDefault(node, 0L) + 1;
        List<StoredMessage> copied = node.server().content(from, Long.MAX_VALUE);
        if (copied.isEmpty()) {
            return Optional.empty();
        }
        Content leader = Content.of(node.peer().server());
        for (StoredMessage message : copied) {
            StoredContent stored = StoredContent.of(message);
            boolean placeholder = stored.subject().startsWith(SimulatedStream.GAP);
            if (!placeholder && !leader.accountsFor(stored)) {
                return Optional.of(
                        "%s is in sync and holds %s, its leader: %s"
                                .formatted(node, stored, leader.at(stored.sequence())));
            }
            verified.put(node, stored.sequence());
        }
        return Optional.empty();
    }

    private static boolean leads(SimulatedNode node, Following following) {
        return Cluster.stateOf(node).orElse(null) instanceof Leading leading
                && leading.term().equals(following.term())
                && node.server().isRunning()
                && following.session().leaderServer().equals(node.server().serverId());
    }
}
