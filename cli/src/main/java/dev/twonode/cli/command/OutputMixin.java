package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.console.Colours;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.output.Format;
import dev.twonode.cli.output.Printer;
import dev.twonode.cli.output.View;
import picocli.CommandLine.Option;

/// How output looks, and the help: the options of every command.
public final class OutputMixin {

    private final Environment environment;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "form of the output: ${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    @Option(names = "--json", description = "same as -o json")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "colours: ${COMPLETION-CANDIDATES} (default: auto)")
    private Colours colours = Colours.AUTO;

    @Option(names = "--ascii", description = "no characters beyond ASCII")
    private boolean ascii;

    @Option(names = "--no-header", description = "tsv without its line of headings")
    private boolean noHeader;

    /// @param environment the command's world
    public OutputMixin(Environment environment) {
        this.environment = environment;
    }

    Format format() {
        return json ? Format.JSON : format;
    }

    /// Whether a person reads along, so that lines beside the data are welcome.
    boolean isForPeople() {
        return format() == Format.TABLE;
    }

    /// The dress of standard output.
    public Style style() {
        return style(environment.streams().terminals().out());
    }

    /// The dress of standard error.
    Style errorStyle() {
        return style(environment.streams().terminals().err());
    }

    /// Writes a view to standard output.
    public void print(View view) {
        Style style = format() == Format.TABLE ? style() : Style.PLAIN;
        new Printer(format(), style, !noHeader).print(view, environment.streams().out());
    }

    private Style style(boolean terminal) {
        return new Style(
                colours.on(environment.variables(), terminal),
                ascii || !environment.streams().unicode(),
                environment.width());
    }
}
