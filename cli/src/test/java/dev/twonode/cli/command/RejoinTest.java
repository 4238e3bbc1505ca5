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

    /// Its peer's address may be the wrong one.
    @Test
    void aNodeThatWasNamedIsKnownThoughTheOtherNeverHeardIt() {
        waits(Reason.OTHER_PAIR, "other-pair");
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .ledBy("a")
                        .nested("peer", "{\"node\":null,\"contact\":\"never\"}"));
        Launched launched = run("rejoin", "-s", "a.example,b.example", "--keep=a", "--dry-run");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("b exports what only it has");
        assertThat(run("rejoin", "-s", "a.example,b.example", "--keep=c").error())
                .contains("--keep=a or --keep=b");
    }

    @Test
    void withoutAYesNothingIsSent() {
        assertThat(run("rejoin", "-s", "a.example", "--keep=a").exitCode()).isEqualTo(2);
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void refusalSaysTheAgentsReason() {
        agents.answer(
                FakeAgents.B,
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
    void theNodeThatGivesWayIsAskedWhicheverIsNamed() {
        waits(Reason.UNRELATED, "diverged");
        agents.answer(
                FakeAgents.B, SUBJECT, new Reply.Answered(Documents.object().put("ok", true)));

        Launched dry = run("rejoin", "-s", "a.example", "--keep=a", "--dry-run");
        Launched launched = run("rejoin", "-s", "a.example", "--keep=a", "--yes");

        assertThat(dry.exitCode()).isZero();
        assertThat(dry.output()).contains("would rejoin: a keeps its history");
        assertThat(launched.exitCode()).isZero();
        assertThat(agents.requests())
                .containsExactly(FakeAgents.B + " " + SUBJECT + " {\"keep\":\"a\"}");
    }

    /// No leader gives up revisions of which it never heard, so nothing else asks for it.
    @Test
    void whoCopiesAnotherPairHasItsKineRestartedByHand() {
        String restart =
                "restart kine and the API server of b once it follows, since they know what it"
                        + " held";
        agents.answer(
                FakeAgents.B, SUBJECT, new Reply.Answered(Documents.object().put("ok", true)));

        for (Reason reason : new Reason[] {Reason.OTHER_PAIR, Reason.UNRELATED, Reason.DIVERGED}) {
            waits(reason, reason == Reason.OTHER_PAIR ? "other-pair" : "diverged");
            for (String how : new String[] {"--dry-run", "--yes"}) {
                Launched launched = run("rejoin", "-s", "a.example", "--keep=a", how);
                assertThat(launched.exitCode()).as(reason + how).isZero();
                assertThat(launched.output().contains(restart))
                        .as(launched.output())
                        .isEqualTo(reason != Reason.DIVERGED);
            }
        }
    }

    /// Nothing is copied to or from a node of which nobody knows what it holds.
    @Test
    void ofTwoNodesWithUnknownContentTheKeptOneIsAsked() {
        agents.state(FakeAgents.A, waiting(StateBuilder.leaderA(), Reason.BOTH_UNKNOWN, "diverged"))
                .answer(
                        FakeAgents.A,
                        SUBJECT,
                        new Reply.Answered(Documents.object().put("ok", true)));

        assertThat(run("rejoin", "-s", "a.example", "--keep=a", "--yes").exitCode()).isZero();
        assertThat(agents.requests())
                .containsExactly(FakeAgents.A + " " + SUBJECT + " {\"keep\":\"a\"}");
    }

    @Test
    void whoGivesWayHasToBeReached() {
        waits(Reason.UNRELATED, "diverged");
        agents.everything(FakeAgents.A, new Reply.NotConnected("nothing listens there"));
        Launched launched = run("rejoin", "-s", "b.example", "--keep=b", "--yes");

        assertThat(launched.exitCode()).isEqualTo(5);
        assertThat(launched.error()).contains("a gives way, and has to be asked");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void aLeaderFromWhichTheOtherDivergedHasToStopFirst() {
        waits(Reason.DIVERGED, "diverged");

        for (String how : new String[] {"--dry-run", "--yes"}) {
            Launched kept = run("rejoin", "-s", "b.example", "--keep=b", how);
            assertThat(kept.exitCode()).as(how).isEqualTo(3);
            assertThat(kept.error())
                    .startsWith(
                            how.equals("--yes")
                                    ? "error: rejoin refused\n"
                                    : "error: rejoin would be refused by a\n")
                    .contains("a leads, and does not give way to a node that waits")
                    .contains("stop the agent of a, then: twonode promote --force --confirm=b -s")
                    .contains("start the agent of a again, and then: twonode rejoin --keep=b -s");
        }
        assertThat(agents.requests()).isEmpty();
        assertThat(run("rejoin", "-s", "a.example", "--keep=a", "--dry-run").exitCode()).isZero();
    }

    @Test
    void aLeaderOfAnotherPairHasToWaitFirst() {
        waits(Reason.OTHER_PAIR, "other-pair");

        for (String how : new String[] {"--dry-run", "--yes"}) {
            Launched kept = run("rejoin", "-s", "a.example", "--keep=b", how);
            assertThat(kept.exitCode()).as(how).isEqualTo(3);
            assertThat(kept.error())
                    .contains("start the agent of a again, and then: twonode rejoin --keep=b -s")
                    .doesNotContain("promote");
        }
        assertThat(agents.requests()).isEmpty();
        assertThat(run("rejoin", "-s", "a.example", "--keep=a", "--dry-run").exitCode()).isZero();
    }

    /// Of two nodes with unknown content the other may have been promoted since.
    @Test
    void aLeaderDoesNotGiveWayToANodeWhoseContentIsUnknown() {
        waits(Reason.BOTH_UNKNOWN, "diverged");

        Launched kept = run("rejoin", "-s", "b.example", "--keep=b", "--yes");

        assertThat(kept.exitCode()).isEqualTo(3);
        assertThat(kept.error()).contains("start the agent of a again");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void dryRunThatKeepsANodeWhichDoesNotLeadIsRefused() {
        agents.state(
                FakeAgents.B,
                waiting(StateBuilder.followerB(), Reason.DIVERGED, "diverged")
                        .nested("peer", "{\"contact\":\"silent\",\"role\":\"leader\"}"));
        Launched launched = run("rejoin", "-s", "b.example", "--keep=a", "--dry-run");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("a does not lead now");
    }

    /// Node b waits beside a, which leads.
    private void waits(Reason reason, String health) {
        agents.state(FakeAgents.B, waiting(StateBuilder.followerB(), reason, health));
    }

    private static StateBuilder waiting(StateBuilder node, Reason reason, String health) {
        return node.with("isLeader", false)
                .with("role", "waiting")
                .with("health", health)
                .with("reason", reason.words());
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).run(args);
    }
}
