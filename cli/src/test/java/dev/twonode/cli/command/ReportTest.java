package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import dev.twonode.cli.Launched;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final FakeAgents agents =
            FakeAgents.healthy()
                    .answer(FakeAgents.A, "$JS.API.STREAM.INFO.KV_kine", info(2))
                    .answer(FakeAgents.B, "$JS.API.STREAM.INFO.KV_kine", info(0));

    @Test
    void tablesHaveTheColumnsOfTheNatsReport() {
        Golden.check("report.txt", run("report", "-s", "a.example").output());
    }

    @Test
    void jsonIsStable() {
        Golden.check("report.json", run("report", "-s", "a.example", "-o", "json").output());
    }

    @Test
    void withoutTheServersWordTheAgentsCountsAreShown() {
        agents.answer(
                FakeAgents.A,
                "$JS.API.STREAM.INFO.KV_kine",
                new Reply.NoResponders("nats-server 2.15.2"));
        Launched launched = run("report", "-s", "a.example", "-o", "tsv");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("a\tKV_kine\t\t\t0\t2800\t123456\t0\t23\t0\t");
    }

    @Test
    void aNodeThatDoesNotAnswerIsNotLeftOut() {
        agents.everything(FakeAgents.B, new Reply.NotConnected("refused"));
        Launched table = run("report", "-s", "a.example");
        Launched json = run("report", "-s", "a.example", "-o", "json");

        assertThat(table.exitCode()).isZero();
        assertThat(table.output())
                .containsPattern("b +│ \\?.*no answer")
                .contains("no answer from " + FakeAgents.B, "twonode status -s " + FakeAgents.A);
        assertThat(json.output()).containsPattern("(?s)\"node\" ?: ?\"b\",.*\"no answer\"");
    }

    @Test
    void nobodyAnsweringEndsWithFive() {
        assertThat(run("report", "-s", "c.example").exitCode()).isEqualTo(5);
    }

    private static Reply info(int consumers) {
        ObjectNode info = Documents.object();
        ObjectNode config = info.putObject("config");
        config.put("name", "KV_kine").put("storage", "file").put("num_replicas", 1);
        config.putObject("metadata").put("_nats.req.level", "0");
        info.putObject("state")
                .put("messages", 2_800)
                .put("bytes", 123_456)
                .put("num_deleted", 23)
                .put("consumer_count", consumers);
        return new Reply.Answered(info);
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).variable("COLUMNS", "140").run(args);
    }
}
