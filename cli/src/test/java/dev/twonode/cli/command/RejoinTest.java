package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import dev.twonode.protocol.Reason;
import org.junit.jupiter.api.Test;

class RejoinTest {

    private static final String SUBJECT = "twonode.kine.rejoin";

    private final FakeAgents agents = FakeAgents.healthy();

    @Test
    void keptNodeIsHandedToTheAgent() {
        agents.answer(
                FakeAgents.A, SUBJECT, new Reply.Answered(Documents.object().put("ok", true)));
        Launched launched = run("rejoin", "-s", "a.example", "--keep=b", "--yes");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output())
                .contains("b keeps its history; a exports what only it has, then copies b");
        assertThat(agents.requests())
                .containsExactly(FakeAgents.A + " " + SUBJECT + " {\"keep\":\"b\"}");
    }

    @Test
    void strangersNameIsAUsageErrorThatNamesBoth() {
        Launched launched = run("rejoin", "-s", "a.example", "--keep=c", "--yes");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("--keep=a or --keep=b");
    }

    @Test
    void withoutAYesNothingIsSent() {
        assertThat(run("rejoin", "-s", "a.example", "--keep=a").exitCode()).isEqualTo(2);
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void refusalSaysTheAgentsReason() {
        agents.answer(
                FakeAgents.A,
                SUBJECT,
                new Reply.Answered(
                        Documents.object().put("ok", false).put("error", "nothing has diverged")));
        Launched launched = run("rejoin", "-s", "a.example", "--keep=a", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("nothing has diverged");
    }

    @Test
    void keepIsRequired() {
        assertThat(run("rejoin").exitCode()).isEqualTo(2);
    }

    @Test
    void dryRunOfAHealthyPairIsRefusedAsTheRealOneWouldBe() {
        Launched launched = run("rejoin", "-s", "a.example", "--keep=a", "--dry-run");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("the nodes have not diverged");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void dryRunSaysWhatWouldHappenToADivergedPair() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .with("isLeader", false)
                        .with("role", "waiting")
                        .with("health", "diverged"));
        Launched launched = run("rejoin", "-s", "a.example", "--keep=a", "--dry-run");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("would rejoin: a keeps its history");
    }

    @Test
    void dryRunThatKeepsTheNodeThatWaitsIsRefusedWhileTheOtherLeads() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("isLeader", false)
                                .with("role", "waiting")
                                .with("health", "diverged")
                                .with("reason", Reason.DIVERGED.words())
                                .nested("peer", "{\"role\":\"leader\"}"))
                .state(
                        FakeAgents.B,
                        StateBuilder.followerB().with("isLeader", true).with("role", "leader"));
        Launched kept = run("rejoin", "-s", "a.example", "--keep=a", "--dry-run");

        assertThat(kept.exitCode()).isEqualTo(3);
        assertThat(kept.error())
                .contains("the other node leads with content of its own")
                .contains("stop the other agent, then: twonode promote --force --confirm=a");
        assertThat(run("rejoin", "-s", "a.example", "--keep=b", "--dry-run").exitCode()).isZero();
    }

    @Test
    void dryRunThatKeepsANodeWhichDoesNotLeadIsRefused() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .with("isLeader", false)
                        .with("role", "waiting")
                        .with("health", "diverged")
                        .with("reason", Reason.DIVERGED.words())
                        .nested("peer", "{\"contact\":\"silent\",\"role\":\"leader\"}"));
        Launched launched = run("rejoin", "-s", "a.example", "--keep=b", "--dry-run");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("b does not lead now");
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).run(args);
    }
}
