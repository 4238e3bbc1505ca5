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
    /// @param done whether it told of a loss until now, and was told that it is settled
    /// @param term the term that gave the revisions up, 0 when nothing was settled
    /// @param catchesUp what it does before it can tell of a loss, empty when it could
    /// @param failure why it was not told, empty when nothing failed
    public record Node(String node, boolean done, long term, String catchesUp, String failure) {

        /// A node that was told.
        public static Node settled(String node, long term) {
            return new Node(node, true, term, "", "");
        }

        /// A node that told of nothing, so that nothing was asked of it.
        public static Node unconcerned(String node) {
            return new Node(node, false, 0, "", "");
        }

        /// A node that tells of nothing yet.
        public static Node tooEarly(String node, String catchesUp) {
            return new Node(node, false, 0, catchesUp, "");
        }

        /// A node that may still tell of it.
        public static Node failed(String node, String why) {
            return new Node(node, false, 0, "", why);
        }

        private String line() {
            if (!failure.isEmpty()) {
                return node + ": not settled: " + failure;
            }
            if (!catchesUp.isEmpty()) {
                return "%s: nothing was said: it is %s, and tells what waits for a restart once it"
                                .formatted(node, catchesUp)
                        + " is in sync; ask again then";
            }
            return done
                    ? "%s: the revisions given up in term %s are settled"
                            .formatted(node, Texts.count(term))
                    : node + ": nothing waits for a restart; nothing changed";
        }
    }

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
            entry.put("catchesUp", node.catchesUp().isEmpty() ? null : node.catchesUp());
            entry.put("failure", node.failure().isEmpty() ? null : node.failure());
        }
        return json;
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(
                        Column.text("node"),
                        Column.text("done"),
                        Column.number("term"),
                        Column.text("failure")),
                nodes.stream()
                        .map(node ->
                                List.of(
                                        Cell.of(node.node()),
                                        Cell.of(String.valueOf(node.done())),
                                        Cell.of(node.done() ? Long.toString(node.term()) : ""),
                                        Cell.of(node.failure())))
                        .toList());
    }

    @Override
    public List<String> lines(Style style) {
        return nodes.stream().map(Node::line).toList();
    }
}
