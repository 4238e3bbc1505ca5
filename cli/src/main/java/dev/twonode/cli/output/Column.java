package dev.twonode.cli.output;

/// One column of a table.
///
/// @param heading its heading
/// @param alignRight for numbers
/// @param priority 0 stays always; of the others the greatest is left out first in a narrow
///   terminal
public record Column(String heading, boolean alignRight, int priority) {

    public static Column text(String heading) {
        return new Column(heading, false, 0);
    }

    public static Column number(String heading) {
        return new Column(heading, true, 0);
    }

    /// The same column, left out when there is no room.
    public Column optional(int rank) {
        return new Column(heading, alignRight, rank);
    }
}
