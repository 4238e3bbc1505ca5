package dev.twonode.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.Assessment;
import dev.twonode.cli.agent.Pair;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Warning;
import dev.twonode.cli.agent.Warning.Severity;
import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Both nodes in a table, and underneath what is wrong with what to do about it.
///
/// @param assessment what was seen and judged
/// @param bucket the bucket whose agents were asked
/// @param at when
public record StatusView(Assessment assessment, String bucket, Instant at) implements View {

    private static final List<Column> COLUMNS =
            List.of(
                    Column.text("Node"),
                    Column.text("Role"),
                    Column.number("Term"),
                    Column.number("First").optional(3),
                    Column.number("Last"),
                    Column.number("Lag"),
                    Column.number("Heard").optional(2),
                    Column.text("Health"),
                    Column.text("Server").optional(4));

    @Override
    public ObjectNode json() {
        Pair pair = assessment.pair();
        Optional<Seen> leader = pair.leader();
        ObjectNode json = Documents.start();
        json.put("time", at.toString());
        json.put("bucket", bucket);
        json.put("state", assessment.state());
        json.put("leader", leader.map(l -> l.state().node()).orElse(null));
        json.put("term", leader.map(l -> l.state().term()).orElse(null));
        json.put("inSync", leader.map(l -> l.state().inSync()).orElse(false));
        ArrayNode nodes = json.putArray("nodes");
        NodeRow.of(pair).forEach(row -> nodes.add(row.json()));
        ArrayNode warnings = json.putArray("warnings");
        for (Warning warning : assessment.warnings()) {
            ObjectNode entry = warnings.addObject();
            entry.put("code", warning.code());
            entry.put("severity", warning.severity().toString());
            entry.put("node", warning.node());
            entry.put("message", warning.message());
            entry.put("next", warning.next());
        }
        return json;
    }

    @Override
    public Table rows() {
        List<Column> columns =
                List.of(
                        Column.text("node"),
                        Column.text("role"),
                        Column.number("term"),
                        Column.number("firstSeq"),
                        Column.number("lastSeq"),
                        Column.number("lag"),
                        Column.number("lastHeardMs"),
                        Column.text("inSync"),
                        Column.text("health"),
                        Column.text("answered"),
                        Column.text("url"));
        List<List<Cell>> rows = new ArrayList<>();
        for (NodeRow row : NodeRow.of(assessment.pair())) {
            rows.add(
                    List.of(
                            Cell.of(row.node()),
                            Cell.of(row.role()),
                            plain(row.term()),
                            plain(row.firstSeq()),
                            plain(row.lastSeq()),
                            plain(row.lag()),
                            plain(row.lastHeardMs()),
                            Cell.of(String.valueOf(row.inSync())),
                            Cell.of(row.health()),
                            Cell.of(String.valueOf(row.answered())),
                            Cell.of(row.url())));
        }
        return new Table("", columns, rows);
    }

    @Override
    public List<String> lines(Style style) {
        List<String> lines = new ArrayList<>(new TablePrinter(style).lines(table()));
        lines.addAll(judgement(style));
        return lines;
    }

    /// The table alone, for showing the pair before and after a change.
    public Table table() {
        List<List<Cell>> rows =
                NodeRow.of(assessment.pair()).stream().map(StatusView::cells).toList();
        return new Table("bucket " + bucket, COLUMNS, rows);
    }

    /// Several warnings may have one cause and so one remedy, which is said once, below all of
    /// them.
    private List<String> judgement(Style style) {
        List<String> lines = new ArrayList<>();
        if (assessment.worst().orElse(Severity.NOTE) == Severity.NOTE) {
            lines.add(style.paint(Tone.GOOD, style.sign("✓", "ok:") + " " + allIsWell()));
        }
        byRemedy()
                .forEach((remedy, warnings) -> {
                    warnings.forEach(warning -> lines.addAll(said(warning, style)));
                    if (!remedy.isEmpty()) {
                        String sign = "   " + style.sign("→", "->") + " ";
                        lines.addAll(Paragraph.wrap(sign, remedy, style.width()));
                    }
                });
        return lines;
    }

    /// The worst first, and beside each all that it takes with it.
    private Map<String, List<Warning>> byRemedy() {
        Map<String, List<Warning>> groups = new LinkedHashMap<>();
        for (Warning warning : assessment.warnings()) {
            groups.computeIfAbsent(warning.next(), _ -> new ArrayList<>()).add(warning);
        }
        return groups;
    }

    private static List<String> said(Warning warning, Style style) {
        Tone tone =
                switch (warning.severity()) {
                    case NOTE -> Tone.DIM;
                    case TASK, DEGRADED -> Tone.NOTE;
                    case CRITICAL, DIVERGED -> Tone.BAD;
                };
        String sign =
                switch (warning.severity()) {
                    case NOTE -> "-";
                    case TASK, DEGRADED -> "!";
                    case CRITICAL, DIVERGED -> "!!";
                };
        return Paragraph.wrap(style.paint(tone, sign) + " ", warning.message(), style.width());
    }

    private String allIsWell() {
        return assessment
                .pair()
                .leader()
                .map(l -> l.state().node() + " leads, its peer is in sync")
                .orElse("the node that was asked is well");
    }

    private static List<Cell> cells(NodeRow row) {
        Tone own = row.answered() ? Tone.PLAIN : Tone.DIM;
        boolean isLeader = row.role().equals("leader");
        String role = row.alone() ? row.role() + ", alone" : row.role();
        return List.of(
                new Cell(row.node().isEmpty() ? "?" : row.node(), Tone.STRONG),
                new Cell(
                        role.isEmpty() ? "?" : row.answered() ? role : "(" + role + ")",
                        row.answered() && isLeader ? Tone.GOOD : own),
                known(row.term(), own),
                known(row.firstSeq(), own),
                known(row.lastSeq(), own),
                isLeader ? Cell.of("-") : known(row.lag(), row.lag() > 0 ? Tone.NOTE : own),
                row.lastHeardMs() < 0
                        ? Cell.of("-")
                        : new Cell(Texts.span(Duration.ofMillis(row.lastHeardMs())), own),
                health(row),
                new Cell(row.url(), Tone.DIM));
    }

    private static Cell health(NodeRow row) {
        boolean isAsked = row.answered() || !row.error().isEmpty();
        String unknown = isAsked ? "no answer" : "not asked";
        Tone tone = row.health().equals("ok") ? Tone.GOOD : Tone.BAD;
        return new Cell(row.health().isEmpty() ? unknown : row.health(), isAsked ? tone : Tone.DIM);
    }

    private static Cell known(long number, Tone tone) {
        return new Cell(number < 0 ? "?" : Texts.count(number), tone);
    }

    private static Cell plain(long number) {
        return Cell.of(number < 0 ? "" : Long.toString(number));
    }
}
