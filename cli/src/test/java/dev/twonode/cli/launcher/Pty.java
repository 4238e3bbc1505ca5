package dev.twonode.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A shell on a terminal of its own, made by `script`, which every Linux has: keys go in, and what
/// the terminal is told comes out.
final class Pty implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Process script;
    private final StringBuilder output = new StringBuilder();
    private final Thread reading;
    private final String device;
    private int mark;

    Pty(int columns, int rows) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("script", "-q", "-f", "-c", "exec sh", "/dev/null")
                        .redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "SHELL", "/bin/sh",
                                "TERM", "xterm-256color",
                                "LC_ALL", "C.UTF-8",
                                "PS1", "> ",
                                "JAVA_HOME", System.getProperty("java.home")));
        script = builder.start();
        reading = Thread.ofVirtual().start(this::readAll);
        awaitOutput("> ");
        device = answerTo("tty");
        resize(columns, rows);
    }

    private void readAll() {
        try (Reader reader =
                new InputStreamReader(script.getInputStream(), StandardCharsets.UTF_8)) {
            char[] some = new char[4_096];
            for (int n = reader.read(some); n >= 0; n = reader.read(some)) {
                append(new String(some, 0, n));
            }
        } catch (IOException e) {
            append("the terminal cannot be read: " + e);
        }
    }

    private synchronized void append(String text) {
        output.append(text);
    }

    /// What came up to now is no news any more.
    synchronized void forget() {
        mark = output.length();
    }

    /// Everything that came since the last line or key was typed.
    synchronized String news() {
        return output.substring(mark);
    }

    void awaitOutput(String text) {
        Await.await(
                "the terminal gets '" + text + "'",
                BOUND,
                () -> {
                    if (!news().contains(text)) {
                        throw new IllegalStateException("it got\n" + news());
                    }
                    return true;
                });
    }

    void type(String line) throws IOException {
        key(line + "\r");
    }

    void key(String bytes) throws IOException {
        forget();
        script.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    /// What the shell prints for a command. The dots keep the typed line from looking like the
    /// printed one.
    String answerTo(String command) throws IOException {
        type("printf 'answer%s\\n' .; " + command + "; printf 'end%s\\n' .");
        awaitOutput("end.");
        String all = news();
        return all.substring(all.indexOf("answer.") + "answer.".length(), all.indexOf("end."))
                .strip();
    }

    void resize(int columns, int rows) throws IOException {
        forget();
        stty("cols", "" + columns, "rows", "" + rows);
    }

    /// What the program that runs has set.
    List<String> settings() throws IOException {
        return List.of(stty("-a").split("[\\s;]+"));
    }

    private String stty(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty", "-F", device));
        command.addAll(List.of(words));
        Process stty = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(stty.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(stty.exitValue()).as(said).isZero();
        return said;
    }

    /// The programs that the shell has started.
    List<ProcessHandle> children() {
        return script.children()
                .flatMap(ProcessHandle::descendants)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
