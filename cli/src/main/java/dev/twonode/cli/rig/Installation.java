package dev.twonode.cli.rig;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /// The folder of the files of Docker Compose.
    public Path compose() {
        return existing("libexec/compose");
    }

    /// Asks the tool locator of this installation.
    private Path tool(String name) {
        Path locator = existing("libexec/tools");
        try {
            Process process =
                    new ProcessBuilder(locator.toString(), name)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            process.getOutputStream().close();
            String answer =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0 || answer.isBlank()) {
                throw new Failure(
                        ExitCode.FAILURE,
                        name + " is missing",
                        "it could not be found or fetched, see the lines above",
                        "install it, so that it is on the PATH");
            }
            return Path.of(answer.strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + locator, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    ExitCode.INTERRUPTED, "interrupted while looking for " + name, "", "", e);
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
