package dev.twonode.cli.output;

import java.util.ArrayList;
import java.util.List;

/// Rows under headings.
///
/// @param title stands in the top border; may be empty
/// @param columns the columns
/// @param rows each with as many cells as there are columns
public record Table(String title, List<Column> columns, List<List<Cell>> rows) {

    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        row.size() + " cells under " + columns.size() + " headings");
            }
        }
    }

    /// The table without the column at that place.
    Table without(int column) {
        return new Table(
                title, drop(columns, column), rows.stream().map(row -> drop(row, column)).toList());
    }

    private static <T> List<T> drop(List<T> list, int index) {
        List<T> rest = new ArrayList<>(list);
        rest.remove(index);
        return rest;
    }
}
