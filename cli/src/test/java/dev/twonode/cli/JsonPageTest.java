package dev.twonode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page about JSON names every field that a command prints, and no other.
class JsonPageTest {

    @ParameterizedTest
    @ValueSource(strings = {"status", "state", "report", "history", "promote", "version"})
    void everyFieldStandsInThePageAndTheOtherWayRound(String command) throws IOException {
        assertThat(JsonPage.fields(printed(command))).isEqualTo(JsonPage.documented(command));
    }

    @Test
    void everyFieldOfAnExportStandsInThePage() throws IOException {
        assertThat(JsonPage.fields(printed("orphans", "list")))
                .isEqualTo(JsonPage.documented("orphans list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--dry-run", "--yes"})
    void everyFieldOfAHandoverStandsInThePage(String how) throws IOException {
        assertThat(JsonPage.fields(printed("stepdown", how)))
                .isEqualTo(JsonPage.documented("stepdown"));
    }

    @Test
    void everyFieldOfAnAcknowledgementStandsInThePage() throws IOException {
        assertThat(JsonPage.fields(printed("acknowledge")))
                .isEqualTo(JsonPage.documented("acknowledge"));
    }

    private static String printed(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("-s", "a.example", "-o", "json"));
        Launched launched = new Cli().agents(agents()).run(words.toArray(String[]::new));
        assertThat(launched.exitCode()).as(launched.error()).isZero();
        return launched.output();
    }

    private static FakeAgents agents() throws IOException {
        return FakeAgents.healthy()
                .state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("orphans", 1)
                                .denied("publish", "state", "state")
                                .nested("copy", "{\"unit\":\"messages\"}")
                                .object("gateway", "{\"clients\":1,\"addresses\":[\"h:1\"]}")
                                .object(
                                        "lost",
                                        """
                                        {"term":6,"from":1,"to":2,"bounded":true,"next":3,
                                         "restarted":"by-hand","message":""}
                                        """)
                                .object("agent", "{\"whatever\":{\"it\":\"is\"}}"))
                .answer(
                        FakeAgents.A,
                        "twonode.kine.orphans",
                        answered(
                                """
                                {"ok":true,"exports":[{"name":"n","time":"t","term":1,"from":1,
                                 "to":2,"count":2,"acknowledged":"no","bytes":3}]}
                                """))
                .answer(FakeAgents.A, "twonode.kine.acknowledge", answered("{\"ok\":true}"))
                .answer(
                        FakeAgents.A,
                        "twonode.kine.stepdown",
                        answered(
                                """
                                {"ok":true,"leader":"b","term":8,"handoverSeq":1,"heldMs":2}
                                """));
    }

    private static Reply answered(String json) throws IOException {
        JsonNode body = JsonText.read(json.getBytes(StandardCharsets.UTF_8));
        return new Reply.Answered((ObjectNode) body);
    }
}
