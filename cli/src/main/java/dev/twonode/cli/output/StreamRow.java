package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.Sighting.Seen;
import java.util.ArrayList;
import java.util.List;

/// The stream of one node, in the columns of `nats stream report`.
///
/// @param node the node
/// @param stream the stream's name
/// @param storage file or memory, empty when the server did not tell
/// @param placement cluster and tags it is bound to, empty when none
/// @param consumers number of consumers
/// @param messages number of messages
/// @param bytes their size
/// @param lost messages that the server found damaged and gave up
/// @param deleted sequences between first and last that are absent
/// @param apiLevel the JetStream API level that the stream needs
/// @param replicas the servers that hold it
public record StreamRow(
        String node,
        String stream,
        String storage,
        String placement,
        long consumers,
        long messages,
        long bytes,
        long lost,
        long deleted,
        String apiLevel,
        String replicas) {

    /// Puts together what the server and the agent tell.
    ///
    /// @param info the server's answer about the stream; an empty object when there is none
    public static StreamRow of(Seen seen, String stream, ObjectNode info) {
        AgentState agent = seen.state();
        JsonNode state = info.path("state");
        JsonNode config = info.path("config");
        return new StreamRow(
                agent.node(),
                stream,
                config.path("storage").asText(""),
                placement(config.path("placement")),
                state.path("consumer_count").asLong(),
                state.path("messages").asLong(agent.json().path("messages").asLong()),
                state.path("bytes").asLong(agent.json().path("bytes").asLong()),
                state.path("lost").path("msgs").size(),
                state.path("num_deleted").asLong(agent.json().path("deleted").asLong()),
                config.path("metadata").path("_nats.req.level").asText("0"),
                replicas(info, config));
    }

    ObjectNode json() {
        ObjectNode json = Documents.object();
        json.put("node", node);
        json.put("stream", stream);
        json.put("storage", storage);
        json.put("placement", placement);
        json.put("consumers", consumers);
        json.put("messages", messages);
        json.put("bytes", bytes);
        json.put("lost", lost);
        json.put("deleted", deleted);
        json.put("apiLevel", apiLevel);
        json.put("replicas", replicas);
        return json;
    }

    private static String placement(JsonNode placement) {
        List<String> parts = new ArrayList<>();
        String cluster = placement.path("cluster").asText("");
        if (!cluster.isEmpty()) {
            parts.add("cluster: " + Texts.printable(cluster));
        }
        for (JsonNode tag : placement.path("tags")) {
            parts.add("tag: " + Texts.printable(tag.asText()));
        }
        return String.join(", ", parts);
    }

    /// A server on its own names no cluster; then the number of copies is all there is.
    private static String replicas(ObjectNode info, JsonNode config) {
        List<String> names = new ArrayList<>();
        String leader = info.path("cluster").path("leader").asText("");
        if (!leader.isEmpty()) {
            names.add(Texts.printable(leader) + "*");
        }
        for (JsonNode replica : info.path("cluster").path("replicas")) {
            names.add(Texts.printable(replica.path("name").asText()));
        }
        return names.isEmpty() ? config.path("num_replicas").asText("") : String.join(", ", names);
    }
}
