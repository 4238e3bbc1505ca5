package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import dev.twonode.testing.Tools;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pairs whose servers differ in version, both ways round. By itself it knows only the version that
/// this machine has; `-Dtwonode.versions=2.10.29,2.12.15,...` installs more with Go, which takes
/// minutes the first time.
@SuppressWarnings("try") // closing a client is never interrupted here
class MixedVersionsIT {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration INSTALLATION = Duration.ofMinutes(15);
    private static final int MESSAGES = 2_000;
    private static final int SUBJECTS = 700;

    @TempDir private Path folder;

    /// A server program and the version that it says it has.
    record Program(Path path, String version) {
        @Override
        public String toString() {
            return version;
        }
    }

    /// Every version with every other one and with itself.
    static Stream<Program[]> pairs() {
        List<Program> programs = new ArrayList<>(List.of(present()));
        String wanted = System.getProperty("twonode.versions", "");
        for (String version : wanted.split(",", -1)) {
            if (!version.isBlank() && !version.strip().equals(programs.getFirst().version())) {
                programs.add(new Program(installed(version.strip()), version.strip()));
            }
        }
        return programs.stream()
                .flatMap(one -> programs.stream().map(other -> new Program[] {one, other}));
    }

    private static Program present() {
        Path path = Tools.path("nats-server");
        String said = output(List.of(path.toString(), "--version"), Duration.ofSeconds(10));
        return new Program(path, said.replaceAll("(?s).*v(\\d+\\.\\d+\\.\\d+).*", "$1"));
    }

    private static Path installed(String version) {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path root =
                cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache);
        Path where = root.resolve("twonode/tools/nats-server-" + version);
        Path program = where.resolve("nats-server");
        if (!Files.isExecutable(program)) {
            output(
                    List.of(
                            "env",
                            "GOBIN=" + where,
                            "go",
                            "install",
                            "github.com/nats-io/nats-server/v2@v" + version),
                    INSTALLATION);
        }
        return program;
    }

    private static String output(List<String> command, Duration bound) {
        try {
            Path file = Files.createTempFile("output", ".txt");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(file.toFile())
                            .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
            String said = Files.readString(file);
            Files.delete(file);
            assertThat(ended && process.exitValue() == 0).as(command + ":\n" + said).isTrue();
            return said;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static NatsServerProcess start(Program program) {
        return NatsServerProcess.configure().binary(program.path()).start();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void copiesResyncsHandsOverAndFailsOver(Program one, Program other) throws Exception {
        try (TestPair pair = new TestPair(folder, start(one), start(other))) {
            pair.a.start();
            pair.b.start();
            pair.b.awaitRole("follower");
            pair.b.awaitInSync();
            write(pair.a, MESSAGES);
            awaitSame(pair);

            forgetEverything(pair.b);
            pair.b.awaitInSync();
            awaitSame(pair);

            handOver(pair.a, pair.b);
            write(pair.b, 100);
            awaitSame(pair);
            handOver(pair.b, pair.a);

            pair.b.awaitInSync();
            pair.a.killAgent();
            pair.a.server.kill();
            pair.b.awaitRole("leader");
            write(pair.b, 100);
            pair.a.server.restart();
            pair.a.start();
            pair.a.awaitInSync();
            awaitSame(pair);

            forgetEverything(pair.a);
            pair.a.awaitInSync();
            awaitSame(pair);
        }
    }

    /// The node loses its store and its journal, and is filled anew.
    private void forgetEverything(TestPair.Node node) throws IOException {
        node.killAgent();
        node.server.kill();
        for (Path lost :
                List.of(node.server.folder().resolve("store"), folder.resolve(node.name))) {
            try (Stream<Path> paths = Files.walk(lost)) {
                for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        node.server.restart();
        node.start();
    }

    private static void handOver(TestPair.Node from, TestPair.Node to) {
        to.awaitInSync();
        JsonNode answer = from.ask("stepdown", TestPair.PATIENTLY).orElseThrow();
        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
        to.awaitRole("leader");
    }

    /// Writes to subjects in turn, so that the bucket's limit leaves gaps, and deletes some.
    private static void write(TestPair.Node node, int count) throws Exception {
        try (Connection nats = node.connect()) {
            for (int i = 0; i < count; i++) {
                byte[] body = ("value " + i).getBytes(StandardCharsets.UTF_8);
                String subject = "$KV.kine.key" + (i * 7919L % SUBJECTS) % (1 + i % 97);
                nats.jetStream().publish(subject, body);
            }
        }
    }

    private static void awaitSame(TestPair pair) {
        long last = pair.a.api("STREAM.INFO.KV_kine", "").path("state").path("last_seq").asLong();
        long other = pair.b.api("STREAM.INFO.KV_kine", "").path("state").path("last_seq").asLong();
        long end = Math.max(last, other);
        pair.a.awaitSequence(end);
        pair.b.awaitSequence(end);
        Map<Long, String> messages = pair.a.messages();
        Await.await("both hold the same", BOUND, () -> pair.b.messages().equals(messages));
        assertThat(messages).isNotEmpty();
    }
}
