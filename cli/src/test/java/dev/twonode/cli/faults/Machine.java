package dev.twonode.cli.faults;

import dev.twonode.testing.NatsServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One node's machine: a server and an agent, each of which may be dead.
final class Machine implements AutoCloseable {

    final String name;
    private final NatsServerProcess server;
    private final Path folder;
    private final List<String> arguments = new ArrayList<>();
    private List<String> by = List.of();
    private String gateway = "off";
    private @Nullable AgentProcess agent;

    /// @param folder for the journal and the agent's log
    Machine(String name, NatsServerProcess server, Path folder) {
        this.name = name;
        this.server = server;
        this.folder = folder;
    }

    /// Sets what the agent is started with from now on.
    ///
    /// @param peerUrl the way to the peer's server
    void use(String peerUrl, List<String> more) {
        arguments.clear();
        arguments.addAll(List.of("run", "--name", name, "-s", server.url(), "--peer-url", peerUrl));
        arguments.addAll(List.of("--state-dir", state().toString(), "--log-format", "plain"));
        arguments.addAll(List.of("--gateway", gateway));
        arguments.addAll(more);
    }

    /// Has the agent open a gateway there, from the next [#use] on.
    void openGateway(int port) {
        gateway = "127.0.0.1:" + port;
    }

    /// Whether the agent's gateway takes clients.
    boolean hasGateway() {
        int port = Integer.parseInt(gateway.substring(gateway.indexOf(':') + 1));
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    NatsServerProcess server() {
        return server;
    }

    int port() {
        return server.port();
    }

    Path state() {
        return folder.resolve("state");
    }

    AgentProcess agent() {
        AgentProcess running = agent;
        if (running == null) {
            throw new IllegalStateException("no agent was started on " + name);
        }
        return running;
    }

    /// Sets the command that becomes the agent from now on.
    void useBy(List<String> command) {
        by = List.copyOf(command);
    }

    void startAgent() {
        agent = AgentProcess.start(folder.resolve("agent.log"), by, arguments);
    }

    /// What the agent has printed since the first one was started.
    String log() {
        return agent().log();
    }

    /// Starts whatever does not run.
    void startAll() {
        if (!server.isRunning()) {
            server.restart();
        }
        if (agent == null || !agent().isAlive()) {
            startAgent();
        }
    }

    void killAgent() {
        agent().close();
    }

    void killServer() {
        if (server.isRunning()) {
            server.kill();
        }
    }

    /// The plug is pulled, as far as processes can feel it.
    void kill() {
        killServer();
        killAgent();
    }

    void pause() {
        agent().pause();
        server.pause();
    }

    void resume() {
        server.resume();
        agent().resume();
    }

    /// Forgets all streams. Only while the server is dead.
    void wipeStore() {
        remove(server.folder().resolve("store"));
    }

    /// Forgets the journal and everything else that the agent kept.
    void wipeState() {
        remove(state());
    }

    /// The last lines of the agent's log.
    String tail() {
        Path log = folder.resolve("agent.log");
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return "agent "
                    + name
                    + ":\n"
                    + String.join(
                            "\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.close();
        }
        server.close();
    }
}
