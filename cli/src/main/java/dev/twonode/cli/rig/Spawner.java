package dev.twonode.cli.rig;

import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Starts and ends background processes.
public final class Spawner {

    private static final Duration KILLED_AT_ONCE = Duration.ofSeconds(10);

    private Spawner() {}

    /// Starts a process that survives this one and its terminal. Its output is appended to a file.
    public static ProcessTag start(List<String> command, Path log) {
        List<String> detached = new ArrayList<>();
        onPath("setsid").ifPresent(path -> detached.add(path.toString()));
        detached.addAll(command);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            Process process =
                    new ProcessBuilder(detached)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            return ProcessTag.of(process.pid()).orElseThrow(() -> endedAtOnce(command, log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /// Ends a process at once, without a chance to tidy up (SIGKILL), and waits until it is gone.
    public static void kill(ProcessTag process) {
        kill(List.of(process));
    }

    /// Ends processes in the same instant, and waits until they are gone.
    public static void kill(List<ProcessTag> processes) {
        processes.forEach(process -> process.find().ifPresent(ProcessHandle::destroyForcibly));
        processes.forEach(Spawner::awaitEnd);
    }

    private static void awaitEnd(ProcessTag process) {
        if (!Waiting.until(() -> !process.isAlive(), KILLED_AT_ONCE)) {
            throw new Failure(
                    ExitCode.FAILURE,
                    "process " + process.pid() + " does not end",
                    "not even SIGKILL ended it; it may hang in a system call",
                    "look at it with ps -o stat,wchan -p " + process.pid());
        }
    }

    /// Asks a process to end (SIGTERM), and ends it at once when it has not after a while.
    ///
    /// @return whether it ended by itself
    public static boolean stop(ProcessTag process, Duration patience) {
        process.find().ifPresent(ProcessHandle::destroy);
        boolean ended = Waiting.until(() -> !process.isAlive(), patience);
        if (!ended) {
            kill(process);
        }
        return ended;
    }

    /// Halts a process without ending it (SIGSTOP).
    public static void suspend(ProcessTag process) {
        signal("STOP", process);
    }

    /// Lets a halted process go on (SIGCONT).
    public static void resume(ProcessTag process) {
        signal("CONT", process);
    }

    private static void signal(String name, ProcessTag process) {
        if (!process.isAlive()) {
            return;
        }
        try {
            int code =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new Failure(
                        ExitCode.FAILURE,
                        "cannot send SIG" + name + " to process " + process.pid(),
                        "see the line above",
                        "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    ExitCode.INTERRUPTED, "interrupted while sending SIG" + name, "", "", e);
        }
    }

    /// Finds a program on the PATH.
    public static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Failure endedAtOnce(List<String> command, Path log) {
        return new Failure(
                ExitCode.FAILURE, command.getFirst() + " ended at once", "", "look into " + log);
    }
}
