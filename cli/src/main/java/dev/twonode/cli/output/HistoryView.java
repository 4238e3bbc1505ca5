package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.console.Style;
import java.util.ArrayList;
import java.util.List;

/// The terms of a stream and a node's last changes of state.
///
/// @param node whose words these are
/// @param lastSeq the stream's last sequence, where the last term ends for now
/// @param terms the terms, oldest first
/// @param events the events, oldest first
public record HistoryView(String node, long lastSeq, List<JsonNode> terms, List<JsonNode> events)
        implements View {

    public HistoryView {
        terms = List.copyOf(terms);
        events = List.copyOf(events);
    }

    /// The last of both.
    public static HistoryView of(AgentState state, int last) {
        return new HistoryView(
                state.node(),
                state.latestSeq(),
                tail(state.json().path("history"), last),
                tail(state.json().path("events"), last));
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.put("node", node);
        json.putArray("terms").addAll(terms);
        json.putArray("events").addAll(events);
        return json;
    }

    /// Terms only: two kinds of rows in one stream would help nobody. Events are in the JSON.
    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(
                        Column.number("term"),
                        Column.text("leader"),
                        Column.number("startSeq"),
                        Column.number("endSeq")),
                termRows(false));
    }

    @Override
    public List<String> lines(Style style) {
        TablePrinter printer = new TablePrinter(style);
        List<String> lines = new ArrayList<>();
        if (terms.isEmpty()) {
            lines.add("no term has written anything yet");
        } else {
            lines.addAll(printer.lines(termTable()));
        }
        if (!events.isEmpty()) {
            lines.addAll(printer.lines(eventTable()));
        }
        return lines;
    }

    private Table termTable() {
        return new Table(
                "terms, as " + node + " knows them",
                List.of(
                        Column.number("Term"),
                        Column.text("Leader"),
                        Column.number("From"),
                        Column.number("To")),
                termRows(true));
    }

    private Table eventTable() {
        List<List<Cell>> rows = new ArrayList<>();
        for (JsonNode event : events) {
            rows.add(
                    List.of(
                            Cell.of(Texts.time(event.path("time").asText(""))),
                            Cell.of(event.path("term").asLong()),
                            Cell.of(role(event.path("from").asText(""))),
                            Cell.of(role(event.path("to").asText(""))),
                            text(event, "reason")));
        }
        return new Table(
                "changes of " + node,
                List.of(
                        Column.text("Time"),
                        Column.number("Term"),
                        Column.text("From").optional(1),
                        Column.text("To"),
                        Column.text("Reason")),
                rows);
    }

    private List<List<Cell>> termRows(boolean forPeople) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            JsonNode term = terms.get(i);
            long end =
                    i + 1 < terms.size() ? terms.get(i + 1).path("startSeq").asLong() - 1 : lastSeq;
            long start = term.path("startSeq").asLong();
            boolean isEmpty = end < start;
            rows.add(
                    List.of(
                            number(term.path("number").asLong(), forPeople),
                            text(term, "leader"),
                            number(start, forPeople),
                            isEmpty ? Cell.of("-") : number(end, forPeople)));
        }
        return rows;
    }

    private static Cell number(long number, boolean forPeople) {
        return forPeople ? Cell.of(number) : Cell.of(Long.toString(number));
    }

    /// The state of an event as `status` calls it.
    private static String role(String state) {
        return switch (state) {
            case "Starting" -> "starting";
            case "Joining" -> "joining";
            case "Following" -> "follower";
            case "Promoting" -> "promoting";
            case "Leading(BOTH)" -> "leader";
            case "Leading(ALONE)" -> "leader, alone";
            case "HandingOver" -> "handing-over";
            case "Waiting" -> "waiting";
            case "Stopped" -> "stopped";
            default -> Texts.printable(state);
        };
    }

    private static Cell text(JsonNode node, String field) {
        return Cell.of(Texts.printable(node.path(field).asText("")));
    }

    private static List<JsonNode> tail(JsonNode array, int last) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all.subList(Math.max(0, all.size() - last), all.size());
    }
}
