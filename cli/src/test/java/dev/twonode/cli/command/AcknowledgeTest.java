package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import org.junit.jupiter.api.Test;

class AcknowledgeTest {

    private static final String SUBJECT = "twonode.kine.acknowledge";
    private static final String LEFT =
            "{\"term\":5,\"message\":\"revisions 101 to 150 are given up\","
                    + "\"restarted\":\"by-hand\"}";

    private final FakeAgents agents = FakeAgents.healthy();

    @Test
    void eachNamedNodeIsToldOfTheLossThatItShowed() {
        lost(FakeAgents.A, StateBuilder.leaderA());
        lost(FakeAgents.B, StateBuilder.followerB());
        Launched launched = run("acknowledge", "-s", "a.example,b.example");

        assertThat(launched.exitCode()).as(launched.error()).isZero();
        assertThat(launched.output())
                .contains(
                        "a: the revisions given up in term 5 are settled",
                        "b: the revisions given up in term 5 are settled");
        assertThat(agents.requests())
                .containsExactly(
                        FakeAgents.A + " " + SUBJECT + " {\"term\":5}",
                        FakeAgents.B + " " + SUBJECT + " {\"term\":5}");
    }

    @Test
    void onlyTheNamedNodeIsToldAndNotItsPeer() {
        lost(FakeAgents.A, StateBuilder.leaderA());
        lost(FakeAgents.B, StateBuilder.followerB());

        assertThat(run("ack", "-s", "b.example").exitCode()).isZero();
        assertThat(agents.requests()).hasSize(1).allMatch(it -> it.startsWith(FakeAgents.B));
    }

    @Test
    void whereNothingIsLeftNothingIsAsked() {
        Launched launched = run("acknowledge", "-s", "a.example");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("a: nothing waits for a restart; nothing changed");
        assertThat(agents.requests()).isEmpty();
    }

    /// What is to be restarted there it learns from its leader.
    @Test
    void aNodeThatIsNotInSyncSaysWhatItDoesInstead() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("inSync", false)
                        .nested(
                                "copy",
                                "{\"phase\":\"exporting\",\"done\":40,\"total\":100,"
                                        + "\"unit\":\"messages\"}"));
        Launched copies = run("acknowledge", "-s", "b.example");

        assertThat(copies.exitCode()).isZero();
        assertThat(copies.output())
                .contains("b: nothing was said: it is exporting, 40 of 100 messages", "ask again")
                .doesNotContain("nothing waits");
        assertThat(agents.requests()).isEmpty();

        agents.state(
                FakeAgents.B,
                StateBuilder.followerB().with("role", "joining").with("inSync", false));
        assertThat(run("acknowledge", "-s", "b.example", "-o", "json").output())
                .containsPattern("\"catchesUp\" ?: ?\"joining\"");
    }

    @Test
    void aLeaderWithoutAFollowerHasNothingToCatchUpWith() {
        agents.state(
                FakeAgents.A, StateBuilder.leaderA().with("inSync", false).with("alone", true));

        assertThat(run("acknowledge", "-s", "a.example").output()).contains("nothing waits");
    }

    @Test
    void aNodeThatDoesNotAnswerIsFoundBeforeAnyOtherIsTold() {
        lost(FakeAgents.A, StateBuilder.leaderA());

        assertThat(run("acknowledge", "-s", "a.example,c.example").exitCode()).isEqualTo(5);
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void refusalsAndLostAnswersHaveTheirOwnExitCodes() {
        lost(FakeAgents.A, StateBuilder.leaderA());
        agents.answer(
                FakeAgents.A,
                SUBJECT,
                new Reply.Answered(
                        Documents.object()
                                .put("ok", false)
                                .put("code", "not-needed")
                                .put("error", "no revisions wait")));
        Launched refused = run("acknowledge", "-s", "a.example");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.error()).contains("no revisions wait", "twonode status");

        agents.answer(FakeAgents.A, SUBJECT, new Reply.Unanswered("no answer within 5 s"));
        Launched silent = run("acknowledge", "-s", "a.example");
        assertThat(silent.exitCode()).isEqualTo(6);
        assertThat(silent.error()).contains("look whether it still tells of them");
    }

    @Test
    void whatWasDoneOnOneNodeIsSaidWhenTheOtherFails() throws Exception {
        lost(FakeAgents.A, StateBuilder.leaderA());
        lost(FakeAgents.B, StateBuilder.followerB());
        agents.answer(FakeAgents.B, SUBJECT, new Reply.Unanswered("no answer within 5 s"));
        Launched second = run("acknowledge", "-s", "a.example,b.example");

        assertThat(second.exitCode()).isEqualTo(6);
        assertThat(second.output())
                .contains(
                        "a: the revisions given up in term 5 are settled",
                        "b: not settled: no answer to acknowledge from " + FakeAgents.B);
        assertThat(second.error()).contains("twonode status -s " + FakeAgents.B);

        Launched first = run("acknowledge", "-s", "b.example,a.example", "-o", "json");
        assertThat(first.exitCode()).isEqualTo(6);
        JsonNode nodes = new ObjectMapper().readTree(first.output()).path("nodes");
        assertThat(nodes.path(0).path("failure").asText()).contains("no answer");
        assertThat(nodes.path(1).path("done").asBoolean()).isTrue();
    }

    private void lost(String address, StateBuilder state) {
        agents.state(address, state.object("lost", LEFT))
                .answer(address, SUBJECT, new Reply.Answered(Documents.object().put("ok", true)));
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).run(args);
    }
}
