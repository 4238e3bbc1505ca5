package dev.twonode.cli.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `docker compose` in the folder of one project, as a person would type it there.
///
/// @param folder where `compose.yaml` and `.env` are
/// @param log takes what Docker prints about its work
public record Compose(Path folder, Path log) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES_SHOWN = 3;
    private static final String NOT_PERMITTED = "operation not permitted";

    /// A service and what has become of its container.
    ///
    /// @param state Docker's word, such as `running` or `exited`
    /// @param health `healthy`, `unhealthy`, `starting`, or empty where nothing is checked
    public record Service(String name, String state, String health) {

        /// Whether its container runs, in good health or not.
        public boolean runs() {
            return state.equals("running");
        }

        /// Its state and health in words.
        public String inWords() {
            return health.isEmpty() || !runs() ? state : state + ", " + health;
        }
    }

    /// Writes what the project's variables are.
    public void configure(Map<String, String> variables) {
        StringBuilder text = new StringBuilder();
        variables.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        try {
            Files.writeString(folder.resolve(".env"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Carries out a command.
    public void run(List<String> arguments) {
        Task task = begin(arguments);
        task.await();
        task.finish();
    }

    /// Begins a command that takes its time.
    public Task begin(List<String> arguments) {
        try {
            Path output = Files.createTempFile(folder, "compose-", ".out");
            Process process =
                    process(arguments)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            process.getOutputStream().close();
            return new Task(arguments.getFirst(), process, output);
        } catch (IOException e) {
            throw missing(e);
        }
    }

    /// A command under way.
    public final class Task {

        private final String what;
        private final Process process;
        private final Path output;

        private Task(String what, Process process, Path output) {
            this.what = what;
            this.process = process;
            this.output = output;
        }

        /// Whether it has come to an end, good or bad.
        public boolean hasEnded() {
            return !process.isAlive();
        }

        /// Whether it has come to a good end.
        public boolean isGood() {
            return hasEnded() && process.exitValue() == 0;
        }

        /// The last line that it printed.
        public String lastLine() {
            return words(text()).reduce("", (_, last) -> last);
        }

        private void await() {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        /// Ends it if it still goes on, and keeps what it printed in the log. Fails unless it has
        /// come to a good end.
        public void finish() {
            boolean good = isGood();
            process.destroy();
            await();
            String text = text();
            try {
                Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Files.delete(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!good) {
                throw failed(what, text);
            }
        }

        private String text() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Runs a command in a service's container, with this as its input.
    ///
    /// @return what it printed; empty when it failed
    public Optional<String> execute(String service, List<String> command, String input) {
        List<String> arguments = new ArrayList<>(List.of("exec", "-T", service));
        arguments.addAll(command);
        return answer(arguments, input);
    }

    /// The last lines that a service printed, in all of its lives; empty when it printed none.
    public String lastWords(String service) {
        String lines = Integer.toString(LINES_SHOWN);
        List<String> logs = List.of("logs", "--no-color", "--no-log-prefix", "--tail", lines);
        List<String> arguments = new ArrayList<>(logs);
        arguments.add(service);
        return answer(arguments, "").orElse("").strip();
    }

    /// How often Docker started the container of a service again by itself, since it was started
    /// last by somebody; 0 where there is none.
    public int restarts(String service) {
        String count = "{{.RestartCount}}";
        return answer(List.of("ps", "--all", "--quiet", service), "")
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .map(id -> List.of("docker", "inspect", "--format", count, id))
                .flatMap(command -> answer(builder(command), ""))
                .map(text -> Integer.parseInt(text.strip()))
                .orElse(0);
    }

    private Optional<String> answer(List<String> arguments, String input) {
        return answer(process(arguments), input);
    }

    private Optional<String> answer(ProcessBuilder builder, String input) {
        try {
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            try (var pipe = process.outputWriter(StandardCharsets.UTF_8)) {
                pipe.write(input);
            }
            String text = read(process);
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// Every service that has a container, running or not. Empty before the first start.
    public List<Service> services() {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try {
            Process process =
                    process(List.of("ps", "--all", "--format", "json"))
                            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            process.getOutputStream().close();
            String text = read(process);
            if (process.waitFor() != 0) {
                throw failed("ps", NodeProcesses.tail(log));
            }
            return parse(text);
        } catch (IOException e) {
            throw missing(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// One object a line, or one array of them, as the version of Compose likes it.
    static List<Service> parse(String text) throws IOException {
        List<Service> found = new ArrayList<>();
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
            while (values.hasNext()) {
                JsonNode value = values.next();
                Iterable<JsonNode> each = value.isArray() ? value : List.of(value);
                each.forEach(one ->
                        found.add(
                                new Service(
                                        one.path("Service").asText(),
                                        one.path("State").asText(),
                                        one.path("Health").asText())));
            }
        }
        return found;
    }

    private ProcessBuilder process(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "compose"));
        command.addAll(arguments);
        return builder(command);
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        // What the folder's own .env says, variables of the environment would override.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("COMPOSE_") || name.startsWith("TWONODE_"));
        return builder;
    }

    private static String read(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Failure failed(String what, String text) {
        List<String> lines = words(text).toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        return new Failure(
                ExitCode.FAILURE,
                "docker compose " + what + " failed",
                String.join("\n       ", last),
                "see " + log + "; " + remedy(text));
    }

    private static Stream<String> words(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty());
    }

    /// What helps where Docker printed this.
    static String remedy(String text) {
        return text.contains(NOT_PERMITTED)
                ? "K3s needs an engine that starts privileged containers; with a stand-in for it"
                        + " begin anew: twonode demo clean, then TWONODE_K3S_PRIVILEGED=false"
                        + " twonode demo start-leader --backend=compose"
                : "where no registry can be reached, demo-scripts/images in a checkout builds"
                        + " stand-ins for the images";
    }

    private static Failure missing(IOException e) {
        return new Failure(
                ExitCode.FAILURE,
                "docker compose cannot be run",
                String.valueOf(e.getMessage()),
                "install Docker with its compose plugin, or use --backend=local",
                e);
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure(ExitCode.INTERRUPTED, "interrupted during docker compose", "", "", e);
    }
}
