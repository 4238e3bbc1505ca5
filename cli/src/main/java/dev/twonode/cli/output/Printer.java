package dev.twonode.cli.output;

import dev.twonode.cli.console.Style;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes a view in the form that was asked for.
///
/// @param format the form
/// @param style the dress of tables
/// @param heading whether `tsv` starts with a line of headings
public record Printer(Format format, Style style, boolean heading) {

    /// Writes the whole view.
    public void print(View view, PrintWriter out) {
        switch (format) {
            case TABLE -> view.lines(style).forEach(out::println);
            case JSON -> out.println(JsonText.pretty(view.json()));
            case YAML -> out.println(YamlText.text(view.json()));
            case TSV -> tsv(view.rows()).forEach(out::println);
        }
        out.flush();
    }

    private List<String> tsv(Table table) {
        List<String> lines =
                new ArrayList<>(
                        table.rows().stream()
                                .map(row -> line(row.stream().map(Cell::text).toList()))
                                .toList());
        if (heading) {
            lines.addFirst(line(table.columns().stream().map(Column::heading).toList()));
        }
        return lines;
    }

    private static String line(List<String> fields) {
        return fields.stream()
                .map(field -> field.replaceAll("[\\t\\r\\n]+", " "))
                .collect(Collectors.joining("\t"));
    }
}
