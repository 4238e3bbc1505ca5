package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import org.junit.jupiter.api.Test;

class PromoteTest {

    private static final String SUBJECT = "twonode.kine.promote";

    private static final String NEVER_HEARD =
            "{\"node\":null,\"url\":\"nats://a.example:4222\",\"contact\":\"never\","
                    + "\"lastContactMs\":null}";

    private final FakeAgents agents =
            new FakeAgents()
                    .state(
                            FakeAgents.B,
                            StateBuilder.followerB()
                                    .with("role", "waiting")
                                    .with("inSync", false)
                                    .with("latestSeq", 2_800));

    @Test
    void lossIsCountedBeforeItIsAccepted() {
        wouldLose();
        Launched launched = run("promote", "-s", "b.example");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error())
                .contains(
                        "last heard at sequence 2,823, 1 min 30 s ago",
                        "b holds up to 2,800: at least 23 writes",
                        "twonode promote -s " + FakeAgents.B + " --force --confirm=b");
    }

    @Test
    void aYesIsTakenAsInOtherCommandsAndAcceptsNoLoss() {
        wouldLose();
        Launched launched = run("promote", "-s", "b.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("--force --confirm=b");
        assertThat(agents.requests()).containsExactly(FakeAgents.B + " " + SUBJECT + " {}");
        assertThat(run("promote", "-s", "b.example", "-y", "--force").exitCode()).isEqualTo(2);
    }

    @Test
    void forceWithTheNodesNameIsHandedToTheAgent() {
        agents.answer(
                FakeAgents.B,
                SUBJECT,
                new Reply.Answered(
                        Documents.object().put("ok", true).put("leader", "b").put("term", 9)));
        Launched launched = run("promote", "-s", "b.example", "--force", "--confirm=b");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).isEqualTo("b leads now, in term 9\n");
        assertThat(agents.requests())
                .containsExactly(
                        FakeAgents.B + " " + SUBJECT + " {\"force\":true,\"confirm\":\"b\"}");
    }

    @Test
    void forceWithoutTheRightNameReachesNobody() {
        assertThat(run("promote", "-s", "b.example", "--force").exitCode()).isEqualTo(2);
        assertThat(run("promote", "-s", "b.example", "--confirm=b").exitCode()).isEqualTo(2);
        assertThat(run("promote", "-s", "b.example", "--force", "--confirm=a").error())
                .contains("the node asked is b, not a");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void theWrongNameIsRefusedOfALeaderToo() {
        FakeAgents healthy = FakeAgents.healthy();
        for (String more : new String[] {"--force", "--dry-run"}) {
            Launched launched =
                    new Cli()
                            .agents(healthy)
                            .run("promote", "-s", "a.example", more, "--confirm=b");

            assertThat(launched.exitCode()).as(more).isEqualTo(2);
            assertThat(launched.error())
                    .contains("the node asked is a, not b", "--confirm=a")
                    .doesNotContain("--force");
        }
        assertThat(healthy.requests()).isEmpty();
    }

    @Test
    void leaderIsLeftAsItIs() {
        FakeAgents healthy = FakeAgents.healthy();
        Launched launched = new Cli().agents(healthy).run("promote", "-s", "a.example");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("a leads already, in term 7");
        assertThat(healthy.requests()).isEmpty();
    }

    @Test
    void dryRunReachesNobodyAndSaysThatForceIsNeeded() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("role", "waiting")
                        .with("inSync", false)
                        .with("latestSeq", 2_800)
                        .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":90000}"));

        Launched launched = run("promote", "-s", "b.example", "--dry-run");
        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.output())
                .contains(
                        "b is waiting (not in sync)",
                        "it would be refused without --force --confirm=b",
                        "last heard at sequence 2,823, 1 min 30 s ago; b holds up to 2,800:"
                                + " at least 23 writes");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void dryRunSaysThatNobodyHasToBePromotedWhileThePeerLeads() {
        Launched launched = run("promote", "-s", "b.example", "-n");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.output()).contains("it would be refused: a leads and answers");
    }

    @Test
    void dryRunWithForceSaysWhatItWouldCostAndIsNotRefused() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("role", "waiting")
                        .with("inSync", false)
                        .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":90000}"));
        Launched launched =
                run("promote", "-s", "b.example", "--dry-run", "--force", "--confirm=b");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output())
                .contains("it would lead by force: the other node was last heard")
                .doesNotContain("refused");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void dryRunAtAPausedNodeThatIsInSyncNamesTheWayWithoutLoss() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("paused", true)
                        .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":90000}"));

        assertThat(run("promote", "-s", "b.example", "--dry-run").output())
                .contains("it is paused", "without loss", "req resume ''")
                .doesNotContain("--force");
    }

    @Test
    void nothingIsCountedWhereThePeerWasNotHeardSinceTheStart() {
        agents.state(
                        FakeAgents.B,
                        StateBuilder.followerB()
                                .with("role", "waiting")
                                .with("inSync", false)
                                .object("peer", NEVER_HEARD))
                .answer(
                        FakeAgents.B,
                        SUBJECT,
                        new Reply.Answered(
                                Documents.object()
                                        .put("ok", false)
                                        .put("code", "would-lose")
                                        .put("error", "the peer was never heard")
                                        .put("lastHeardSeq", 0)
                                        .put("heldSeq", 2_823)
                                        .put("unheardMs", -1)));
        String unknown =
                "not heard since this agent started; what it wrote is unknown;"
                        + " b holds up to 2,823";

        assertThat(run("promote", "-s", "b.example", "--dry-run").output())
                .contains(unknown, "refused without --force --confirm=b")
                .doesNotContain("at least");
        Launched refused = run("promote", "-s", "b.example");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.error()).contains(unknown).doesNotContain("0 ms ago", "at least");
    }

    @Test
    void twoServersAreOneTooMany() {
        assertThat(run("promote", "-s", "a.example,b.example").exitCode()).isEqualTo(2);
    }

    @Test
    void lostAnswerEndsWithSix() {
        agents.answer(FakeAgents.B, SUBJECT, new Reply.Unanswered("connection lost"));

        assertThat(run("promote", "-s", "b.example").exitCode()).isEqualTo(6);
    }

    @Test
    void unreachableNodeEndsWithFive() {
        assertThat(run("promote", "-s", "c.example").exitCode()).isEqualTo(5);
    }

    private void wouldLose() {
        agents.answer(
                FakeAgents.B,
                SUBJECT,
                new Reply.Answered(
                        Documents.object()
                                .put("ok", false)
                                .put("code", "would-lose")
                                .put("error", "not in sync")
                                .put("lastHeardSeq", 2_823)
                                .put("heldSeq", 2_800)
                                .put("unheardMs", 90_000)));
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).run(args);
    }
}
