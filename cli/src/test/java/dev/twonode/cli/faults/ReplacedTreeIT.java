package dev.twonode.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.NatsServerProcess;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of twonode change under an agent, as when a new version is copied over a running one.
@SuppressWarnings("try") // the server is never interrupted here
class ReplacedTreeIT {

    private static final int FAILURE = 1;

    @TempDir private Path folder;

    @Test
    void agentWhoseGatewayCannotGoOnEndsInsteadOfLeadingWithoutIt() throws Exception {
        Path tree = copyOfTree();
        int gateway = NatsServerProcess.freePort();
        try (NatsServerProcess server = NatsServerProcess.start();
                AgentProcess agent = start(tree, server, gateway)) {
            agent.awaitLog("to=Leading(ALONE)");

            damage(tree);
            connect(gateway);

            assertThat(agent.awaitExit()).as(agent.log()).isEqualTo(FAILURE);
            assertThat(agent.log())
                    .contains("a defect ends the agent: its thread 'gateway-")
                    .contains("if twonode was replaced while it ran, that was the cause");
        }
    }

    private AgentProcess start(Path tree, NatsServerProcess server, int gateway) {
        // Without the archive of classes each is read when it is first used.
        String command =
                "shift; TWONODE_JAVA_OPTS=-Xshare:off exec '" + tree + "/bin/twonode' \"$@\"";
        return AgentProcess.start(
                folder.resolve("agent.log"),
                List.of("sh", "-c", command, "sh"),
                List.of(
                        "run",
                        "--name=a",
                        "--leader",
                        "--peer-url=nats://127.0.0.1:1",
                        "--peer-retries=1",
                        "--server=" + server.url(),
                        "--state-dir=" + folder.resolve("state"),
                        "--gateway=127.0.0.1:" + gateway,
                        "--log-format=plain"));
    }

    private Path copyOfTree() throws IOException {
        Path from = Tools.repositoryRoot().resolve("cli/target/twonode");
        Path to = folder.resolve("twonode");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    /// Overwrites in place, as a copy does.
    private static void damage(Path tree) throws IOException {
        try (Stream<Path> files = Files.list(tree.resolve("lib"))) {
            Path jar =
                    files.filter(it -> it.getFileName().toString().startsWith("twonode-core"))
                            .findFirst()
                            .orElseThrow();
            Files.write(jar, new byte[(int) Files.size(jar)]);
        }
    }

    private static void connect(int gateway) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway)) {
            assertThat(client.isConnected()).isTrue();
        }
    }
}
