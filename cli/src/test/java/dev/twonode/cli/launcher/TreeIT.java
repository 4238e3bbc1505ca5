package dev.twonode.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void takesMostClassesFromTheArchive() throws Exception {
        Path log = folder.resolve("classes");

        run(TREE, "-Xlog:class+load=info:file=" + log, "version", "-o", "json");

        List<String> loaded = Files.readAllLines(log);
        long archived =
                loaded.stream().filter(line -> line.endsWith("shared objects file")).count();
        assertThat(archived).isGreaterThan(loaded.size() * 3L / 4);
        assertThat(loaded)
                .as("classes of twonode's own")
                .anyMatch(line -> line.matches(".*dev\\.twonode\\..*shared objects file"));
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

    @Test
    void holdsTheToolLocatorAsItIs() throws Exception {
        Path locator = TREE.resolve("libexec/tools");

        assertThat(locator)
                .isExecutable()
                .hasSameTextualContentAs(Path.of("../demo-scripts/tools"));
    }
}
