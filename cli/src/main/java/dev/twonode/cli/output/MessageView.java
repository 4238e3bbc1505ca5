package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.console.Style;
import java.util.List;

/// A change that needs one sentence to tell.
///
/// @param done whether something was changed
/// @param message the sentence
public record MessageView(boolean done, String message) implements View {

    @Override
    public ObjectNode json() {
        ObjectNode json = Documents.start();
        json.put("done", done);
        json.put("message", message);
        return json;
    }

    @Override
    public Table rows() {
        return new Table(
                "",
                List.of(Column.text("done"), Column.text("message")),
                List.of(List.of(Cell.of(String.valueOf(done)), Cell.of(message))));
    }

    @Override
    public List<String> lines(Style style) {
        return List.of(message);
    }
}
