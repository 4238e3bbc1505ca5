package dev.twonode.cli.output;

import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.util.ArrayList;
import java.util.List;

/// Draws tables with a border, the title in its upper edge. A table too wide for its terminal loses
/// its least important columns first, then its widest column is cut.
public final class TablePrinter {

    private static final int LEAST_CUT = 8;

    private final Style style;

    public TablePrinter(Style style) {
        this.style = style;
    }

    /// The lines of the table.
    public List<String> lines(Table table) {
        Table fitting = fit(table);
        int[] widths = widths(fitting);
        cut(widths);
        List<String> lines = new ArrayList<>();
        lines.add(top(fitting.title(), widths));
        lines.add(row(headings(fitting), fitting.columns(), widths));
        lines.add(edge(widths, style.sign("├", "+"), style.sign("┼", "+"), style.sign("┤", "+")));
        for (List<Cell> row : fitting.rows()) {
            lines.add(row(row, fitting.columns(), widths));
        }
        lines.add(edge(widths, style.sign("╰", "+"), style.sign("┴", "+"), style.sign("╯", "+")));
        return lines;
    }

    private Table fit(Table table) {
        Table rest = table;
        while (total(widths(rest)) > style.width()) {
            int least = leastImportant(rest.columns());
            if (least < 0) {
                return rest;
            }
            rest = rest.without(least);
        }
        return rest;
    }

    private static int leastImportant(List<Column> columns) {
        int found = -1;
        for (int i = 0; i < columns.size(); i++) {
            int priority = columns.get(i).priority();
            if (priority > 0 && (found < 0 || priority >= columns.get(found).priority())) {
                found = i;
            }
        }
        return found;
    }

    private static int[] widths(Table table) {
        int[] widths = new int[table.columns().size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Texts.width(table.columns().get(i).heading());
            for (List<Cell> row : table.rows()) {
                widths[i] = Math.max(widths[i], Texts.width(row.get(i).text()));
            }
        }
        return widths;
    }

    /// Borders and a space at both sides of each cell.
    private static int total(int[] widths) {
        int total = 1;
        for (int width : widths) {
            total += width + 3;
        }
        return total;
    }

    private void cut(int[] widths) {
        while (total(widths) > style.width()) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= LEAST_CUT) {
                return;
            }
            widths[widest]--;
        }
    }

    private String top(String title, int[] widths) {
        String plain =
                edge(widths, style.sign("╭", "+"), style.sign("┬", "+"), style.sign("╮", "+"));
        int room = total(widths) - 6;
        if (title.isEmpty() || room < LEAST_CUT) {
            return plain;
        }
        String shown = Texts.cut(title, room, style.ascii());
        int end = 4 + Texts.width(shown);
        return plain.substring(0, 2)
                + " "
                + style.paint(Tone.STRONG, shown)
                + " "
                + plain.substring(end);
    }

    private String edge(int[] widths, String left, String middle, String right) {
        StringBuilder line = new StringBuilder(left);
        for (int i = 0; i < widths.length; i++) {
            line.append(i == 0 ? "" : middle);
            line.append(style.sign("─", "-").repeat(widths[i] + 2));
        }
        return line.append(right).toString();
    }

    private String row(List<Cell> cells, List<Column> columns, int[] widths) {
        String bar = style.sign("│", "|");
        StringBuilder line = new StringBuilder(bar);
        for (int i = 0; i < widths.length; i++) {
            Cell cell = cells.get(i);
            String shown = Texts.cut(cell.text(), widths[i], style.ascii());
            String padding = " ".repeat(widths[i] - Texts.width(shown));
            String painted = style.paint(cell.tone(), shown);
            line.append(' ');
            line.append(columns.get(i).alignRight() ? padding + painted : painted + padding);
            line.append(' ').append(bar);
        }
        return line.toString();
    }

    private static List<Cell> headings(Table table) {
        return table.columns().stream().map(c -> new Cell(c.heading(), Tone.STRONG)).toList();
    }
}
