package dev.twonode.cli.launcher;

import dev.twonode.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The pair against which the build notes the classes of every command, in a process of its own.
///
/// @param addresses both servers, as `-s` takes them
record PretendedServers(Process process, String addresses) implements AutoCloseable {

    private static final Path SOURCE = Path.of("src/main/launcher/PretendedPair.java");

    static PretendedServers start(Path folder) throws IOException {
        Path addresses = folder.resolve("addresses");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(java.toString(), SOURCE.toString(), addresses.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("pretended.log").toFile())
                        .start();
        Await.await(
                "the pretended pair listens",
                Duration.ofSeconds(60),
                () -> Files.exists(addresses) || !process.isAlive());
        return new PretendedServers(process, Files.readString(addresses));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
