package dev.twonode.completion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a script in a real shell.
final class ShellRun {

    private ShellRun() {}

    /// The output of a script.
    ///
    /// @param shell program and options that read the script from `-c`
    /// @param words what the script finds in `$1` and so on
    static String output(List<String> shell, String script, String... words) {
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of("-c", script, shell.getFirst()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(shell.getFirst() + " failed:\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    shell.getFirst()
                            + " is needed by this test and cannot be started; install it"
                            + " (apt-get install "
                            + shell.getFirst()
                            + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
