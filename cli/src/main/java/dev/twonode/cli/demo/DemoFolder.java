package dev.twonode.cli.demo;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import dev.twonode.cli.rig.RigFolder;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the demo keeps its things when nobody says.
final class DemoFolder {

    private DemoFolder() {}

    /// The folder given, else `$XDG_STATE_HOME/twonode/demo`, else `~/.local/state/twonode/demo`.
    static RigFolder of(@Nullable Path given, Map<String, String> variables) {
        if (given != null && given.toString().isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "no folder for the demo",
                    "--dir is empty",
                    "name one with --dir");
        }
        return new RigFolder(given == null ? usual(variables) : given);
    }

    private static Path usual(Map<String, String> variables) {
        String stateHome = variables.getOrDefault("XDG_STATE_HOME", "");
        String home = variables.getOrDefault("HOME", "");
        if (!stateHome.isEmpty()) {
            return Path.of(stateHome, "twonode", "demo");
        }
        if (home.isEmpty()) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "no folder for the demo",
                    "neither XDG_STATE_HOME nor HOME is set",
                    "name one with --dir");
        }
        return Path.of(home, ".local", "state", "twonode", "demo");
    }
}
