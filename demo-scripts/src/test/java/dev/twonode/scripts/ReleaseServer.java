package dev.twonode.scripts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A stand-in for github.com on a free loopback port, holding one release of each tool: tar.gz, zip
/// and bare program, each beside its checksum file.
final class ReleaseServer implements AutoCloseable {
    static final String SERVER = "/nats-io/nats-server/releases/download/v2.15.2/";
    static final String CLIENT = "/nats-io/natscli/releases/download/v0.5.1/";
    static final String KINE = "/k3s-io/kine/releases/download/v0.17.5/";

    private final HttpServer http;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> fetched = new CopyOnWriteArrayList<>();

    ReleaseServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
        for (String arch : List.of("amd64", "arm64")) {
            addServer(arch);
            addClient(arch);
            add(KINE, "kine-" + arch, "sha256sum-" + arch + ".txt", script("kine version dev"));
        }
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /// The paths asked for so far, checksum files among them.
    List<String> fetched() {
        return List.copyOf(fetched);
    }

    /// Makes the published checksums of `folder` wrong while the files stay as they are.
    void publishOtherChecksums(String folder) {
        files.replaceAll((path, bytes) ->
                path.startsWith(folder + "SHA256SUMS")
                        ? new String(bytes, StandardCharsets.UTF_8)
                                .replaceAll("(?m)^[0-9a-f]{8}", "deadbeef")
                                .getBytes(StandardCharsets.UTF_8)
                        : bytes);
    }

    /// Leaves the checksum file of `folder` in place but without any line in it.
    void publishNoChecksums(String folder) {
        files.replace(folder + "SHA256SUMS", new byte[0]);
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void addServer(String arch) throws IOException {
        String name = "nats-server-v2.15.2-linux-" + arch;
        byte[] archive = TarGz.of(name + "/nats-server", script("nats-server: v2.15.2"));
        add(SERVER, name + ".tar.gz", "SHA256SUMS", archive);
    }

    private void addClient(String arch) throws IOException {
        String name = "nats-0.5.1-linux-" + arch;
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name + "/nats"));
            zip.write(script("v0.5.1"));
        }
        add(CLIENT, name + ".zip", "SHA256SUMS", bytes.toByteArray());
    }

    private void add(String folder, String name, String sums, byte[] content) {
        files.put(folder + name, content);
        byte[] line = (sha256(content) + "  " + name + "\n").getBytes(StandardCharsets.UTF_8);
        files.merge(folder + sums, line, ReleaseServer::joined);
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            fetched.add(path);
            byte[] content = files.get(path);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] script(String versionLine) {
        return Sandbox.program("echo '" + versionLine + "'").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static String sha256(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
