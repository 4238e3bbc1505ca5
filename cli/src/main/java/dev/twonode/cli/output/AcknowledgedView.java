package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.console.Style;
import java.util.List;

/// What an operator acknowledged, node by node.
///
/// @param nodes the nodes that were named
public record AcknowledgedView(List<Node> nodes) implements View {

    /// One node.
    ///
    /// @param node its name
    /// @param done whether it told of a loss until now
    /// @param term the term that gave the revisions up, 0 when it told of none
    public record Node(String node, boolean done, long term) {}

    public AcknowledgedView {
        nodes = List.copyOf(nodes);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        ArrayNode list = json.putArray("nodes");
        for (Node node : nodes) {
            ObjectNode entry = list.addObject();
            entry.put("node", node.node());
            entry.put("done", node.done());
            entry.put("term", node.done() ? node.term() : null);
        }
        return json;
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(Column.text("node"), Column.text("done"), Column.number("term")),
                nodes.stream()
                        .map(node ->
                                List.of(
                                        Cell.of(node.node()),
                                        Cell.of(String.valueOf(node.done())),
                                        Cell.of(node.done() ? Long.toString(node.term()) : "")))
                        .toList());
    }

    @Override
    public List<String> lines(Style style) {
        return nodes.stream()
                .map(node ->
                        node.done()
                                ? "%s: the revisions given up in term %s are settled"
                                        .formatted(node.node(), Texts.count(node.term()))
                                : node.node() + ": nothing waits for a restart; nothing changed")
                .toList();
    }
}
