package dev.twonode.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real nats-server with its own configuration file, port and folder, which a test may kill,
/// stop, pause and start again on the same port and data.
public final class NatsServerProcess implements AutoCloseable {

    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    /// Below those that the system gives to connections.
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS_END = 30_000;
    private static final Duration FREEZE_BOUND = Duration.ofSeconds(5);
    private static final Duration START_BOUND = Duration.ofSeconds(20);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "servers"));
    }

    private final List<String> by;
    private final Path binary;
    private final int port;
    private final Path folder;
    private final boolean ownFolder;
    private final boolean tlsFirst;
    private @Nullable Process process;

    private NatsServerProcess(Settings settings) {
        this.by = settings.by;
        this.binary = settings.binary;
        this.port = settings.port;
        this.ownFolder = settings.folder == null;
        this.tlsFirst = settings.extra.contains("handshake_first");
        try {
            Path given = settings.folder;
            this.folder = given == null ? Files.createTempDirectory("nats-server-") : given;
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("server.conf"), settings.configuration(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a server with JetStream on a free port and waits until it accepts clients.
    public static NatsServerProcess start() {
        return configure().start();
    }

    /// Settings for a server that differs from the usual one.
    public static Settings configure() {
        return new Settings();
    }

    /// A port that nobody listens on at this moment, and that nobody here was given before: two
    /// that are asked for before the first is used would else be the same now and then. Nor will a
    /// connection get it while its server is dead, which could not be started again then.
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, PORTS_END);
            if (PORTS.add(port) && isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /// Holds the configuration file, the log and the JetStream store.
    public Path folder() {
        return folder;
    }

    /// Process id of the running server.
    public long pid() {
        return running().pid();
    }

    public boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /// Ends the process at once (SIGKILL); its folder stays.
    public void kill() {
        end(running(), true);
    }

    /// Ends the process in order (SIGTERM); its folder stays.
    public void stop() {
        end(running(), false);
    }

    /// Freezes the process (SIGSTOP): its connections stay up and nothing answers. The signal is
    /// taken by one thread after the other, and those that run may answer once more: until then it
    /// is waited.
    public void pause() {
        signal("STOP");
        Await.await("no thread of the server runs", FREEZE_BOUND, this::isFrozen);
    }

    private boolean isFrozen() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            return threads.map(thread -> thread.resolve("stat"))
                    .allMatch(stat -> stateIn(stat) == 'T');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The letter behind the name, which stands in brackets and may hold any; that of a dead one
    /// for a thread that is not there any more.
    private static char stateIn(Path stat) {
        try {
            String line = Files.readString(stat);
            return line.charAt(line.lastIndexOf(')') + 2);
        } catch (IOException endedMeanwhile) {
            return 'X';
        }
    }

    /// Lets a frozen process go on (SIGCONT).
    public void resume() {
        signal("CONT");
    }

    /// Starts the process again on the same port and folder, ending it first if it still runs.
    public void restart() {
        if (isRunning()) {
            stop();
        }
        launch();
    }

    /// The same with another configuration.
    ///
    /// @param settings what to run with from now on; port, folder and binary do not change
    public void restart(Settings settings) {
        rewrite(settings);
        restart();
    }

    /// Makes the server read its configuration file again (SIGHUP) after it was replaced.
    ///
    /// @param settings what to run with from now on; port, folder and binary do not change
    public void reload(Settings settings) {
        rewrite(settings);
        signal("HUP");
    }

    private void rewrite(Settings settings) {
        try {
            settings.port = port;
            Files.writeString(folder.resolve("server.conf"), settings.configuration(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Everything that the server has logged so far.
    public String log() {
        try {
            Path file = folder.resolve("server.log");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills the server and removes its folder, unless the test gave one.
    @Override
    public void close() {
        Process current = process;
        if (current != null) {
            end(current, true);
        }
        if (ownFolder && Files.exists(folder)) {
            remove(folder);
        }
    }

    private void launch() {
        try {
            Process started =
                    new ProcessBuilder(command())
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("server.log").toFile()))
                            .start();
            RUNNING.add(started);
            process = started;
            started.getOutputStream().close();
            Await.await(
                    "nats-server accepts on port " + port,
                    START_BOUND,
                    () -> !started.isAlive() || accepts());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + log(), e);
        }
        if (!isRunning()) {
            throw new AssertionError("nats-server did not start:\n" + log());
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(binary.toString(), "-c", "server.conf"));
        return command;
    }

    private boolean accepts() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            if (tlsFirst) {
                return true;
            }
            socket.setSoTimeout(1000);
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            return line != null && line.startsWith("INFO ");
        }
    }

    private Process running() {
        Process current = process;
        if (current == null || !current.isAlive()) {
            throw new IllegalStateException("nats-server does not run:\n" + log());
        }
        return current;
    }

    private static void end(Process process, boolean forcibly) {
        try {
            if (forcibly) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("nats-server " + process.pid() + " did not end");
            }
            RUNNING.remove(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private void signal(String name) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a server is started with. Each setter returns the settings themselves.
    public static final class Settings {

        private List<String> by = List.of();
        private Path binary = Tools.path("nats-server");
        private int port = freePort();
        private @Nullable Path folder;
        private String name = "";
        private boolean jetStream = true;
        private String syncInterval = "always";
        private String extra = "";

        private Settings() {}

        /// Another server program, for tests with several versions.
        public Settings binary(Path program) {
            this.binary = program;
            return this;
        }

        /// A command that becomes the server, which it gets as its last arguments.
        public Settings by(List<String> command) {
            this.by = List.copyOf(command);
            return this;
        }

        /// A given port in place of a free one.
        public Settings port(int number) {
            this.port = number;
            return this;
        }

        /// A given folder, which `close` then leaves alone.
        public Settings folder(Path given) {
            this.folder = given;
            return this;
        }

        /// The server's name; without one it makes up its own.
        public Settings name(String serverName) {
            this.name = serverName;
            return this;
        }

        public Settings withoutJetStream() {
            this.jetStream = false;
            return this;
        }

        /// How often JetStream forces to disk, `always` unless set.
        public Settings syncInterval(String interval) {
            this.syncInterval = interval;
            return this;
        }

        /// More lines for the configuration file, such as `authorization`, `tls` or `http`.
        public Settings extra(String lines) {
            this.extra += lines + "\n";
            return this;
        }

        /// Starts the server and waits until it accepts clients.
        public NatsServerProcess start() {
            NatsServerProcess server = new NatsServerProcess(this);
            try {
                server.launch();
            } catch (RuntimeException | AssertionError e) {
                server.close();
                throw e;
            }
            return server;
        }

        private String configuration(Path directory) {
            StringBuilder text = new StringBuilder();
            text.append("host: 127.0.0.1\nport: ").append(port).append('\n');
            if (!name.isEmpty()) {
                text.append("server_name: ").append(name).append('\n');
            }
            if (jetStream) {
                text.append("jetstream {\n  store_dir: \"")
                        .append(directory.resolve("store"))
                        .append("\"\n  sync_interval: ")
                        .append(syncInterval)
                        .append("\n}\n");
            }
            return text.append(extra).toString();
        }
    }
}
