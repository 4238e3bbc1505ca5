package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.Showing.Policy;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.Timing;
import dev.twonode.replication.StoredMessage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a gateway of either node may have shown to a client stays: no sequence is shown with two
/// contents, and whoever leads in a newer term shows everything that was shown before. One that has
/// not heard yet of a newer term may show what it showed; no gateway goes back to it.
///
/// Two nodes that are cut off from each other may both show what they write, unless the pair wants
/// a leader that lost its follower without a word to stop: then nothing shown ever gives way.
final class ShownIsKept implements Invariant {

    private final NavigableMap<Long, StoredContent> shown = new TreeMap<>();
    private final Map<NodeName, View> views = new LinkedHashMap<>();
    private final Map<NodeName, Term> terms = new LinkedHashMap<>();
    private long newest;
    private boolean contested;

    /// How far a gateway has shown one leader's server in one of its terms.
    private record View(@Nullable Term term, String server, long upTo) {
        static final View NONE = new View(null, "", 0);
    }

    @Override
    public Optional<String> check(Cluster cluster) {
        contested |= cluster.ledger().isContested();
        boolean stopsAlone = cluster.world().swarm().stopsAlone();
        boolean lost = cluster.nodes().stream().anyMatch(SimulatedNode::isLossy);
        if ((contested && !stopsAlone) || lost) {
            return Optional.empty();
        }
        for (SimulatedNode node : cluster.nodes()) {
            Optional<String> wrong = check(node, new Policy(stopsAlone, 0));
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> check(SimulatedNode node, Policy policy) {
        SimulatedAgent agent = node.agent().filter(it -> !it.isPaused()).orElse(null);
        if (agent == null) {
            views.remove(node.name());
            return Optional.empty();
        }
        Showing showing = Showing.of(agent.state(), Timing.DEFAULT, policy);
        if (!(showing instanceof Showing.Leader leader) || !leader.shows(agent.clock().millis())) {
            return Optional.empty();
        }
        SimulatedServer server = reached(node, leader);
        return server == null ? Optional.empty() : show(node, leader, server);
    }

    /// The server that answers the gateway's clients (rule T2).
    private static @Nullable SimulatedServer reached(SimulatedNode node, Showing.Leader leader) {
        boolean own = leader.place() == Showing.Place.OWN;
        SimulatedNode place = own ? node : node.peer();
        SimulatedServer server = place.server();
        boolean answers = server.isRunning() && !place.isServerPaused();
        return answers && (own || node.reachesPeer()) && leader.serverId().equals(server.serverId())
                ? server
                : null;
    }

    private Optional<String> show(
            SimulatedNode node, Showing.Leader leader, SimulatedServer server) {
        View before = views.getOrDefault(node.name(), View.NONE);
        boolean same =
                leader.term().equals(before.term()) && leader.serverId().equals(before.server());
        if (!same) {
            Term last = terms.put(node.name(), leader.term());
            if (last != null && last.number() > leader.term().number()) {
                return Optional.of("%s shows %s after %s".formatted(node, leader, last));
            }
        }
        if (!same && leader.term().number() >= newest) {
            newest = leader.term().number();
            Content content = Content.of(server);
            for (StoredContent once : shown.values()) {
                if (!content.accountsFor(once)) {
                    return Optional.of(
                            "%s shows %s, where what was shown as %s is now %s"
                                    .formatted(node, leader, once, content.at(once.sequence())));
                }
            }
        }
        long from = same ? before.upTo() + 1 : 1;
        for (StoredMessage message : server.content(from, leader.commit())) {
            StoredContent now = StoredContent.of(message);
            StoredContent once = shown.putIfAbsent(now.sequence(), now);
            if (once != null && !once.equals(now)) {
                return Optional.of("%s shows %s, shown as %s before".formatted(node, now, once));
            }
        }
        long upTo = Math.max(leader.commit(), from - 1);
        views.put(node.name(), new View(leader.term(), leader.serverId(), upTo));
        return Optional.empty();
    }
}
