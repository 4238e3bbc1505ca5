package dev.twonode.cli.command;

import dev.twonode.cli.Environment;
import dev.twonode.cli.console.Colours;
import dev.twonode.cli.console.Style;
import picocli.CommandLine.Option;

/// How text for people looks.
public final class LookMixin {

    private final Environment environment;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "colours: ${COMPLETION-CANDIDATES} (default: auto)")
    private Colours colours = Colours.AUTO;

    @Option(names = "--ascii", description = "no characters beyond ASCII")
    private boolean ascii;

    /// @param environment the command's world
    public LookMixin(Environment environment) {
        this.environment = environment;
    }

    /// The dress of standard output.
    public Style style() {
        return style(environment.streams().terminals().out());
    }

    /// The dress of standard error.
    Style errorStyle() {
        return style(environment.streams().terminals().err());
    }

    private Style style(boolean terminal) {
        return new Style(
                colours.on(environment.variables(), terminal),
                ascii || !environment.streams().unicode(),
                environment.width());
    }
}
