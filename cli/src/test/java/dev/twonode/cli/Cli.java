package dev.twonode.cli;

import dev.twonode.cli.agent.AgentClients;
import dev.twonode.cli.console.Streams;
import dev.twonode.cli.console.Terminals;
import dev.twonode.config.Surroundings;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/// Runs commands in this process through the entry point, in a world of the test's making: no
/// environment variables but `HOME`, no terminal, a wall clock that stands still.
public final class Cli {

    /// The time that the wall clock of a launched command shows.
    public static final Instant NOW = Instant.parse("2026-11-23T07:00:10Z");

    private static final Path NOWHERE = Path.of("/nonexistent/twonode-test");

    private final Map<String, String> variables = new TreeMap<>();
    private AgentClients agents = AgentClients.overNats();
    private Terminals terminals = Terminals.NONE;
    private boolean unicode = true;
    private String input = "";

    /// Runs a command in the plain world.
    public static Launched launch(String... args) {
        return new Cli().run(args);
    }

    public Cli agents(AgentClients others) {
        agents = others;
        return this;
    }

    public Cli variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    public Cli terminals(boolean in, boolean out, boolean err) {
        terminals = new Terminals(in, out, err);
        return this;
    }

    public Cli ascii() {
        unicode = false;
        return this;
    }

    /// What a person types.
    public Cli input(String text) {
        input = text;
        return this;
    }

    public Launched run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = TwoNode.run(environment(out, err), args);
        return new Launched(code, out.toString(), err.toString());
    }

    /// Every command with its options.
    public static CommandLine commands() {
        return TwoNode.everything(new Cli().environment(new StringWriter(), new StringWriter()));
    }

    private Environment environment(StringWriter out, StringWriter err) {
        Streams streams =
                new Streams(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        new BufferedReader(new StringReader(input)),
                        terminals,
                        unicode);
        return new Environment(surroundings(), streams, agents, InstantSource.fixed(NOW));
    }

    private Surroundings surroundings() {
        return new Surroundings(
                variables, NOWHERE, NOWHERE.resolve("config.yaml"), "testhost", false);
    }
}
