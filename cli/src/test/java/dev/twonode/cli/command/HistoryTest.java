package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import dev.twonode.cli.StateBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {

    @Test
    void termsEndWhereTheNextBegins() {
        Golden.check("history.txt", run("history", "-s", "a.example"));
    }

    @Test
    void jsonHoldsBothLists() {
        Golden.check("history.json", run("history", "-s", "a.example", "-o", "json"));
    }

    @Test
    void lastLimitsBoth() {
        assertThat(run("history", "-s", "a.example", "--last", "1", "-o", "tsv"))
                .isEqualTo("term\tleader\tstartSeq\tendSeq\n7\ta\t2001\t2823\n");
    }

    @Test
    void aTermThatHasWrittenNothingYetHasNoEnd() {
        FakeAgents agents =
                FakeAgents.healthy()
                        .state(FakeAgents.A, StateBuilder.leaderA().with("latestSeq", 2_000));

        assertThat(new Cli().agents(agents).run("history", "-s", "a.example", "-o", "tsv").output())
                .endsWith("7\ta\t2001\t-\n");
    }

    @Test
    void aReasonIsCutForATerminalAndWholeInAPipe() {
        String reason = "this node's stream goes further than the other one's ".repeat(3) + "end";
        FakeAgents agents =
                FakeAgents.healthy()
                        .state(
                                FakeAgents.A,
                                StateBuilder.leaderA()
                                        .object("events", "{\"0\":" + event(reason) + "}"));
        Cli pipe = new Cli().agents(agents);

        assertThat(pipe.run("history", "-s", "a.example").output()).contains(reason);
        assertThat(
                        pipe.terminals(false, true, false)
                                .variable("COLUMNS", "80")
                                .run("history", "-s", "a.example")
                                .output())
                .doesNotContain(reason)
                .contains("this node's stream");
    }

    @ParameterizedTest
    @CsvSource({
        "Starting, starting",
        "Joining, joining",
        "Following, follower",
        "Promoting, promoting",
        "Leading(BOTH), leader",
        "Leading(ALONE), 'leader, alone'",
        "HandingOver, handing-over",
        "Waiting, waiting",
        "Stopped, stopped"
    })
    void statesAreCalledAsStatusCallsThem(String name, String word) {
        FakeAgents agents =
                FakeAgents.healthy()
                        .state(
                                FakeAgents.A,
                                StateBuilder.leaderA()
                                        .object("events", "{\"0\":" + event(name, "x") + "}"));

        assertThat(new Cli().agents(agents).run("history", "-s", "a.example").output())
                .containsPattern("│ +7 │ joining │ " + word + " +│ x")
                .doesNotContain("Joining");
    }

    private static String event(String reason) {
        return event("Leading(BOTH)", reason);
    }

    private static String event(String to, String reason) {
        return "{\"time\":\"2026-11-23T07:00:00.123Z\",\"term\":7,\"from\":\"Joining\","
                + "\"to\":\""
                + to
                + "\",\"reason\":\""
                + reason
                + "\"}";
    }

    private static String run(String... args) {
        return new Cli().agents(FakeAgents.healthy()).variable("COLUMNS", "120").run(args).output();
    }
}
