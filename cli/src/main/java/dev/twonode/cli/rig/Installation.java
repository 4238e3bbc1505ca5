package dev.twonode.cli.rig;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// This very installation of twonode: the programs that belong to it.
///
/// @param home the folder that holds `bin`, `lib` and `libexec`
public record Installation(Path home) {

    /// Set by the launcher.
    public static final String HOME_PROPERTY = "twonode.home";

    /// The installation that this process was started from.
    public static Installation current() {
        @Nullable String home = System.getProperty(HOME_PROPERTY);
        return new Installation(home == null ? besideOwnLibrary() : Path.of(home));
    }

    /// The launcher.
    public Path launcher() {
        return existing("bin/twonode");
    }

    /// Finds nats-server, fetching it when this machine has none. Progress goes to standard error.
    public Path natsServer() {
        return tool("nats-server");
    }

    /// Finds kine, fetching it when this machine has none.
    public Path kine() {
        return tool("kine");
    }

    /// The folder of the files of Docker Compose.
    public Path compose() {
        return existing("libexec/compose");
    }

    /// Finds a tool that is on this machine already; fetches nothing.
    public Optional<Path> here(String name) {
        return ask(List.of("--here", name), ProcessBuilder.Redirect.DISCARD);
    }

    private Path tool(String name) {
        return ask(List.of(name), ProcessBuilder.Redirect.INHERIT)
                .orElseThrow(() ->
                        new Failure(
                                ExitCode.FAILURE,
                                name + " is missing",
                                "it could not be found or fetched, see the lines above",
                                "install it, so that it is on the PATH"));
    }

    /// Asks the tool locator of this installation.
    private Optional<Path> ask(List<String> arguments, ProcessBuilder.Redirect progress) {
        List<String> command = new ArrayList<>(List.of(existing("libexec/tools").toString()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command).redirectError(progress).start();
            process.getOutputStream().close();
            String answer =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean found = process.waitFor() == 0 && !answer.isBlank();
            return found ? Optional.of(Path.of(answer.strip())) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    ExitCode.INTERRUPTED,
                    "interrupted while looking for " + arguments.getLast(),
                    "",
                    "",
                    e);
        }
    }

    private Path existing(String name) {
        Path path = home.resolve(name);
        if (!Files.exists(path)) {
            throw new Failure(
                    ExitCode.FAILURE,
                    path + " is missing",
                    "this is not a complete installation",
                    "start the bin/twonode that mvn package leaves in cli/target/twonode");
        }
        return path;
    }

    private static Path besideOwnLibrary() {
        try {
            Path library =
                    Path.of(
                            Installation.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            @Nullable Path folder = library.getParent();
            @Nullable Path home = folder == null ? null : folder.getParent();
            return home == null ? library : home;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
