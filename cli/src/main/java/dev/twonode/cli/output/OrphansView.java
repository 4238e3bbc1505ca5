package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.util.ArrayList;
import java.util.List;

/// The exports of orphans on one node.
///
/// @param exports oldest first
public record OrphansView(List<OrphanRow> exports) implements View {

    public OrphansView {
        exports = List.copyOf(exports);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        ArrayNode rows = json.putArray("exports");
        exports.forEach(export -> rows.add(export.json()));
        return json;
    }

    @Override
    public Table rows() {
        List<List<Cell>> rows = new ArrayList<>();
        for (OrphanRow export : exports) {
            rows.add(
                    List.of(
                            Cell.of(export.name()),
                            Cell.of(export.time()),
                            Cell.of(Long.toString(export.term())),
                            Cell.of(Long.toString(export.from())),
                            Cell.of(Long.toString(export.to())),
                            Cell.of(Long.toString(export.count())),
                            Cell.of(export.acknowledged()),
                            Cell.of(Long.toString(export.bytes()))));
        }
        return new Table(
                "",
                List.of(
                        Column.text("name"),
                        Column.text("time"),
                        Column.number("term"),
                        Column.number("from"),
                        Column.number("to"),
                        Column.number("count"),
                        Column.text("acknowledged"),
                        Column.number("bytes")),
                rows);
    }

    @Override
    public List<String> lines(Style style) {
        if (exports.isEmpty()) {
            return List.of("this node keeps no exports of orphans");
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (OrphanRow export : exports) {
            boolean isLoss = export.acknowledged().equals("yes");
            rows.add(
                    List.of(
                            Cell.of(export.name()),
                            Cell.of(export.time()),
                            Cell.of(export.term()),
                            Cell.of(Texts.count(export.from()) + "-" + Texts.count(export.to())),
                            Cell.of(export.count()),
                            new Cell(export.acknowledged(), isLoss ? Tone.BAD : Tone.PLAIN),
                            Cell.of(Texts.bytes(export.bytes()))));
        }
        return new TablePrinter(style)
                .lines(
                        new Table(
                                "orphans",
                                List.of(
                                        Column.text("Name"),
                                        Column.text("Time").optional(3),
                                        Column.number("Term").optional(1),
                                        Column.text("Sequences").optional(2),
                                        Column.number("Messages"),
                                        Column.text("Acknowledged"),
                                        Column.number("Size").optional(4)),
                                rows));
    }
}
