package dev.twonode.cli.demo;

import dev.twonode.testing.Await;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One `twonode demo` command as typed in a terminal of its own: the real launcher, a real process.
final class DemoProcess {

    private static final Duration BOUND = Duration.ofMinutes(8);

    private final Process process;
    private final Path output;

    private DemoProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// Begins a step.
    ///
    /// @param dir the folder of the demo
    static DemoProcess begin(Path dir, String... arguments) {
        return begin(dir, Map.of(), arguments);
    }

    /// Begins a step.
    ///
    /// @param dir the folder of the demo
    /// @param variables what the environment has besides, or instead
    static DemoProcess begin(Path dir, Map<String, String> variables, String... arguments) {
        Path launcher = Tools.repositoryRoot().resolve("cli/target/twonode/bin/twonode");
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "demo"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--dir", dir.toString(), "--pace", "0s"));
        if (Arrays.stream(arguments).noneMatch(each -> each.startsWith("--kubernetes"))) {
            command.add("--kubernetes=none");
        }
        try {
            Path output = Files.createTempFile("demo-", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            process.getOutputStream().close();
            return new DemoProcess(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a step to its end.
    static DemoProcess run(Path dir, String... arguments) {
        return run(dir, Map.of(), arguments);
    }

    /// Runs a step to its end, with these variables in its environment.
    static DemoProcess run(Path dir, Map<String, String> variables, String... arguments) {
        DemoProcess step = begin(dir, variables, arguments);
        step.await();
        return step;
    }

    /// Waits for the end.
    ///
    /// @return the exit code
    int await() {
        try {
            if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                throw new AssertionError("not within " + BOUND + ":\n" + text());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new AssertionError("interrupted", e);
        }
    }

    /// What it has printed so far.
    String text() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until it has printed this.
    void awaitText(String part) {
        Await.await("output has " + part, BOUND, () -> text().contains(part));
    }

    /// What Ctrl-C does.
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }
}
