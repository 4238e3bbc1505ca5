package dev.twonode.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LauncherTest {
    private static final Path SOURCE = Path.of("src/main/launcher/twonode");

    /// Prints which JDK it belongs to, then its arguments, one a line.
    private static final String JAVA =
            """
            #!/bin/sh
            printf '%s\\n' "$0" "$@"
            """;

    private final Map<String, String> environment = new TreeMap<>();
    private final Path root;
    private final Path tree;

    private record Outcome(int exitCode, List<String> output, String errors) {}

    LauncherTest(@TempDir Path root) {
        this.root = root;
        this.tree = root.resolve("two node");
    }

    @BeforeEach
    void treeWithoutAnyJdk() throws IOException {
        Files.createDirectories(tree.resolve("lib"));
        Files.createFile(tree.resolve("lib/twonode-cli.jar"));
        // The usual folders are looked for below the test's own, so that this machine's JDKs do
        // not take part.
        String script =
                Files.readString(SOURCE)
                        .replaceAll("(?<=[ \"])/(usr|opt|Library)/", "\"\\$ROOT\"/$1/");
        executable(tree.resolve("bin/twonode"), script);
        environment.put("ROOT", root.toString());
        environment.put("HOME", root.resolve("home").toString());
        Path emptyPath = Files.createDirectories(root.resolve("path"));
        for (String program : List.of("sh", "readlink")) {
            executable(
                    emptyPath.resolve(program),
                    "#!/bin/sh\nexec " + realProgram(program) + " \"$@\"\n");
        }
        environment.put("PATH", emptyPath.toString());
    }

    private static Path realProgram(String name) {
        Path inUsr = Path.of("/usr/bin", name);
        return Files.isExecutable(inUsr) ? inUsr : Path.of("/bin", name);
    }

    private static void executable(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    private Path jdk(String folder, String version) throws IOException {
        Path home = root.resolve(folder);
        executable(home.resolve("bin/java"), JAVA);
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private Outcome launch(String... arguments) throws Exception {
        return launchFrom(tree.resolve("bin/twonode"), arguments);
    }

    private Outcome launchFrom(Path launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(root, "launch", ".out");
        Path errors = Files.createTempFile(root, "launch", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended in time").isTrue();
        return new Outcome(
                process.exitValue(), Files.readAllLines(output), Files.readString(errors));
    }

    private void assertStartedBy(Path home, Outcome outcome) {
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output()).startsWith(home.resolve("bin/java").toString());
    }

    @Test
    void takesJavaHomeWhenItIsNewEnough() throws Exception {
        Path home = jdk("jdk", "25.0.3");
        environment.put("JAVA_HOME", home.toString());

        assertStartedBy(home, launch("version"));
    }

    @Test
    void passesOverAnOldJavaHomeForTheJavaOnPath() throws Exception {
        environment.put("JAVA_HOME", jdk("old", "17.0.15").toString());
        Path home = jdk("usr/lib/newer", "26");
        Files.createSymbolicLink(root.resolve("alternative"), home.resolve("bin/java"));
        Files.createSymbolicLink(root.resolve("path/java"), root.resolve("alternative"));

        assertStartedBy(home, launch("version"));
    }

    @Test
    void looksInTheUsualFoldersLast() throws Exception {
        jdk("usr/lib/jvm/java-17", "17.0.15");
        Path home = jdk("usr/lib/jvm/temurin-25", "25");

        assertStartedBy(home, launch("version"));
    }

    @Test
    void saysWhichJdksItSawWhenNoneIsNewEnough() throws Exception {
        Path old = jdk("usr/lib/jvm/java-17", "17.0.15");
        Path odd = jdk("odd", "25");
        Files.delete(odd.resolve("release"));
        environment.put("JAVA_HOME", odd.toString());

        Outcome outcome = launch("version");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors())
                .contains("no JDK 25 or newer was found")
                .contains(old + " is 17.0.15")
                .contains(odd + " is of unknown version")
                .contains("set JAVA_HOME");
    }

    @Test
    void findsItsTreeThroughLinks() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Path link = root.resolve("home/bin/twonode");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(root.resolve("absolute"), tree.resolve("bin/twonode"));
        Files.createSymbolicLink(link, Path.of("../../absolute"));

        assertThat(launchFrom(link, "version").output())
                .contains(
                        "-Dtwonode.home=" + tree.toRealPath(),
                        tree.toRealPath() + "/lib/twonode-cli.jar");
    }

    @Test
    void saysSoWhenItsTreeIsNotThere() throws Exception {
        Files.delete(tree.resolve("lib/twonode-cli.jar"));

        Outcome outcome = launch("version");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("lib/twonode-cli.jar is missing", "mvn");
    }

    @Test
    void handsArgumentsOnAsTheyAre() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());

        List<String> output = launch("state", "", "two words", "*", "$HOME", "it's").output();

        assertThat(output)
                .endsWith(
                        "dev.twonode.cli.TwoNode", "state", "", "two words", "*", "$HOME", "it's");
    }

    @Test
    void startsOneShotCommandsForAQuickAnswer() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Path archive = Files.createFile(tree.resolve("lib/twonode.jsa"));

        assertThat(launch("state").output())
                .contains(
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-XX:SharedArchiveFile=" + archive.toRealPath())
                .contains("-Xlog:disable", "-Xlog:all=error:stderr");
    }

    @Test
    void startsTheAgentForALongLife() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Path archive = Files.createFile(tree.resolve("lib/twonode.jsa"));

        List<String> output = launch("run", "--leader").output();

        assertThat(output)
                .contains("-Xms256m", "-Xmx256m", "-XX:TieredStopAtLevel=1")
                .anyMatch(word -> word.matches("-XX:OnOutOfMemoryError=.*kill -9 %p"))
                .contains("-XX:SharedArchiveFile=" + archive.toRealPath());
    }

    @Test
    void addsTheUsersOptionsAfterItsOwn() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        environment.put("TWONODE_JAVA_OPTS", "-Xmx128m -Dextra=1");

        List<String> output = launch("state").output();

        assertThat(output.indexOf("-Xmx128m")).isGreaterThan(output.indexOf("-Xmx64m"));
        assertThat(output).contains("-Dextra=1");
    }

    @Test
    void tellsWhichStreamsAreTerminals() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());

        assertThat(launch("state").output()).contains("-Dtwonode.terminals=");
    }
}
