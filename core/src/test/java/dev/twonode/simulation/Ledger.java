package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.Term;
import dev.twonode.replication.StoredMessage;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What was committed: the content that stood at or below a leader's commit sequence.
///
/// Without a third voice two nodes that are cut off from each other may both go on alone: the
/// leader after proven silence of a follower that is in sync, that follower after proven silence of
/// its leader. What a node commits with such a right is provisional until the other node follows
/// it. While both hold such a right, one side's provisional content may give way to the other's;
/// nothing else ever may.
final class Ledger {

    /// Why a node leads that knows of its peer only that it is silent.
    private static final Set<Reason> SILENCE =
            EnumSet.of(
                    Reason.FOLLOWER_SILENT,
                    Reason.FOLLOWER_KILLED,
                    Reason.PEER_SILENT,
                    Reason.PEER_AGENT_SILENT,
                    Reason.PEER_KILLED,
                    Reason.PEER_RESIGNED,
                    Reason.GRANT_UNANSWERED);

    private final Hearing hearing;

    Ledger(Hearing hearing) {
        this.hearing = hearing;
    }

    /// With these a leader goes on although its follower may take over.
    private static final Set<Reason> GOES_ON =
            EnumSet.of(Reason.FOLLOWER_SILENT, Reason.FOLLOWER_KILLED, Reason.GRANT_UNANSWERED);

    /// With these a node goes on with the right that it had.
    private static final Set<Reason> SAME_RIGHT =
            EnumSet.of(
                    Reason.NO_CONTACT_ALONE,
                    Reason.CONTACT,
                    Reason.NUMBER_OVERTAKEN,
                    Reason.FOLLOWER_LEFT);

    private final NavigableMap<Long, StoredContent> standing = new TreeMap<>();
    private final Map<NodeName, NavigableMap<Long, StoredContent>> provisional =
            new LinkedHashMap<>();
    private final Map<NodeName, Right> rights = new LinkedHashMap<>();
    private final Map<NodeName, Intent> intents = new LinkedHashMap<>();
    private final Set<Term> taken = new LinkedHashSet<>();
    private final Map<NodeName, Term> terms = new LinkedHashMap<>();
    private boolean contested;

    /// What a node is about to do: its journal may hang, so that it does so later than it decided.
    ///
    /// @param apart whether the two could not hear each other when it decided, although both ran
    private record Intent(long number, Reason reason, boolean apart) {}

    /// A right that rests on silence.
    ///
    /// @param apart whether the two could not hear each other when it began, although both ran
    private record Right(Reason reason, Term term, boolean apart) {}

    /// Takes in what a node has committed since it was last looked at.
    void observe(SimulatedNode node) {
        State state = Cluster.stateOf(node).orElse(null);
        List<Term> journalled = node.disk().history().terms();
        Intent intent = intents.get(node.name());
        for (Term term : journalled) {
            if (intent != null
                    && term.number() == intent.number()
                    && term.leader().equals(node.name())) {
                journalled(node, intent, term);
            }
        }
        rights.computeIfPresent(
                node.name(), (_, right) -> journalled.contains(right.term()) ? right : null);
        if (state != null) {
            intend(node, state);
        }
        if (state instanceof Leading leading) {
            observe(node, leading);
        } else if (state instanceof HandingOver handingOver) {
            record(node, handingOver.memory().commit());
        } else if (state instanceof Following && contested) {
            provisional.remove(node.name());
            rights.remove(node.name());
        }
    }

    private void observe(SimulatedNode node, Leading leading) {
        if (!leading.term().equals(terms.put(node.name(), leading.term()))) {
            begin(node, leading);
        }
        boolean steady = leading.change() instanceof Change.None;
        boolean counts = leading.mode() == Mode.BOTH && isNewest(node, leading.term());
        if (steady && (counts || isFollowed(node, leading.term()))) {
            settle(node);
        }
        record(node, leading.memory().commit());
    }

    /// Remembers under which number a node is about to take the lead for silence, or to go on with
    /// the right that it has. From its journal on it may act on it, whatever happens to it in
    /// between.
    private void intend(SimulatedNode node, State state) {
        if (state instanceof Promoting promoting && restsOnSilence(promoting.reason())) {
            intend(node, promoting.number(), promoting.reason());
        } else if (state instanceof Leading leading
                && leading.change() instanceof Change.Numbered(_, long number, Reason reason)
                && restsOnSilence(reason)) {
            intend(node, number, reason);
        }
    }

    private void intend(SimulatedNode node, long number, Reason reason) {
        Intent before = intents.get(node.name());
        if (before == null || before.number() != number || before.reason() != reason) {
            intents.put(node.name(), new Intent(number, reason, hearing.wasApart()));
        }
    }

    private static boolean restsOnSilence(Reason reason) {
        return SILENCE.contains(reason) || SAME_RIGHT.contains(reason);
    }

    /// A term that nothing was written in gives its place to the next one of the same right (T3):
    /// the right does not end with its entry.
    private void journalled(SimulatedNode node, Intent intent, Term term) {
        if (SILENCE.contains(intent.reason())) {
            takeRight(node, intent.reason(), term, intent.apart());
        } else {
            keepRight(node, term);
        }
    }

