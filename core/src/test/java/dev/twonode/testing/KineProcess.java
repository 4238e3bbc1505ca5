package dev.twonode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A real kine on a NATS server, or on whatever leads to one.
public final class KineProcess implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofSeconds(60);

    private final int port = NatsServerProcess.freePort();
    private final Path log;
    private final Process process;

    /// Starts it.
    ///
    /// @param natsUrl where it finds its bucket
    /// @param folder where its log goes
    public KineProcess(String natsUrl, Path folder) {
        try {
            Files.createDirectories(folder);
            log = folder.resolve("kine-" + port + ".log");
            process =
                    new ProcessBuilder(
                                    Tools.path("kine").toString(),
                                    "--endpoint=" + natsUrl + "?noEmbed",
                                    "--listen-address=127.0.0.1:" + port,
                                    "--metrics-bind-address=0")
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// Waits until it takes connections.
    public KineProcess awaitListening() {
        try {
            Await.await("kine listens", START_BOUND, this::accepts);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + log(), e);
        }
        return this;
    }

    private boolean accepts() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("kine has ended");
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        }
    }

    /// Where etcd clients reach it.
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /// What it has printed.
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
