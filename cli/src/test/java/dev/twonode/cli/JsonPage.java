package dev.twonode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.cli.output.JsonText;
import dev.twonode.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The fields that `cli/JSON.md` names, and those that a text of JSON has. The object `agent` is
/// one field: what it holds is internal.
public final class JsonPage {

    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|.*");

    private JsonPage() {}

    /// What the page names for a command.
    public static Set<String> documented(String command) throws IOException {
        Set<String> fields = new TreeSet<>();
        boolean isHere = false;
        for (String line : Files.readAllLines(Tools.repositoryRoot().resolve("cli/JSON.md"))) {
            isHere = line.startsWith("## ") ? line.equals("## " + command) : isHere;
            Matcher row = ROW.matcher(line);
            if (isHere && row.matches()) {
                fields.add(row.group(1));
            }
        }
        return fields;
    }

    /// The commands that have a part of the page.
    public static Set<String> commands() throws IOException {
        return Files.readAllLines(Tools.repositoryRoot().resolve("cli/JSON.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring("## ".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The paths of all fields in a text of JSON.
    public static Set<String> fields(String json) throws IOException {
        Set<String> fields = new TreeSet<>();
        collect("", JsonText.read(json.getBytes(StandardCharsets.UTF_8)), fields);
        return fields;
    }

    private static void collect(String path, JsonNode node, Set<String> fields) {
        if (path.equals("agent") || node.isValueNode()) {
            fields.add(path);
        } else if (node.isArray()) {
            node.forEach(entry -> collect(path + "[]", entry, fields));
        } else {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                collect(name, field.getValue(), fields);
            }
        }
    }
}
