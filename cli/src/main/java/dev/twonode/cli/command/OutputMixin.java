package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.output.Format;
import dev.twonode.cli.output.Printer;
import dev.twonode.cli.output.View;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Form and look of the output: the options of every command that answers with data.
public final class OutputMixin {

    private final Environment environment;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "form of the output: ${COMPLETION-CANDIDATES} (default: table)")
    private Format format = Format.TABLE;

    @Option(names = "--json", description = "same as -o json")
    private boolean json;

    @Option(names = "--no-header", description = "tsv without its line of headings")
    private boolean noHeader;

    @Mixin private final LookMixin look;

    /// @param environment the command's world
    public OutputMixin(Environment environment) {
        this.environment = environment;
        this.look = new LookMixin(environment);
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
        return look.style();
    }

    /// The dress of standard error.
    Style errorStyle() {
        return look.errorStyle();
    }

    /// Writes a view whose tables are cut for a terminal only: a file or a pipe gets them whole,
    /// unless `COLUMNS` says how wide it is.
    void printWhole(View view) {
        boolean hasWidth =
                environment.streams().terminals().out()
                        || !environment.variable("COLUMNS").isEmpty();
        if (hasWidth || format() != Format.TABLE) {
            print(view);
            return;
        }
        Style style = style();
        Style wide = new Style(style.colour(), style.ascii(), Integer.MAX_VALUE);
        new Printer(Format.TABLE, wide, !noHeader).print(view, environment.streams().out());
    }

    /// Writes a view to standard output.
    public void print(View view) {
        Style style = format() == Format.TABLE ? style() : Style.PLAIN;
        new Printer(format(), style, !noHeader).print(view, environment.streams().out());
    }
}
