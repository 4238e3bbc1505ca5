package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The stream on each node, and how the copying between them stands.
///
/// @param bucket the bucket
/// @param streams one row for each node that answered
/// @param pair both nodes
public record ReportView(String bucket, List<StreamRow> streams, Pair pair) implements View {

    private static final String NO_ANSWER = "no answer";

    public ReportView {
        streams = List.copyOf(streams);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.put("bucket", bucket);
        ArrayNode rows = json.putArray("streams");
        streams.forEach(row -> rows.add(row.json()));
        ArrayNode copies = json.putArray("replication");
        for (Seen seen : pair.seen()) {
            AgentState state = seen.state();
            ObjectNode copy = copies.addObject();
            copy.put("node", state.node());
            copy.put("kind", kind(state));
            copy.put("source", source(state));
            copy.put("activeMs", state.peer().lastContactMs());
            copy.put("lag", lag(state));
            copy.put("inSync", state.inSync());
            copy.put("phase", state.copy().phase());
            copy.put("firstSeq", state.firstSeq());
            copy.put("lastSeq", state.latestSeq());
            copy.put("error", error(state));
        }
        for (NodeRow silent : silent()) {
            ObjectNode copy = copies.addObject();
            copy.put("node", silent.node());
            copy.put("kind", "unknown");
            copy.put("source", "");
            List.of("activeMs", "lag").forEach(copy::putNull);
            copy.put("inSync", false);
            copy.put("phase", "");
            List.of("firstSeq", "lastSeq").forEach(copy::putNull);
            copy.put("error", NO_ANSWER);
        }
        return json;
    }

    /// The nodes that were asked in vain.
    private List<NodeRow> silent() {
        return NodeRow.of(pair).stream().filter(row -> !row.answered()).toList();
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(
                        Column.text("node"),
                        Column.text("stream"),
                        Column.text("storage"),
                        Column.text("placement"),
                        Column.number("consumers"),
                        Column.number("messages"),
                        Column.number("bytes"),
                        Column.number("lost"),
                        Column.number("deleted"),
                        Column.text("apiLevel"),
                        Column.text("replicas")),
                streams.stream().map(ReportView::plain).toList());
    }

    @Override
    public List<String> lines(Style style) {
        TablePrinter printer = new TablePrinter(style);
        List<String> lines = new ArrayList<>(printer.lines(streamTable()));
        lines.addAll(printer.lines(replicationTable()));
        for (NodeRow silent : silent()) {
            String why = silent.error().isEmpty() ? "" : ": " + silent.error();
            lines.addAll(
                    Paragraph.wrap(
                            style.paint(Tone.NOTE, "!") + " ",
                            NO_ANSWER + " from " + silent.url() + why,
                            style.width()));
            lines.addAll(
                    Paragraph.wrap(
                            "   " + style.sign("→", "->") + " ",
                            "see what is wrong: twonode status -s "
                                    + pair.seen().getFirst().address(),
                            style.width()));
        }
        return lines;
    }

    private Table streamTable() {
        List<List<Cell>> rows = new ArrayList<>();
        for (StreamRow row : streams) {
            rows.add(
                    List.of(
                            new Cell(row.node(), Tone.STRONG),
                            Cell.of(row.stream()),
                            Cell.of(row.storage()),
                            Cell.of(row.placement()),
                            Cell.of(row.consumers()),
                            Cell.of(row.messages()),
                            Cell.of(Texts.bytes(row.bytes())),
                            new Cell(
                                    Texts.count(row.lost()),
                                    row.lost() > 0 ? Tone.BAD : Tone.PLAIN),
                            Cell.of(row.deleted()),
                            Cell.of(row.apiLevel()),
                            Cell.of(row.replicas())));
        }
        return new Table(
                "Stream Report",
                List.of(
                        Column.text("Node"),
                        Column.text("Stream"),
                        Column.text("Storage").optional(5),
                        Column.text("Placement").optional(8),
                        Column.number("Consumers").optional(4),
                        Column.number("Messages"),
                        Column.number("Bytes"),
                        Column.number("Lost").optional(2),
                        Column.number("Deleted").optional(1),
                        Column.text("API Level").optional(7),
                        Column.text("Replicas").optional(6)),
                rows);
    }

    private Table replicationTable() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Seen seen : pair.seen()) {
            AgentState state = seen.state();
            long contact = state.peer().lastContactMs();
            rows.add(
                    List.of(
                            new Cell(state.node(), Tone.STRONG),
                            Cell.of(kind(state)),
                            Cell.of(source(state)),
                            Cell.of(contact < 0 ? "never" : Texts.span(Duration.ofMillis(contact))),
                            Cell.of(lag(state)),
                            Cell.of(state.inSync() ? "yes" : "no"),
                            Cell.of(phase(state)),
                            new Cell(error(state), Tone.BAD)));
        }
        for (NodeRow silent : silent()) {
            rows.add(
                    List.of(
                            new Cell(silent.node().isEmpty() ? "?" : silent.node(), Tone.STRONG),
                            Cell.of("?"),
                            Cell.of(""),
                            Cell.of("-"),
                            Cell.of("?"),
                            Cell.of("no"),
                            Cell.of("?"),
                            new Cell(NO_ANSWER, Tone.BAD)));
        }
        return new Table(
                "Replication Report",
                List.of(
                        Column.text("Node"),
                        Column.text("Kind"),
                        Column.text("Source").optional(2),
                        Column.number("Active"),
                        Column.number("Lag"),
                        Column.text("In sync"),
                        Column.text("Phase").optional(1),
                        Column.text("Error")),
                rows);
    }

    private static String kind(AgentState state) {
        return state.isLeader() ? "source" : "copy";
    }

    private static String source(AgentState state) {
        return state.isLeader() ? "" : state.peer().node();
    }

    private static long lag(AgentState state) {
        return state.isLeader()
                ? state.peer().lag()
                : Math.max(0, state.peer().lastSeq() - state.latestSeq());
    }

    private static String phase(AgentState state) {
        AgentState.Copy copy = state.copy();
        return copy.isLong() && copy.total() > 0
                ? copy.phase() + " " + copy.percent() + " %"
                : copy.phase();
    }

    private static String error(AgentState state) {
        return state.isHealthy() ? "" : state.health();
    }

    private static List<Cell> plain(StreamRow row) {
        return List.of(
                Cell.of(row.node()),
                Cell.of(row.stream()),
                Cell.of(row.storage()),
                Cell.of(row.placement()),
                Cell.of(Long.toString(row.consumers())),
                Cell.of(Long.toString(row.messages())),
                Cell.of(Long.toString(row.bytes())),
                Cell.of(Long.toString(row.lost())),
                Cell.of(Long.toString(row.deleted())),
                Cell.of(row.apiLevel()),
                Cell.of(row.replicas()));
    }
}
