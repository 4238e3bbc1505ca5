package dev.twonode.cli.output;

import dev.twonode.cli.agent.Assessment;
import dev.twonode.cli.agent.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns a series of looks into one line for each change. What moves all the time (sequences, ages)
/// is shown but is no change; each tenth of a long copy is one.
public final class StatusChanges {

    private final Format format;
    private String last = "";

    public StatusChanges(Format format) {
        this.format = format;
    }

    /// The line for this look, empty when it is like the one before.
    public Optional<String> next(StatusView view) {
        String now = essence(view.assessment());
        if (now.equals(last)) {
            return Optional.empty();
        }
        last = now;
        return Optional.of(
                switch (format) {
                    case JSON -> JsonText.compact(view.json());
                    case YAML -> "---\n" + YamlText.text(view.json());
                    case TABLE -> String.join("  ", words(view));
                    case TSV -> String.join("\t", words(view));
                });
    }

    private static String essence(Assessment assessment) {
        StringBuilder essence = new StringBuilder();
        for (NodeRow row : NodeRow.of(assessment.pair())) {
            essence.append(row.node()).append('|').append(row.url());
            essence.append('|').append(row.answered()).append('|').append(row.role());
            essence.append('|').append(row.term()).append('|').append(row.health());
            essence.append('|').append(row.inSync()).append('|').append(row.alone()).append('\n');
        }
        for (Warning warning : assessment.warnings()) {
            essence.append(warning.code()).append('|').append(warning.node()).append('\n');
        }
        assessment
                .pair()
                .seen()
                .forEach(seen -> {
                    essence.append(seen.state().copy().phase());
                    essence.append(seen.state().copy().percent() / 10).append('\n');
                });
        return essence.toString();
    }

    private static List<String> words(StatusView view) {
        List<String> words = new ArrayList<>();
        words.add(view.at().toString());
        words.add(view.assessment().state());
        for (NodeRow row : NodeRow.of(view.assessment().pair())) {
            words.add(node(row));
        }
        view.assessment().warnings().stream()
                .findFirst()
                .ifPresent(warning -> words.add(warning.code() + ": " + warning.message()));
        return words;
    }

    private static String node(NodeRow row) {
        String name = row.node().isEmpty() ? row.url() : row.node();
        if (!row.answered() && !row.error().isEmpty()) {
            return name + ": no answer";
        }
        String state = row.alone() ? " alone" : row.inSync() ? " in-sync" : "";
        return "%s: %s%s term=%d last=%d"
                .formatted(name, row.role(), state, row.term(), row.lastSeq());
    }
}
