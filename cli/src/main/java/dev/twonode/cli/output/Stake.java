package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import java.time.Duration;

/// What a promotion by force puts at stake: what the other node may hold and this one does not.
///
/// @param node the node that is to lead
/// @param held its last sequence
/// @param heard the other node's last sequence as last heard
/// @param unheardMs since when the other node was not heard, negative when it never was
public record Stake(String node, long held, long heard, long unheardMs) {

    /// As the agent's refusal says; one that says nothing of the other node knows nothing of it.
    public static Stake of(String node, ObjectNode refusal) {
        return new Stake(
                node,
                refusal.path("heldSeq").asLong(),
                refusal.path("lastHeardSeq").asLong(),
                refusal.path("unheardMs").asLong(-1));
    }

    /// As the node's state says.
    public static Stake of(AgentState state) {
        AgentState.Peer peer = state.peer();
        return new Stake(
                state.node(),
                state.latestSeq(),
                peer.lastSeq(),
                peer.isNeverHeard() ? -1 : peer.lastContactMs());
    }

    /// One sentence without its stop.
    public String words() {
        if (unheardMs < 0) {
            return "the other node was not heard since this agent started; what it wrote is"
                    + " unknown; "
                    + node
                    + " holds up to "
                    + Texts.count(held);
        }
        long missing = Math.max(0, heard - held);
        return ("the other node was last heard at sequence %s, %s ago; %s holds up to %s: at least"
                        + " %s and whatever was written since would be gone")
                .formatted(
                        Texts.count(heard),
                        Texts.span(Duration.ofMillis(unheardMs)),
                        node,
                        Texts.count(held),
                        missing == 1 ? "1 write" : Texts.count(missing) + " writes");
    }
}
