package dev.twonode.scripts;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.testcontainers.containers.ComposeContainer;

/// The compose file, brought up by Testcontainers as a project of its own on free ports. Within it,
/// commands are typed as a person would.
final class DockerCompose implements AutoCloseable {
    private static final String FILE = "compose.yaml";

    private final Map<String, String> ports = new TreeMap<>();
    private final ComposeContainer containers;
    private String project = "";

    /// @param kubeconfigs where K3s leaves its files
    DockerCompose(Path kubeconfigs) {
        for (String service : List.of("NATS1", "NATS2", "KINE1", "KINE2", "K3S1", "K3S2")) {
            ports.put("TWONODE_PORT_" + service, Integer.toString(freePort()));
        }
        ports.put("TWONODE_KUBECONFIGS", kubeconfigs.toString());
        containers =
                new ComposeContainer(new File(FILE))
                        .withEnv(ports)
                        .withPull(false)
                        .withRemoveVolumes(true);
    }

    /// Builds the images that are not here.
    static void buildImages(String... names) {
        run(Map.of(), Stream.concat(Stream.of("./images"), Stream.of(names)).toList());
    }

    /// Starts these services and what they depend on.
    void start(String... services) {
        containers.withServices(services).start();
        Map<String, String> labels =
                containers
                        .getContainerByServiceName(services[0])
                        .orElseThrow()
                        .getContainerInfo()
                        .getConfig()
                        .getLabels();
        project =
                Objects.requireNonNull(
                        Objects.requireNonNull(labels).get("com.docker.compose.project"));
    }

    /// The port on this machine of `NATS1`, `KINE2` and so on.
    int port(String service) {
        return Integer.parseInt(ports.get("TWONODE_PORT_" + service));
    }

    /// `docker compose` with these arguments.
    ///
    /// @return what it printed
    String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "-p", project));
        command.addAll(List.of("-f", FILE));
        command.addAll(List.of(arguments));
        return run(ports, command);
    }

    @Override
    public void close() {
        containers.stop();
    }

    private static String run(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed, see above");
            }
            return new String(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
