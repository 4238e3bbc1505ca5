package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reading;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Handover;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.Term;
import dev.twonode.replication.Face;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A number stands for one term, wherever it is journalled; a term starts behind everything that
/// was in the stream when its number was journalled (T1), and lives in one server process (T2).
final class TermsAreDistinct implements Invariant {

    private final Map<Long, Set<Term>> terms = new LinkedHashMap<>();
    private final Map<NodeName, NavigableMap<Long, Long>> ends = new LinkedHashMap<>();
    private final Map<NodeName, Reason> reasons = new LinkedHashMap<>();
    private final Map<NodeName, Led> led = new LinkedHashMap<>();

    private record Led(Term term, @Nullable String server) {}

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            note(node);
            if (Cluster.stateOf(node).orElse(null) instanceof Promoting promoting) {
                reasons.put(node.name(), promoting.reason());
            }
            Optional<String> wrong = checkJournal(cluster, node);
            if (wrong.isPresent()) {
                return wrong;
            }
            State state = Cluster.stateOf(node).orElse(null);
            Term term =
                    switch (state) {
                        case Leading leading -> leading.term();
                        case HandingOver handingOver when !isGranted(handingOver) ->
                                handingOver.term();
                        case null, default -> null;
                    };
            wrong = term == null || state == null ? Optional.empty() : checkLed(node, state, term);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    /// Whoever fenced the other's stream and copied all of it may not have heard of its last term:
    /// the two terms then share a number, but not a leader, and the second starts behind all that
    /// belongs to the first, whose stream is closed. They start at the same sequence when nothing
    /// belongs to the first.
    private boolean isBehindAll(SimulatedNode node, Term term, Set<Term> known) {
        boolean drained = reasons.get(node.name()) == Reason.PEER_AGENT_SILENT;
        boolean others =
                known.stream()
                        .filter(other -> !other.equals(term))
                        .allMatch(other ->
                                !other.leader().equals(term.leader())
                                        && other.startSeq() <= term.startSeq());
        boolean closed =
                node.peer()
                        .server()
                        .facts()
                        .filter(facts ->
                                facts.face() instanceof Face.Open
                                        || facts.lastSeq() >= term.startSeq())
                        .isEmpty();
        return drained && term.leader().equals(node.name()) && others && closed;
    }

    /// From then on the giver's server does not matter.
    private static boolean isGranted(HandingOver state) {
        return switch (state.step()) {
            case Handover.Granting _, Handover.Withdrawing _, Handover.FencingPeer _ -> true;
            case Handover.Holding _,
                    Handover.Fencing _,
                    Handover.Draining _,
                    Handover.Reopening _ ->
                    false;
        };
    }

    /// How far the stream went when a number was journalled.
    private void note(SimulatedNode node) {
        NavigableMap<Long, Long> known =
                ends.computeIfAbsent(node.name(), _ -> new TreeMap<>(Map.of(0L, 0L)));
        if (node.disk().highestTerm() > known.lastKey()) {
            long last = node.server().facts().map(facts -> facts.lastSeq()).orElse(0L);
            known.put(node.disk().highestTerm(), last);
        }
    }

    private Optional<String> checkJournal(Cluster cluster, SimulatedNode node) {
        for (Term term : node.disk().history().terms()) {
            Set<Term> known = terms.computeIfAbsent(term.number(), _ -> new LinkedHashSet<>());
            boolean second = known.add(term) && known.size() > 1;
            if (second && !cluster.ledger().mayBothLead(node) && !isBehindAll(node, term, known)) {
                return Optional.of("%s journalled %s, one of %s".formatted(node, term, known));
            }
        }
        return Optional.empty();
    }

    private Optional<String> checkLed(SimulatedNode node, State state, Term term) {
        Reading reading = state.memory().own().reading();
        String server = reading == null ? null : reading.serverId();
        Led before = led.put(node.name(), new Led(term, server));
        if (before != null && before.term().equals(term)) {
            return before.equals(led.get(node.name()))
                    ? Optional.empty()
                    : Optional.of(
                            "%s led %s at server %s and goes on at %s"
                                    .formatted(node, term, before.server(), server));
        }
        Map.Entry<Long, Long> end =
                ends.getOrDefault(node.name(), new TreeMap<>()).ceilingEntry(term.number());
        boolean inside = end != null && term.startSeq() <= end.getValue();
        return inside && node.world().swarm().syncsAlways()
                ? Optional.of(
                        "%s leads %s, and its stream went to %d when that was journalled"
                                .formatted(node, term, end.getValue()))
                : Optional.empty();
    }
}
