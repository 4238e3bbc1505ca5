package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import dev.twonode.cli.Launched;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphansTest {

    private static final String SUBJECT = "twonode.kine.orphans";
    private static final String NAME = "20261123T070000.123Z-5-101-105.jsonl";

    private final FakeAgents agents = FakeAgents.healthy();

    @Test
    void listShowsWhetherWritersWereTold() {
        agents.answer(FakeAgents.A, SUBJECT, exports());

        Golden.check("orphans.txt", run("orphans", "list", "-s", "a.example").output());
        Golden.check("orphans.json", run("orphans", "list", "-s", "a.example", "--json").output());
    }

    @Test
    void showPrintsTheLinesAsTheyAre() {
        ObjectNode answer = Documents.object().put("ok", true).put("name", NAME);
        answer.putArray("lines").add("{\"seq\":101}").add("{\"seq\":102}");
        agents.answer(FakeAgents.A, SUBJECT, new Reply.Answered(answer));
        Launched launched = run("orphans", "show", NAME, "-s", "a.example", "--limit", "2");

        assertThat(launched.output()).isEqualTo("{\"seq\":101}\n{\"seq\":102}\n");
        assertThat(agents.requests().getFirst())
                .endsWith(
                        "{\"action\":\"show\",\"name\":\"%s\",\"offset\":0,\"limit\":2}"
                                .formatted(NAME));
    }

    @Test
    void folderThatIsMissingOrNoAgentsIsNotTakenForOneWithoutOrphans(@TempDir Path folder) {
        Path missing = folder.resolve("gone");

        for (Path named : List.of(folder, missing)) {
            Launched launched = run("orphans", "list", "--state-dir", named.toString());

            assertThat(launched.exitCode()).isEqualTo(1);
            assertThat(launched.output()).isEmpty();
            assertThat(launched.error()).contains(named.toString(), "--state-dir");
        }
    }

    @Test
    void stateFolderWithoutExportsHasNone(@TempDir Path folder) throws IOException {
        Files.createFile(folder.resolve("journal.json"));
        Launched launched = run("orphans", "list", "--state-dir", folder.toString());

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).isEqualTo("this node keeps no exports of orphans\n");
    }

    @Test
    void exportThatIsNotThereIsNamed(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("orphans"));
        Launched launched = run("orphans", "show", NAME, "--state-dir", folder.toString());

        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.error()).contains(folder.toString(), "twonode orphans list");
    }

    @Test
    void anExportThatTheAgentDoesNotHaveIsWrongUsage() {
        ObjectNode answer =
                Documents.object()
                        .put("ok", false)
                        .put("code", "unknown-export")
                        .put("error", "no export is named nix");
        agents.answer(FakeAgents.A, SUBJECT, new Reply.Answered(answer));
        Launched launched = run("orphans", "show", "nix", "-s", "a.example");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error())
                .contains("wrong usage of orphans", "no export is named nix")
                .doesNotContain("refused");
    }

    @Test
    void withoutASubcommandTheTwoAreNamed() {
        Launched launched = run("orphans");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("'list' or 'show'");
    }

    @Test
    void aServerBeforeTheSubcommandIsToldItsPlace() {
        for (String option : new String[] {"-s", "--server=a.example"}) {
            Launched launched = run("orphans", option, "a.example", "list");
            String name = option.replace("=a.example", "");

            assertThat(launched.exitCode()).isEqualTo(2);
            assertThat(launched.error())
                    .contains("'twonode orphans list " + name + "'")
                    .contains("'twonode orphans show " + name + "'")
                    .doesNotContain("did you mean");
        }
    }

    @Test
    void subcommandsHaveHelpWithExamplesAndExitCodes() {
        assertThat(run("orphans", "show", "--help").output())
                .contains("Examples:", "--limit", "Exit codes:", "Connection:");
    }

    private static Reply exports() {
        ObjectNode answer = Documents.object().put("ok", true);
        answer.putArray("exports")
                .addObject()
                .put("name", NAME)
                .put("time", "2026-11-23T07:00:00.123Z")
                .put("term", 5)
                .put("from", 101)
                .put("to", 105)
                .put("count", 5)
                .put("acknowledged", "unknown")
                .put("bytes", 2_048);
        return new Reply.Answered(answer);
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).variable("COLUMNS", "140").run(args);
    }
}
