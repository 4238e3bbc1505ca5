package dev.twonode.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A real Kubernetes without nodes: an API server on an etcd address, a controller manager, and
/// `kubectl` as the client of both.
public final class KubernetesProcesses implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofMinutes(3);
    private static final Duration COMMAND_BOUND = Duration.ofSeconds(60);
    private static final String TOKEN = "known-to-this-test-only";

    private final int port = NatsServerProcess.freePort();
    private final Path folder;
    private final Path kubeconfig;
    private final List<Process> running = new CopyOnWriteArrayList<>();
    private final Process apiServer;
    private final Process controllers;

    /// What a command printed and how it ended.
    public record Outcome(int exitCode, String output) {}

    /// Starts both and waits until the API server is ready.
    ///
    /// @param etcdUrl where kine listens
    /// @param folder for logs, keys and the kubeconfig
    public KubernetesProcesses(String etcdUrl, Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            Path key = serviceAccountKey();
            Path tokens = folder.resolve("tokens.csv");
            Files.writeString(tokens, TOKEN + ",admin,admin,system:masters\n");
            kubeconfig = writeKubeconfig();
            apiServer =
                    start(
                            "api-server",
                            Tools.path("kube-apiserver").toString(),
                            "--etcd-servers=" + etcdUrl,
                            "--cert-dir=" + folder.resolve("certificates"),
                            "--bind-address=127.0.0.1",
                            "--secure-port=" + port,
                            "--service-account-issuer=https://kubernetes.default.svc",
                            "--service-account-key-file=" + key,
                            "--service-account-signing-key-file=" + key,
                            "--token-auth-file=" + tokens,
                            "--authorization-mode=RBAC",
                            "--service-cluster-ip-range=10.96.0.0/16",
                            "--endpoint-reconciler-type=none");
            awaitReady();
            controllers =
                    start(
                            "controller-manager",
                            Tools.path("kube-controller-manager").toString(),
                            "--kubeconfig=" + kubeconfig,
                            "--service-account-private-key-file=" + key,
                            "--use-service-account-credentials=false",
                            "--secure-port=" + NatsServerProcess.freePort(),
                            "--cert-dir=" + folder.resolve("controller-certificates"));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            close();
            throw new AssertionError(e.getMessage() + "\n" + log("api-server"), e);
        }
    }

    private void awaitReady() {
        Await.await(
                "the API server is ready",
                START_BOUND,
                () -> kubectl("get", "--raw", "/readyz").exitCode() == 0);
    }

    private Path serviceAccountKey() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
            String text =
                    Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(encoded);
            return Files.writeString(
                    folder.resolve("service-account.key"),
                    "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path writeKubeconfig() throws IOException {
        return Files.writeString(
                folder.resolve("kubeconfig.yaml"),
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: pair
                  cluster:
                    server: https://127.0.0.1:%d
                    insecure-skip-tls-verify: true
                users:
                - name: admin
                  user:
                    token: %s
                contexts:
                - name: pair
                  context:
                    cluster: pair
                    user: admin
                current-context: pair
                """
                        .formatted(port, TOKEN));
    }

    /// Runs `kubectl` to its end; standard output and standard error together.
    public Outcome kubectl(String... arguments) throws IOException {
        Process process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("kubectl does not end: " + output);
            }
            return new Outcome(process.exitValue(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Starts a `kubectl` that goes on until everything is closed.
    ///
    /// @return the file that takes what it prints
    public Path watch(String... arguments) throws IOException {
        start("watch", command(arguments).toArray(String[]::new));
        return folder.resolve("watch.log");
    }

    private List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Process start(String name, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(name + ".log").toFile())
                        .start();
        process.getOutputStream().close();
        running.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    /// Whether the API server and the controller manager are the processes that were started.
    public boolean isRunning() {
        return apiServer.isAlive() && controllers.isAlive();
    }

    /// The end of what a program has printed.
    public String log(String name) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(name + ".log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        for (Process process : running.reversed()) {
            process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
