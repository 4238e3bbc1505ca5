package dev.twonode.cli.faults;

import dev.twonode.testing.Await;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One `twonode` command as a process of its own, by the launcher of the tree that was built.
final class AgentProcess implements AutoCloseable {

    /// A forced promotion writes ten thousand placeholders, on a machine that is busy with much
    /// else.
    private static final Duration END = Duration.ofSeconds(90);

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "agents"));
    }

    private final Process process;
    private final Path log;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        RUNNING.add(process);
    }

    /// Starts `twonode` with these arguments; what it prints is appended to a file.
    static AgentProcess start(Path log, List<String> arguments) {
        return start(log, List.of(), arguments);
    }

    /// Starts `twonode` by another command, which gets the launcher as its last arguments.
    static AgentProcess start(Path log, List<String> by, List<String> arguments) {
        List<String> command = new ArrayList<>(by);
        command.add(Tools.repositoryRoot().resolve("cli/target/twonode/bin/twonode").toString());
        command.addAll(arguments);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            process.getOutputStream().close();
            return new AgentProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs `twonode` to its end.
    static AgentProcess run(Path log, String... arguments) {
        AgentProcess process = start(log, List.of(arguments));
        process.awaitExit();
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// Ends it at once (SIGKILL).
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /// Asks it to end (SIGTERM).
    void terminate() {
        process.destroy();
    }

    /// Freezes it (SIGSTOP).
    void pause() {
        signal("STOP");
    }

    /// Lets it go on (SIGCONT).
    void resume() {
        signal("CONT");
    }

    /// The exit code, waiting for the end.
    int awaitExit() {
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("twonode did not end:\n" + log());
            }
            RUNNING.remove(process);
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Waits until it has printed this.
    void awaitLog(String text) {
        Await.await("the log says '" + text + "'", END, () -> log().contains(text));
    }

    /// What it has printed so far, and what was printed to that file before.
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String name) {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
