package dev.twonode.simulation;

import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State;
import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.Timing;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Nobody takes the lead for silence while the other could have been heard all the time (G1), or
/// with what it knew before it slept (F2, G4).
final class SilenceIsProven implements Invariant {

    private static final Set<Reason> SILENCE =
            EnumSet.of(
                    Reason.FOLLOWER_SILENT,
                    Reason.PEER_SILENT,
                    Reason.PEER_AGENT_SILENT,
                    Reason.GRANT_UNANSWERED);

    private static final long TIMEOUT = Timing.DEFAULT.peerTimeout() * Timeline.MS;
    private static final long TO_NOTICE = 200 * Timeline.MS;

    private final Map<NodeName, Reason> reasons = new LinkedHashMap<>();
    private final Map<NodeName, Told> told = new LinkedHashMap<>();

    /// Since when a follower counts itself in sync, by which request.
    private record Told(long ask, long at) {}

    @Override
    public Optional<String> check(Cluster cluster) {
        for (SimulatedNode node : cluster.nodes()) {
            State state = Cluster.stateOf(node).orElse(null);
            Reason reason = state == null ? Reason.STARTED : acted(state);
            boolean acts = reasons.put(node.name(), reason) != reason && SILENCE.contains(reason);
            if (acts && !cluster.hearing().isUnreliable()) {
                long open = cluster.hearing().openFor(node);
                if (open > TIMEOUT) {
                    return Optional.of(
                            "%s acts because %s, which it could have heard for %d ms"
                                    .formatted(node, reason.words(), open / Timeline.MS));
                }
            }
            if (acts && reason == Reason.FOLLOWER_SILENT && sleptUnheard(node)) {
                return Optional.of(node + " slept, heard nothing since, and goes alone");
            }
            if (isDeafInSync(cluster.world(), node, state)) {
                return Optional.of(
                        node + " hears nothing of its server, and counts itself in sync");
            }
            if (sleptInSync(cluster.world(), node, state)) {
                return Optional.of(node + " slept, and counts itself in sync as before");
            }
        }
        return Optional.empty();
    }

    /// Why a node acts: a leader does when it starts to go alone.
    private static Reason acted(State state) {
        return switch (state) {
            case Leading leading ->
                    leading.change() instanceof Change.Confirming(_, _, Reason why)
                            ? why
                            : leading.reason();
            case Promoting promoting -> promoting.reason();
            case State.Starting _,
                    State.Joining _,
                    Following _,
                    State.HandingOver _,
                    State.Waiting _,
                    State.Stopped _ ->
                    Reason.STARTED;
        };
    }

    private static boolean sleptUnheard(SimulatedNode node) {
        return node.agent()
                .filter(agent -> agent.hasPulse() && agent.heardAt() < agent.ledAsleepUntil())
                .isPresent();
    }

    private static boolean isDeafInSync(World world, SimulatedNode node, @Nullable State state) {
        long now = world.timeline().now();
        return state instanceof Following following
                && following.sync().granted()
                && node.isServerPaused()
                && now - node.serverPausedAt() > TIMEOUT
                && node.agent()
                        .filter(agent -> agent.isAwake() && now - agent.sleptUntil() > TIMEOUT)
                        .isPresent();
    }

    /// Whoever falls asleep again at once has not had the time to notice that it slept.
    private boolean sleptInSync(World world, SimulatedNode node, @Nullable State state) {
        if (!(state instanceof Following following && following.sync().granted())) {
            told.remove(node.name());
            return false;
        }
        long now = world.timeline().now();
        long ask = following.sync().ask();
        Told known = told.get(node.name());
        if (known == null || known.ask() != ask) {
            known = new Told(ask, now);
            told.put(node.name(), known);
        }
        long since = known.at();
        return node.agent()
                .filter(agent ->
                        agent.isAwake()
                                && since < agent.sleptUntil()
                                && now - Math.max(agent.sleptUntil(), agent.resumedAt())
                                        > TO_NOTICE)
                .isPresent();
    }
}
