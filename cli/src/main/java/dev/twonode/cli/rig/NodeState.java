package dev.twonode.cli.rig;

import com.fasterxml.jackson.databind.JsonNode;

/// What an agent says of its node.
///
/// @param health `ok`, or a word for what is wrong
/// @param leads whether it leads
/// @param role its role in a word
/// @param term number of its term
/// @param lastSeq last sequence of its stream
/// @param alone whether it leads without its peer
/// @param inSync whether the pair is in sync, as this node sees it
/// @param reason why it has this role
/// @param next what an operator should do, empty when nothing
public record NodeState(
        String health,
        boolean leads,
        String role,
        long term,
        long lastSeq,
        boolean alone,
        boolean inSync,
        String reason,
        String next) {

    /// Reads an answer to `state`; what an agent leaves out is empty.
    public static NodeState of(JsonNode json) {
        return new NodeState(
                json.path("health").asText(),
                json.path("isLeader").asBoolean(),
                json.path("role").asText(),
                json.path("term").asLong(),
                json.path("latestSeq").asLong(),
                json.path("alone").asBoolean(),
                json.path("inSync").asBoolean(),
                json.path("reason").asText(),
                json.path("next").asText());
    }

    /// One line for a person who waits: `follower in term 7 at 2,823, not in sync`.
    public String inWords() {
        StringBuilder text = new StringBuilder();
        text.append("%s in term %d at %,d".formatted(role, term, lastSeq));
        if (alone) {
            text.append(", alone");
        } else if (!inSync) {
            text.append(", not in sync");
        }
        if (!health.equals("ok")) {
            text.append(", ").append(health);
        }
        if (!next.isEmpty()) {
            text.append("; ").append(next);
        }
        return text.toString();
    }
}
