package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.agent.AgentState;
import dev.twonode.cli.agent.PairReader;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.agent.Reply.NoResponders;
import dev.twonode.cli.agent.Sighting;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.output.Cell;
import dev.twonode.cli.output.Column;
import dev.twonode.cli.output.JsonText;
import dev.twonode.cli.output.Table;
import dev.twonode.cli.output.Texts;
import dev.twonode.cli.output.View;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/// `twonode version`.
@Command(
        name = "version",
        header = "Shows the version of twonode and of what it runs on.",
        footer = {
            "  twonode version",
            "  twonode version -s localhost:4222     with the server's and its agent's"
        })
public final class Version implements Callable<Integer>, Connects {

    private final ConnectionMixin connection;

    @Mixin private final OutputMixin output;

    public Version(Environment environment) {
        this.connection = new ConnectionMixin(environment);
        this.output = new OutputMixin(environment);
    }

    @Override
    public void addOptionsTo(CommandSpec spec) {
        connection.addTo(spec);
    }

    @Override
    public Integer call() {
        // Only a server that is named is asked: the version itself must come at once, whatever is
        // wrong with the machine.
        if (!connection.isServerNamed()) {
            print("");
            return ExitCode.OK.number();
        }
        try (PairReader reader = connection.reader()) {
            Sighting asked = reader.readNamed().asked();
            print(server(asked));
            if (asked instanceof Unseen unseen && !(unseen.failure() instanceof NoResponders)) {
                throw Absence.failure(unseen);
            }
        }
        return ExitCode.OK.number();
    }

    private void print(String server) {
        output.print(new VersionView(number(), Runtime.version().toString(), server));
    }

    private static String server(Sighting asked) {
        return switch (asked) {
            case Seen(String address, AgentState state) ->
                    "nats-server %s at %s, agent %s"
                            .formatted(
                                    Texts.printable(state.server().path("version").asText("?")),
                                    address,
                                    state.version());
            case Unseen(String address, NoResponders(String server, _)) ->
                    server + " at " + address + ", no agent";
            case Unseen(String address, Reply.Failed _) -> "no answer from " + address;
        };
    }

    /// The version of this build.
    public static String number() {
        Properties properties = new Properties();
        try (InputStream file =
                Version.class.getResourceAsStream("/dev/twonode/cli/version.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties cannot be read", e);
        }
        return properties.getProperty("version", "unknown");
    }

    private record VersionView(String version, String java, String server) implements View {

        @Override
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("schema", JsonText.SCHEMA);
            json.put("version", version);
            json.put("java", java);
            json.put("server", server.isEmpty() ? null : server);
            return json;
        }

        @Override
        public Table rows() {
            return new Table(
                    "",
                    List.of(Column.text("version"), Column.text("java"), Column.text("server")),
                    List.of(List.of(Cell.of(version), Cell.of(java), Cell.of(server))));
        }

        @Override
        public List<String> lines(Style style) {
            List<String> lines = new ArrayList<>(List.of("twonode " + version, "java    " + java));
            if (!server.isEmpty()) {
                lines.add("server  " + server);
            }
            return lines;
        }
    }
}
