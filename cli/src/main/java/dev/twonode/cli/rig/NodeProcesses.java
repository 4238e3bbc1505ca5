package dev.twonode.cli.rig;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The programs of one node: how they are started, and where their output goes.
///
/// @param installation where the launcher and the tools are
/// @param folder where the node keeps its things
/// @param extras further arguments for every agent, such as time-outs under test
public record NodeProcesses(Installation installation, RigFolder folder, List<String> extras) {

    private static final Duration SERVER_START = Duration.ofSeconds(20);
    private static final int CONNECT_MILLIS = 500;
    private static final int LINES_SHOWN = 5;

    public NodeProcesses {
        extras = List.copyOf(extras);
    }

    /// What a server is told beyond the usual.
    ///
    /// @param lines lines of its configuration
    /// @param jetStream lines within its `jetstream` block
    public record ServerExtras(String lines, String jetStream) {

        /// Nothing.
        public static final ServerExtras NONE = new ServerExtras("", "");
    }

    /// The arguments of the agent of one node, as a person would type them after `twonode`.
    public List<String> agentArguments(RigState.Node node, RigState.Node peer, boolean designated) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--name",
                                node.name(),
                                "-s",
                                node.address(),
                                "--peer-url",
                                peer.url()));
        if (designated) {
            arguments.add("--leader");
        }
        arguments.add("--state-dir");
        arguments.add(folder.of(node.name()).resolve("state").toString());
        if (!extras.contains("--gateway")) {
            int port = node.ports().gateway();
            arguments.addAll(List.of("--gateway", port == 0 ? "off" : "127.0.0.1:" + port));
        }
        arguments.addAll(extras);
        return arguments;
    }

    /// Where a node's server has its configuration.
    public Path serverConfig(String node) {
        return folder.of(node).resolve("nats.conf");
    }

    /// Starts the server of a node and waits until it takes connections.
    public ProcessTag startServer(RigState.Node node, Path natsServer, ServerExtras extra) {
        writeConfig(node, extra);
        Path log = serverLog(node.name());
        ProcessTag process =
                Spawner.start(
                        List.of(natsServer.toString(), "-c", serverConfig(node.name()).toString()),
                        log);
        boolean answered =
                Waiting.until(
                        () -> !process.isAlive() || greeting(node.port()).isPresent(),
                        SERVER_START);
        if (!process.isAlive()) {
            throw dead(node, "it ended at once", log);
        }
        if (!answered) {
            Spawner.kill(process);
            throw dead(
                    node, "it took no connections within " + SERVER_START.toSeconds() + " s", log);
        }
        return process;
    }

    /// Starts the agent of a node; it finds its role by itself.
    public ProcessTag startAgent(RigState.Node node, RigState.Node peer, boolean designated) {
        List<String> command = new ArrayList<>();
        command.add(installation.launcher().toString());
        command.addAll(agentArguments(node, peer, designated));
        return Spawner.start(command, agentLog(node.name()));
    }

    /// The arguments of the kine of a node.
    ///
    /// @param endpoint where it finds its bucket
    public static List<String> kineArguments(RigState.Node node, String endpoint) {
        return List.of(
                "--endpoint=" + endpoint,
                "--listen-address=127.0.0.1:" + node.ports().kine(),
                "--metrics-bind-address=0");
    }

    /// Starts the kine of a node. It takes connections once it has read its bucket.
    public ProcessTag startKine(RigState.Node node, Path kine, String endpoint) {
        List<String> command = new ArrayList<>(List.of(kine.toString()));
        command.addAll(kineArguments(node, endpoint));
        return Spawner.start(command, kineLog(node.name()));
    }

    /// What the kine of a node printed.
    public Path kineLog(String node) {
        return folder.of(node).resolve("kine.log");
    }

    /// What the server of a node printed.
    public Path serverLog(String node) {
        return folder.of(node).resolve("server.log");
    }

    /// What the agent of a node printed.
    public Path agentLog(String node) {
        return folder.of(node).resolve("agent.log");
    }

    /// The last lines of a log, for an error message.
    public static String tail(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            List<String> last = all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size());
            return "the last lines of " + log + ":\n  " + String.join("\n  ", last);
        } catch (IOException | UncheckedIOException e) {
            return "its log is " + log;
        }
    }

    /// The `INFO` line with which a NATS server greets, if one listens on this port.
    public static Optional<String> greeting(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            socket.setSoTimeout(CONNECT_MILLIS);
            BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            @Nullable String line = reader.readLine();
            return Optional.ofNullable(line).filter(text -> text.startsWith("INFO "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Whether somebody takes connections at a port.
    public static boolean takes(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// The first port from `wanted` on that nobody uses.
    public static int freePort(int wanted, int butNot) {
        for (int port = wanted; port < wanted + 1_000; port++) {
            if (port != butNot && isFree(port)) {
                return port;
            }
        }
        throw new Failure(
                ExitCode.FAILURE,
                "no free port between " + wanted + " and " + (wanted + 1_000),
                "",
                "stop what uses them");
    }

    /// Whether a server could listen there now.
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the server does it: a port whose last connections linger is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Failure dead(RigState.Node node, String why, Path log) {
        return new Failure(
                ExitCode.FAILURE,
                "the NATS server of node " + node.name() + " did not start on " + node.address(),
                why,
                tail(log));
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    private void writeConfig(RigState.Node node, ServerExtras extra) {
        String text =
                """
                # Every write is forced to disk before it is acknowledged: without this, a power
                # cut at both nodes can take acknowledged writes from both.
                server_name: %s
                listen: "127.0.0.1:%d"
                jetstream {
                  store_dir: "%s"
                  sync_interval: always
                  %s
                }
                %s
                """
                        .formatted(
                                node.name(),
                                node.port(),
                                folder.of(node.name()).resolve("store"),
                                extra.jetStream(),
                                extra.lines());
        try {
            Files.createDirectories(folder.of(node.name()));
            Files.writeString(serverConfig(node.name()), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
