package dev.twonode.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Environment;
import dev.twonode.cli.ExitCode;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.output.Cell;
import dev.twonode.cli.output.Column;
import dev.twonode.cli.output.JsonText;
import dev.twonode.cli.output.Table;
import dev.twonode.cli.output.View;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `twonode version`.
@Command(
        name = "version",
        header = "Shows the version of twonode and of what it runs on.",
        footer = {"  twonode version", "  twonode version -o json"})
public final class Version implements Callable<Integer> {

    @Mixin private final OutputMixin output;

    public Version(Environment environment) {
        this.output = new OutputMixin(environment);
    }

    @Override
    public Integer call() {
        output.print(new VersionView(number(), Runtime.version().toString()));
        return ExitCode.OK.number();
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

    private record VersionView(String version, String java) implements View {

        @Override
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("schema", JsonText.SCHEMA);
            json.put("version", version);
            json.put("java", java);
            return json;
        }

        @Override
        public Table rows() {
            return new Table(
                    "",
                    List.of(Column.text("version"), Column.text("java")),
                    List.of(List.of(Cell.of(version), Cell.of(java))));
        }

        @Override
        public List<String> lines(Style style) {
            return List.of("twonode " + version, "java    " + java);
        }
    }
}