    private void keepRight(SimulatedNode node, Term term) {
        rights.computeIfPresent(
                node.name(), (_, right) -> new Right(right.reason(), term, right.apart()));
    }

    private void begin(SimulatedNode node, Leading leading) {
        Reason reason = leading.reason();
        Term term = leading.term();
        if (SILENCE.contains(reason)) {
            takeRight(node, reason, term, false);
        } else if (SAME_RIGHT.contains(reason)) {
            keepRight(node, term);
        } else if (reason == Reason.GRANTED && isTakenBack(node)) {
            rights.put(node.name(), new Right(reason, term, true));
            contested = true;
        } else {
            settle(node);
        }
    }

    /// Whether the other one, which heard nothing of this node since it granted the lead, went on
    /// by itself (K3), and neither was heard since: a server that does not open its stream for a
    /// while makes a node begin that late with what it was given.
    private boolean isTakenBack(SimulatedNode node) {
        Right other = rights.get(node.peer().name());
        return other != null
                && other.reason() == Reason.GRANT_UNANSWERED
                && other.apart()
                && hearing.isApartStill();
    }

    /// A leader that goes on although the two were not apart has its right alone: its follower was
    /// asleep or gone, and may not count on what it knew. One that took the lead while they were
    /// apart, and was never heard since, keeps it, even if its agent has ended meanwhile. One that
    /// decided while they were apart may journal it when they are not any more, behind a disk that
    /// hung: the other one took its own right meanwhile.
    ///
    /// @param decidedApart whether they were apart when this was decided
    private void takeRight(SimulatedNode node, Reason reason, Term term, boolean decidedApart) {
        if (!taken.add(term)) {
            return;
        }
        Right other = rights.get(node.peer().name());
        boolean stillApart = other != null && other.apart() && hearing.isApartStill();
        boolean apart = hearing.wasApart() || stillApart || decidedApart;
        if (GOES_ON.contains(reason) && !apart) {
            settle(node);
            return;
        }
        rights.put(node.name(), new Right(reason, term, apart));
        contested |=
                rights.size() == 2
                        && rights.values().stream()
                                .anyMatch(right -> GOES_ON.contains(right.reason()));
    }

    private static boolean isFollowed(SimulatedNode node, Term term) {
        return Cluster.stateOf(node.peer())
                .filter(peer -> peer instanceof Following follows && follows.term().equals(term))
                .isPresent();
    }

    /// A leader that has not heard yet of a higher term settles nothing.
    private boolean isNewest(SimulatedNode node, Term term) {
        Right other = rights.get(node.peer().name());
        return other == null || other.term().number() < term.number();
    }

    /// The other node accepts this one's term: what it committed stands.
    private void settle(SimulatedNode node) {
        if (!contested) {
            provisional.values().forEach(standing::putAll);
        } else {
            standing.putAll(of(node.name()));
        }
        provisional.clear();
        rights.clear();
        contested = false;
    }

    private NavigableMap<Long, StoredContent> of(NodeName node) {
        return provisional.computeIfAbsent(node, _ -> new TreeMap<>());
    }

    private void record(SimulatedNode node, long commit) {
        boolean sure = !rights.containsKey(node.name());
        NavigableMap<Long, StoredContent> into = sure ? standing : of(node.name());
        long top = Math.max(top(standing), top(into));
        if (commit > top) {
            for (StoredMessage message : node.server().content(top + 1, commit)) {
                into.put(message.sequence(), StoredContent.of(message));
            }
        }
    }

    private static long top(NavigableMap<Long, StoredContent> map) {
        return map.isEmpty() ? 0 : map.lastKey();
    }

    /// The first committed message that a leader lacks although it must hold it.
    @Nullable StoredContent missing(SimulatedNode node) {
        if (isVoid(node)) {
            return null;
        }
        Content content = Content.of(node.server());
        for (StoredContent committed : standing.values()) {
            if (!content.accountsFor(committed)) {
                return committed;
            }
        }
        for (Map.Entry<NodeName, NavigableMap<Long, StoredContent>> side : provisional.entrySet()) {
            if (side.getKey().equals(node.name()) || !contested) {
                for (StoredContent committed : side.getValue().values()) {
                    if (!content.accountsFor(committed)) {
                        return committed;
                    }
                }
            }
        }
        return null;
    }

    /// Whether nothing was promised any more: both nodes lost what they had not synced, or one of
    /// them did, with its fence, and clients wrote on beside its agent.
    boolean isVoid(SimulatedNode node) {
        boolean both = node.isLossy() && node.peer().isLossy();
        return both || node.isStray() || node.peer().isStray();
    }

    /// Whether both may number their terms without the other: by silence, or because the power took
    /// a fence that was not forced to the disk, and with it the end of a sole right.
    boolean mayBothLead(SimulatedNode node) {
        return contested || isVoid(node);
    }

    /// What stands at a sequence for everybody.
    NavigableMap<Long, StoredContent> standing() {
        return standing;
    }

    /// Whether both nodes lead, or may, by silence of the other.
    boolean isContested() {
        return contested;
    }

    /// The power took what nobody else has.
    void forget(Predicate<StoredContent> lost) {
        standing.values().removeIf(lost);
        provisional.values().forEach(side -> side.values().removeIf(lost));
    }
}
