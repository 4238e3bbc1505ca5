package dev.twonode.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Where the programs of the NATS world are on this machine, as `demo-scripts/tools` says.
public final class Tools {

    private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

    private Tools() {}

    /// Path of the named program: `nats-server`, `nats` or `kine`. The first call may fetch it.
    public static Path path(String program) {
        return FOUND.computeIfAbsent(program, Tools::locate);
    }

    /// The checkout's root folder, found upwards from the working directory.
    public static Path repositoryRoot() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("demo-scripts/pom.xml"))) {
                return at;
            }
        }
        throw new IllegalStateException("not inside a checkout: " + Path.of("").toAbsolutePath());
    }

    private static Path locate(String program) {
        Path script = repositoryRoot().resolve("demo-scripts/tools");
        try {
            Process process =
                    new ProcessBuilder(script.toString(), program)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            process.getOutputStream().close();
            String answer =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException(script + " " + program + " ended with " + exit);
            }
            return Path.of(answer.strip());
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + script + " ran", e);
        }
    }
}
