package dev.twonode.simulation;

import dev.twonode.protocol.Event;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.State.Waiting;

/// The person who decides what the two nodes were told not to decide.
final class Operator {

    private Operator() {}

    /// Gives up what a follower holds that its leader does not have, where that waits for a person.
    static void decide(SimulatedNode node) {
        boolean waits =
                Cluster.stateOf(node).orElse(null) instanceof Waiting waiting
                        && waiting.reason() == Reason.DIVERGED;
        if (waits) {
            String keep = node.peer().name().value();
            node.agent()
                    .ifPresent(agent ->
                            agent.ask(
                                    id -> new Event.RejoinAsked(agent.clock().millis(), id, keep),
                                    _ -> {}));
        }
    }
}
