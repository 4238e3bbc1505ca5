package dev.twonode.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.testing.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starts the real launcher on this JDK, in the tree that the build has left.
final class TreeIT {
    private static final Path TREE = Path.of("target/twonode").toAbsolutePath();

    @TempDir private Path folder;

    private record Outcome(int exitCode, String output, String errors) {}

    private Outcome run(Path tree, String javaOptions, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(tree.resolve("bin/twonode").toString()));
        command.addAll(List.of(arguments));
        return run(command, javaOptions);
    }

    /// Runs a line of the shell in which `$0` is the launcher.
    private Outcome through(String line) throws Exception {
        return run(List.of("sh", "-c", line, TREE.resolve("bin/twonode").toString()), "");
    }

    private Outcome run(List<String> command, String javaOptions) throws Exception {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TWONODE_JAVA_OPTS", javaOptions);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
        return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    /// A copy of the tree with other time stamps, as a careless installation makes it.
    private Path copyOfTree() throws Exception {
        Path copy = folder.resolve("copy of tree");
        try (Stream<Path> files = Files.walk(TREE)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(TREE.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                    assertThat(target.toFile().setExecutable(Files.isExecutable(file))).isTrue();
                }
            }
        }
        return copy;
    }

    private static void assertSpeaksJsonOnly(Outcome outcome) throws Exception {
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(new ObjectMapper().readTree(outcome.output()).has("version")).isTrue();
    }

    @Test
    void answersInJsonAndNothingElse() throws Exception {
        assertSpeaksJsonOnly(run(TREE, "", "version", "-o", "json"));
    }

    @Test
    void takesNearlyAllClassesOfACommandThatConnectsFromTheArchive() throws Exception {
        Path log = folder.resolve("classes");

        try (PretendedServers servers = PretendedServers.start(folder)) {
            String options = "-Xlog:class+load=info:file=" + log;
            run(TREE, options, "status", "-s", servers.addresses());
        }

        List<String> loaded = Files.readAllLines(log);
        long archived =
                loaded.stream().filter(line -> line.contains("shared objects file")).count();
        assertThat(archived).isGreaterThan(loaded.size() * 95L / 100);
        // What the runtime makes for a switch while it runs cannot be archived.
        for (String own : List.of("picocli.", "io.nats.client.", "dev.twonode.cli.")) {
            assertThat(loaded)
                    .filteredOn(line -> line.contains(" " + own) && !line.contains("$$TypeSwitch"))
                    .as("classes of " + own)
                    .hasSizeGreaterThan(20)
                    .allMatch(line -> line.contains("shared objects file"));
        }
    }

    /// A slow machine is slow for both. A busy one is so now and then only: the best of many turns
    /// counts. What this finds is an archive that lacks classes, a wait, an end of the process that
    /// waits for threads.
    @Test
    void answersWithinAFewTimesWhatTheRuntimeNeedsToStart() throws Exception {
        List<String> runtime =
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-version");
        try (PretendedServers servers = PretendedServers.start(folder)) {
            List<String> status =
                    List.of(
                            TREE.resolve("bin/twonode").toString(),
                            "status",
                            "-s",
                            servers.addresses());
            long[] best = {Long.MAX_VALUE, Long.MAX_VALUE};

            Await.await(
                    "twonode status takes at most twenty times what java takes",
                    Duration.ofMinutes(1),
                    () -> {
                        best[0] = Math.min(best[0], nanosOf(runtime));
                        best[1] = Math.min(best[1], nanosOf(status));
                        return best[1] < 20 * best[0];
                    });
        }
    }

    private long nanosOf(List<String> command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("timed").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long began = System.nanoTime();
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
        long took = System.nanoTime() - began;
        assertThat(process.exitValue()).isZero();
        return took;
    }

    @Test
    void answersTheSameWhenTheArchiveDoesNotFit() throws Exception {
        assertSpeaksJsonOnly(run(copyOfTree(), "", "version", "-o", "json"));
    }

    @Test
    void answersTheSameWhenTheArchiveIsDamaged() throws Exception {
        Path tree = copyOfTree();
        Files.write(tree.resolve("lib/twonode.jsa"), "junk".getBytes(StandardCharsets.UTF_8));

        assertSpeaksJsonOnly(run(tree, "", "version", "-o", "json"));
    }

    /// A JVM in the locale C cannot read the names of such files, not even of its own classes.
    @Test
    void namesBeyondAsciiDoNotNeedALocaleThatHasThem() throws Exception {
        String in =
                "umlaut=$(printf 'z\\303\\274rich'); cp -R \"${0%/bin/*}\" "
                        + folder
                        + "/$umlaut; ";
        String tree = folder + "/$umlaut/bin/twonode ";

        for (String locale : List.of("C", "POSIX", "en_XX.UTF-8", "")) {
            assertSpeaksJsonOnly(
                    through(in + "LC_ALL=" + locale + " LANG= " + tree + "version -o json"));
        }
        Outcome checked =
                through(
                        in
                                + "LC_ALL=C "
                                + tree
                                + "run --check-config --peer-url h:1 --state-dir "
                                + folder
                                + "/$umlaut/state");
        assertThat(checked.errors()).isEmpty();
        assertThat(checked.exitCode()).isZero();
    }

    @Test
    void outputThatIsLostIsAFailure() throws Exception {
        Outcome outcome = through("exec \"$0\" version -o json >/dev/full");

        assertThat(outcome.errors())
                .contains("the output could not be written: No space left on device");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    @Test
    void readerThatLeavesIsNoFailure() throws Exception {
        Outcome outcome = through("\"$0\" completion bash | head -n 1");

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output().lines()).hasSize(1);
    }

    @Test
    void closedStreamsAreNotMistakenForFiles() throws Exception {
        Outcome outcome = through("exec \"$0\" version <&- >&- 2>&-");

        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void holdsTheToolLocatorAsItIs() throws Exception {
        Path locator = TREE.resolve("libexec/tools");

        assertThat(locator)
                .isExecutable()
                .hasSameTextualContentAs(Path.of("../demo-scripts/tools"));
    }
}
