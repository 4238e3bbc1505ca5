package dev.twonode.node;

import dev.twonode.logging.Log;
import dev.twonode.protocol.Jump;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The operator's command for lost revisions (`--on-revisions-lost`): it has to restart kine and
/// the API server of this node, which know the old ones.
///
/// It is run by `sh -c`, without input, in the agent's working folder. What it prints goes to the
/// log. `TWONODE_LOST_FROM`, `TWONODE_LOST_TO` and `TWONODE_LOST_BOUNDED` (`true` or `false`) say
/// what is lost, `TWONODE_REVISION` where the stream goes on, `TWONODE_TERM`, `TWONODE_NODE` and
/// `TWONODE_BUCKET` which term, node and bucket it is about.
public final class RestartHook {

    private static final Log LOG = Log.of(RestartHook.class);
    private static final int LINES = 50;

    private final String command;
    private final Map<String, String> surroundings;
    private final Duration bound;

    /// @param surroundings environment variables besides those that say what is lost
    /// @param bound after which it is ended
    public RestartHook(String command, Map<String, String> surroundings, Duration bound) {
        this.command = command;
        this.surroundings = Map.copyOf(surroundings);
        this.bound = bound;
    }

    /// Runs the command to its end.
    ///
    /// @return why it failed, empty when it did not
    public Optional<String> run(Jump jump) throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", command)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        environment.putAll(surroundings);
        environment.put("TWONODE_TERM", Long.toString(jump.term()));
        environment.put("TWONODE_LOST_FROM", Long.toString(jump.from()));
        environment.put("TWONODE_LOST_TO", Long.toString(jump.last()));
        environment.put("TWONODE_LOST_BOUNDED", Boolean.toString(jump.bounded()));
        environment.put("TWONODE_REVISION", Long.toString(jump.to()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.of("it could not be started: " + e.getMessage());
        }
        try {
            Thread.ofVirtual().name("hook-output").start(() -> log(process));
            return outcome(process);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Optional<String> outcome(Process process) throws InterruptedException {
        if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.of("it did not end within " + bound.toSeconds() + " s");
        }
        int code = process.exitValue();
        return code == 0 ? Optional.empty() : Optional.of("it ended with " + code);
    }

    /// A command that prints without end is read to its end, so that it is not stuck.
    private static void log(Process process) {
        try (BufferedReader output = process.inputReader()) {
            int lines = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines++;
                if (lines <= LINES) {
                    LOG.info("--on-revisions-lost: " + line);
                }
            }
        } catch (IOException e) {
            LOG.debug("the command's output ended: " + e.getMessage());
        }
    }
}
