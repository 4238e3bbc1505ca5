package dev.twonode.simulation;

import dev.twonode.protocol.Event;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State.Waiting;

/// The person who decides what the two nodes were told not to decide.
final class Operator {

    private Operator() {}

    /// Gives up what a follower holds that its leader does not have, where that waits for a person,
    /// and says whose content is kept when nobody can know: while one is copied over, the other is
    /// the only one that is whole, and the power took what its server had not synced.
    static void decide(SimulatedNode node) {
        Reason waits =
                Cluster.stateOf(node).orElse(null) instanceof Waiting waiting
                        ? waiting.reason()
                        : Reason.STARTED;
        if (waits == Reason.DIVERGED) {
            rejoin(node, node.peer());
        } else if (waits == Reason.BOTH_UNKNOWN && (node.isLossy() || node.peer().isLossy())) {
            rejoin(node, goesFurther(node) ? node : node.peer());
        }
    }

    private static boolean goesFurther(SimulatedNode node) {
        return lastSeq(node) > lastSeq(node.peer());
    }

    private static long lastSeq(SimulatedNode node) {
        return node.server().facts().map(facts -> facts.lastSeq()).orElse(0L);
    }

    private static void rejoin(SimulatedNode node, SimulatedNode kept) {
        String keep = kept.name().value();
        node.agent()
                .ifPresent(agent ->
                        agent.run(() ->
                                agent.ask(
                                        id ->
                                                new Event.RejoinAsked(
                                                        agent.clock().millis(), id, keep),
                                        _ -> {})));
    }
}
