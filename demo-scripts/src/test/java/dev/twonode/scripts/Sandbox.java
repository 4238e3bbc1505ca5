package dev.twonode.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A machine in a folder: a PATH of the system's plain programs and of what a test puts there, an
/// empty home, and no route to any release server unless one is named.
final class Sandbox {
    private static final List<String> SYSTEM =
            List.of(
                    ("sh awk cat chmod curl dirname gzip mkdir mktemp mv rm sed sha256sum sleep"
                                    + " tail tar timeout uname unzip")
                            .split(" "));
    private static final String NOWHERE = "http://127.0.0.1:1";

    private final Path root;
    private final List<Path> path = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();

    /// What a script printed and how it ended.
    record Outcome(int exitCode, List<String> output, String errors) {}

    Sandbox(Path root) throws IOException {
        this.root = root;
        Path system = Files.createDirectories(root.resolve("system"));
        for (String program : SYSTEM) {
            String real = systemProgram(program).toString();
            executable(system.resolve(program), "exec '" + real + "' \"$@\"");
        }
        path.add(system);
        environment.put("HOME", Files.createDirectories(root.resolve("home")).toString());
        environment.put("TWONODE_TOOLS_RELEASES", NOWHERE);
    }

    /// An executable script with this body.
    static String program(String body) {
        return "#!/bin/sh\n" + body + "\n";
    }

    /// Puts an executable script into `folder`, which joins the end of PATH when it is new.
    Path install(String folder, String name, String body) throws IOException {
        Path bin = root.resolve(folder);
        if (!path.contains(bin)) {
            path.add(Files.createDirectories(bin));
        }
        return executable(bin.resolve(name), body);
    }

    /// Writes an executable script to any place.
    static Path executable(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, program(body));
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
        return file;
    }

    void uninstall(String program) throws IOException {
        Files.delete(path.getFirst().resolve(program));
    }

    void set(String variable, String value) {
        environment.put(variable, value);
    }

    Path root() {
        return root;
    }

    /// Where the script under test keeps what it fetches.
    Path cache() {
        return root.resolve("home/.cache/twonode/tools");
    }

    /// Every file below the cache, for tests of what is left behind.
    List<String> cached() throws IOException {
        if (!Files.exists(cache())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(cache())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> cache().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    Outcome tools(String... arguments) throws IOException, InterruptedException {
        return outcomeOf(startTools(arguments));
    }

    /// Starts the script without waiting for its end.
    Started startTools(String... arguments) throws IOException {
        return start(Path.of("tools").toAbsolutePath(), arguments);
    }

    /// Starts any script on this machine.
    Started start(Path script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(root, "run", ".out");
        Path errors = Files.createTempFile(root, "run", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        List<String> folders = path.stream().map(Path::toString).toList();
        builder.environment().put("PATH", String.join(":", folders));
        return new Started(builder.start(), output, errors);
    }

    /// Waits for a started script, for a minute at most.
    static Outcome outcomeOf(Started started) throws IOException, InterruptedException {
        Process process = started.process();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + Files.readString(started.errors()));
        }
        return new Outcome(
                process.exitValue(),
                Files.readAllLines(started.output()),
                Files.readString(started.errors()));
    }

    /// A running script and the files that take what it prints.
    record Started(Process process, Path output, Path errors) {}

    private static Path systemProgram(String name) {
        return Stream.of(System.getenv("PATH").split(":"), new String[] {"/usr/bin", "/bin"})
                .flatMap(Stream::of)
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs " + name + " on PATH"));
    }
}
