package dev.twonode.simulation;

import dev.twonode.protocol.Jump;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.Timing;
import dev.twonode.replication.StoredMessage;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a gateway of either node may have shown to a client stays, or is given up by name: no
/// sequence is shown with two contents, and whoever leads in a newer term shows everything that was
/// shown before, but for the revisions that a promotion has jumped over (rules C2, J1, J2). One
/// that has not heard yet of a newer term may show what it showed; no gateway goes back to it.
///
/// Two nodes that are cut off from each other may both show what they write, until one of them
/// gives way; if the pair wants a leader that lost its follower without a word to stop, nobody
/// does.
final class ShownIsKept implements Invariant {

    private final NavigableMap<Long, Set<StoredContent>> shown = new TreeMap<>();
    private final Map<NodeName, View> views = new LinkedHashMap<>();
    private final Map<NodeName, Term> terms = new LinkedHashMap<>();
    private final Set<GivenUp> givenUp = new LinkedHashSet<>();
    private @Nullable Term newest;

    /// How far a gateway has shown one leader's server in one of its terms.
    private record View(@Nullable Term term, String server, long upTo) {
        static final View NONE = new View(null, "", 0);
    }

    /// Revisions that a term has given up.
    private record GivenUp(long term, long from, long last) {
        boolean covers(StoredContent content, long at) {
            return term <= at && from <= content.sequence() && content.sequence() <= last;
        }
    }

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            if (node.isLossy()) {
                return Optional.empty();
            }
            Jump jump = node.disk().jump();
            if (jump != null) {
                givenUp.add(new GivenUp(jump.term(), jump.from(), jump.last()));
            }
        }
        for (SimulatedNode node : cluster.nodes()) {
            Optional<String> wrong = check(cluster, node);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private Optional<String> check(Cluster cluster, SimulatedNode node) {
        SimulatedAgent agent = node.agent().filter(it -> !it.isPaused()).orElse(null);
        if (agent == null) {
            views.remove(node.name());
            return Optional.empty();
        }
        Swarm swarm = cluster.world().swarm();
        Showing.Policy policy = new Showing.Policy(swarm.stopsAlone(), swarm.ahead());
        Showing showing = Showing.of(agent.state(), Timing.DEFAULT, policy);
        if (!(showing instanceof Showing.Leader leader)
                || !agent.hasPulse()
                || !leader.shows(agent.clock().millis())) {
            return Optional.empty();
        }
        if (isOutdated(agent.state(), leader.term())) {
            return Optional.of("%s shows %s, and has heard of a newer one".formatted(node, leader));
        }
        SimulatedServer server = reached(node, leader);
        boolean apart = cluster.ledger().isContested() && !swarm.stopsAlone();
        return server == null ? Optional.empty() : show(node, leader, server, apart);
    }

    /// Whether a node has heard that the other one leads in a newer term.
    private static boolean isOutdated(State state, Term shown) {
        Report peer = state.memory().peer().report();
        Term newest = peer != null && peer.leads() ? peer.term() : null;
        return newest != null && newest.number() > shown.number();
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
            SimulatedNode node, Showing.Leader leader, SimulatedServer server, boolean apart) {
        View before = views.getOrDefault(node.name(), View.NONE);
        Term term = leader.term();
        boolean same = term.equals(before.term()) && before.server().equals(leader.serverId());
        Optional<String> wrong = same ? Optional.empty() : begin(node, leader, server, apart);
        if (wrong.isPresent()) {
            return wrong;
        }
        long from = same ? before.upTo() + 1 : 1;
        for (StoredMessage message : server.content(from, leader.commit())) {
            StoredContent now = StoredContent.of(message);
            Set<StoredContent> known =
                    shown.computeIfAbsent(now.sequence(), _ -> new LinkedHashSet<>());
            known.add(now);
            if (known.size() > 1 && !apart) {
                return Optional.of("%s shows %s, one of %s".formatted(node, now, known));
            }
        }
        long upTo = Math.max(Math.min(leader.commit(), lastSeq(server)), from - 1);
        views.put(node.name(), new View(term, leader.serverId(), upTo));
        return Optional.empty();
    }

    /// Beyond the end of the stream nothing was shown yet, however far a gateway may go.
    private static long lastSeq(SimulatedServer server) {
        return server.facts().map(facts -> facts.lastSeq()).orElse(0L);
    }

    /// Whoever took over behind a fence may not have heard of the number that the old leader took
    /// last, and use it again. Its term starts behind all that the old one owns.
    private boolean isNewest(Term term) {
        Term known = newest;
        return known == null
                || term.equals(known)
                || term.number() > known.number()
                || (term.number() == known.number() && term.startSeq() > known.startSeq());
    }

    private Optional<String> begin(
            SimulatedNode node, Showing.Leader leader, SimulatedServer server, boolean apart) {
        Term last = terms.put(node.name(), leader.term());
        long number = leader.term().number();
        if (last != null && last.number() > number) {
            return Optional.of("%s shows %s after %s".formatted(node, leader, last));
        }
        if (apart || !isNewest(leader.term())) {
            return Optional.empty();
        }
        newest = leader.term();
        Content content = Content.of(server);
        for (Set<StoredContent> all : shown.values()) {
            for (Iterator<StoredContent> contents = all.iterator(); contents.hasNext(); ) {
                StoredContent once = contents.next();
                if (content.accountsFor(once)) {
                    continue;
                }
                if (givenUp.stream().noneMatch(it -> it.covers(once, number))) {
                    return Optional.of(
                            "%s shows %s, where what was shown as %s is now %s, given up are %s"
                                    .formatted(
                                            node,
                                            leader,
                                            once,
                                            content.at(once.sequence()),
                                            givenUp));
                }
                contents.remove();
            }
        }
        return Optional.empty();
    }
}
