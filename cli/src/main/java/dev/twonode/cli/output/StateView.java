package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One node's own words. In JSON they are the agent's answer as it came, behind a schema number.
///
/// @param state the answer
public record StateView(AgentState state) implements View {

    private static final int LABEL = 14;

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.setAll(state.json());
        return json;
    }

    /// Each plain value as a row, nested ones by their path.
    @Override
    public Table rows() {
        List<List<Cell>> rows = new ArrayList<>();
        flatten("", state.json(), rows);
        return new Table("", List.of(Column.text("field"), Column.text("value")), rows);
    }

    @Override
    public List<String> lines(Style style) {
        List<String> lines = new ArrayList<>();
        Tone tone = state.isHealthy() ? Tone.GOOD : Tone.BAD;
        lines.add(line("node", state.node()));
        lines.add(line("role", state.role() + ", term " + state.term() + because()));
        lines.add(line("health", style.paint(tone, state.health())));
        lines.add(line("in sync", state.inSync() ? "yes" : state.alone() ? "no, alone" : "no"));
        lines.add(
                line(
                        "stream",
                        "%s, sequences %s to %s, %s, %s"
                                .formatted(
                                        text("stream"),
                                        Texts.count(state.firstSeq()),
                                        Texts.count(state.latestSeq()),
                                        Texts.messages(state.json().path("messages").asLong()),
                                        Texts.bytes(state.json().path("bytes").asLong()))));
        lines.add(line("commit", commit()));
        lines.add(line("peer", peer()));
        lines.add(line("server", server()));
        lines.add(line("gateway", gateway()));
        lines.add(
                line(
                        "agent",
                        "twonode %s, up %s"
                                .formatted(
                                        state.version(),
                                        Texts.span(
                                                Duration.ofMillis(
                                                        state.json().path("uptimeMs").asLong())))));
        if (!state.next().isEmpty()) {
            lines.add(line("to do", style.paint(Tone.NOTE, state.next())));
        }
        return lines;
    }

    private String because() {
        String since = Texts.time(text("since"));
        return (since.isEmpty() ? "" : " since " + since)
                + (state.reason().isEmpty() ? "" : " (" + state.reason() + ")");
    }

    private String peer() {
        AgentState.Peer peer = state.peer();
        if (peer.isNeverHeard() || peer.lastContactMs() < 0) {
            String name = peer.node().isEmpty() ? "" : peer.node() + " at ";
            return name
                    + peer.url()
                    + (peer.isMet() ? ", not heard since this agent started" : ", never heard");
        }
        return "%s at %s, %s, term %d, last sequence %s, heard %s ago"
                .formatted(
                        peer.node(),
                        peer.url(),
                        peer.role(),
                        peer.term(),
                        Texts.count(peer.lastSeq()),
                        Texts.span(Duration.ofMillis(peer.lastContactMs())));
    }

    private String commit() {
        return "%s, up to sequence %s"
                .formatted(text("commit"), Texts.count(state.json().path("commitSeq").asLong()));
    }

    private String gateway() {
        JsonNode gateway = state.json().path("gateway");
        List<String> addresses = new ArrayList<>();
        gateway.path("addresses").forEach(it -> addresses.add(Texts.printable(it.asText())));
        return addresses.isEmpty()
                ? "off"
                : "%s, clients: %s"
                        .formatted(
                                String.join(", ", addresses),
                                Texts.count(gateway.path("clients").asLong()));
    }

    private String server() {
        JsonNode server = state.server();
        return "nats-server %s at %s"
                .formatted(
                        Texts.printable(server.path("version").asText("?")),
                        Texts.printable(server.path("url").asText("?")));
    }

    private String text(String field) {
        return Texts.printable(state.json().path(field).asText(""));
    }

    private static String line(String label, String value) {
        return label + " ".repeat(LABEL - label.length()) + value;
    }

    private static void flatten(String path, JsonNode node, List<List<Cell>> rows) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                flatten(name, field.getValue(), rows);
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "." + i, node.get(i), rows);
            }
        } else {
            String value = node.isNull() ? "" : node.asText();
            rows.add(List.of(Cell.of(path), Cell.of(Texts.printable(value))));
        }
    }
}
