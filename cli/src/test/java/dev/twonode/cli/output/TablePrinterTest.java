package dev.twonode.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.console.Style;
import dev.twonode.cli.console.Style.Tone;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePrinterTest {

    private static final Table NODES =
            new Table(
                    "kine",
                    List.of(
                            Column.text("Node"),
                            Column.number("Last"),
                            Column.text("Server").optional(2),
                            Column.text("Health").optional(1)),
                    List.of(
                            List.of(
                                    new Cell("a", Tone.GOOD),
                                    Cell.of(2_823),
                                    Cell.of("nats://127.0.0.1:4222"),
                                    Cell.of("ok")),
                            List.of(
                                    Cell.of("b"),
                                    Cell.of(7),
                                    Cell.of("nats://127.0.0.1:4223"),
                                    Cell.of("behind"))));

    @Test
    void titleStandsInTheUpperEdgeAndNumbersAtTheRight() {
        assertThat(lines(new Style(false, false, 80)))
                .containsExactly(
                        "╭─ kine ───────┬───────────────────────┬────────╮",
                        "│ Node │  Last │ Server                │ Health │",
                        "├──────┼───────┼───────────────────────┼────────┤",
                        "│ a    │ 2,823 │ nats://127.0.0.1:4222 │ ok     │",
                        "│ b    │     7 │ nats://127.0.0.1:4223 │ behind │",
                        "╰──────┴───────┴───────────────────────┴────────╯");
    }

    @Test
    void asciiDrawsWithPlainCharacters() {
        assertThat(String.join("", lines(new Style(false, true, 80)))).matches("\\p{ASCII}*");
    }

    @Test
    void narrowTerminalLosesTheLeastImportantColumnFirst() {
        assertThat(lines(new Style(false, false, 30)).get(1))
                .isEqualTo("│ Node │  Last │ Health │");
        assertThat(lines(new Style(false, false, 20)).get(1)).isEqualTo("│ Node │  Last │");
    }

    @Test
    void textTooLongForItsTerminalIsCutWithASign() {
        Table table =
                new Table(
                        "",
                        List.of(Column.text("Reason")),
                        List.of(List.of(Cell.of("the peer was silent for 1.5 s"))));

        assertThat(new TablePrinter(new Style(false, false, 16)).lines(table).get(3))
                .isEqualTo("│ the peer wa… │");
    }

    @Test
    void coloursDoNotMoveTheBorders() {
        List<String> coloured = lines(new Style(true, false, 80));

        assertThat(coloured.get(3)).contains("\u001b[32ma\u001b[0m    │");
        assertThat(coloured.stream().map(l -> l.replaceAll("\u001b\\[[0-9;]*m", "")))
                .containsExactlyElementsOf(lines(new Style(false, false, 80)));
    }

    private static List<String> lines(Style style) {
        return new TablePrinter(style).lines(NODES);
    }
}
