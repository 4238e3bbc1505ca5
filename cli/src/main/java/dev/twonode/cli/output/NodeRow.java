package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.Sighting;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known of one node: by its own word, or failing that by its peer's.
///
/// @param node its name, empty when nobody told it
/// @param url where its server is
/// @param answered whether it spoke for itself
/// @param error why it did not, empty when it did
/// @param role its role, empty when unknown
/// @param term its term, -1 when unknown
/// @param firstSeq its first sequence, -1 when unknown
/// @param lastSeq its last sequence, -1 when unknown
/// @param lag messages that it lacks of the leader's, -1 when unknown
/// @param lastHeardMs time since its peer heard it, -1 when unknown
/// @param inSync whether it and its peer hold the same
/// @param alone whether it leads without its peer
/// @param health its health, empty when unknown: "ok" is no word for a node that does not answer
public record NodeRow(
        String node,
        String url,
        boolean answered,
        String error,
        String role,
        long term,
        long firstSeq,
        long lastSeq,
        long lag,
        long lastHeardMs,
        boolean inSync,
        boolean alone,
        String health) {

    /// One row for each node that was asked, and one for a peer that was only spoken of.
    public static List<NodeRow> of(Pair pair) {
        List<NodeRow> rows = new ArrayList<>();
        for (Sighting sighting : pair.sightings()) {
            rows.add(
                    switch (sighting) {
                        case Seen seen -> seen(seen, pair);
                        case Unseen unseen -> unseen(unseen, pair);
                    });
        }
        if (pair.sightings().size() == 1 && !pair.seen().isEmpty()) {
            AgentState state = pair.seen().getFirst().state();
            if (!state.peer().url().isEmpty()) {
                rows.add(spokenOf(state, state.peer().url(), ""));
            }
        }
        return List.copyOf(rows);
    }

    ObjectNode json() {
        ObjectNode json = Documents.object();
        json.put("node", node);
        json.put("url", url);
        json.put("answered", answered);
        json.put("error", error);
        json.put("role", role);
        json.put("health", health);
        putKnown(json, "term", term);
        putKnown(json, "firstSeq", firstSeq);
        putKnown(json, "lastSeq", lastSeq);
        putKnown(json, "lag", lag);
        putKnown(json, "lastHeardMs", lastHeardMs);
        json.put("inSync", inSync);
        json.put("alone", alone);
        return json;
    }

    private static void putKnown(ObjectNode json, String field, long value) {
        if (value < 0) {
            json.putNull(field);
        } else {
            json.put(field, value);
        }
    }

    private static NodeRow seen(Seen seen, Pair pair) {
        AgentState state = seen.state();
        Optional<AgentState> other = pair.peerOf(seen).map(Seen::state);
        return new NodeRow(
                state.node(),
                seen.address(),
                true,
                "",
                state.role(),
                state.term(),
                state.firstSeq(),
                state.latestSeq(),
                lag(state, other),
                other.map(o -> o.peer().lastContactMs()).orElse(-1L),
                state.inSync(),
                state.alone(),
                state.health());
    }

    /// Both were asked one after the other, so the leader's own count is nearer to one moment.
    private static long lag(AgentState state, Optional<AgentState> other) {
        if (state.isLeader()) {
            return 0;
        }
        if (other.isPresent() && other.get().isLeader()) {
            return other.get().peer().lag();
        }
        return state.peer().role().equals("leader")
                ? Math.max(0, state.peer().lastSeq() - state.latestSeq())
                : -1;
    }

    private static NodeRow unseen(Unseen unseen, Pair pair) {
        String why = unseen.failure().why();
        return pair.speakerFor(unseen)
                .map(peer -> spokenOf(peer.state(), unseen.address(), why))
                .orElseGet(() -> nothing(unseen.address(), why));
    }

    private static NodeRow spokenOf(AgentState other, String url, String error) {
        AgentState.Peer peer = other.peer();
        if (peer.isNeverHeard()) {
            NodeRow nothing = nothing(url, error);
            return nothing.named(peer.node());
        }
        return new NodeRow(
                peer.node(),
                url,
                false,
                error,
                peer.role(),
                peer.term(),
                peer.firstSeq(),
                peer.lastSeq(),
                other.isLeader() ? peer.lag() : -1,
                peer.lastContactMs(),
                peer.inSync(),
                false,
                isPast(peer, error) ? "" : peer.health());
    }

    /// What a node was said to be before it fell silent is not what it is.
    private static boolean isPast(AgentState.Peer peer, String error) {
        boolean isContradicted = !error.isEmpty() && peer.health().equals("ok");
        return peer.isSilent() || isContradicted;
    }

    private static NodeRow nothing(String url, String error) {
        return new NodeRow("", url, false, error, "", -1, -1, -1, -1, -1, false, false, "");
    }

    private NodeRow named(String name) {
        return new NodeRow(
                name,
                url,
                answered,
                error,
                role,
                term,
                firstSeq,
                lastSeq,
                lag,
                lastHeardMs,
                inSync,
                alone,
                health);
    }
}
