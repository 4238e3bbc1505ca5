package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.console.Style;
import java.util.List;

/// Lines of one export of orphans.
///
/// @param name the export
/// @param lines as they stand in the file
public record OrphanLinesView(String name, List<String> lines) implements View {

    public OrphanLinesView {
        lines = List.copyOf(lines);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.put("name", name);
        ArrayNode array = json.putArray("lines");
        lines.forEach(array::add);
        return json;
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(Column.text("line")),
                lines.stream().map(line -> List.of(Cell.of(line))).toList());
    }

    @Override
    public List<String> lines(Style style) {
        return lines.stream().map(Texts::printable).toList();
    }
}
