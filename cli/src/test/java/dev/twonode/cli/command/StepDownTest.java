package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StepDownTest {

    private static final String SUBJECT = "twonode.kine.stepdown";

    private final FakeAgents agents = FakeAgents.healthy();

    @Test
    void handoverShowsThePairBeforeAndAfterAndHowLongWritesWereHeld() {
        agents.answer(FakeAgents.A, SUBJECT, this::handOver);
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isZero();
        Golden.check("stepdown.txt", launched.output());
        assertThat(agents.requests()).containsExactly(FakeAgents.A + " " + SUBJECT + " {}");
    }

    @Test
    void aDeadPeerHasToBeStartedFirst() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .with("inSync", false)
                        .with("alone", true)
                        .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":90000}"));
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("start b first").doesNotContain("--wait-timeout");
    }

    /// Like one that cannot write its journal: it catches up by no waiting.
    @Test
    void ofAPeerThatWaitsItsStatusSaysForWhat() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .with("inSync", false)
                        .nested("peer", "{\"role\":\"waiting\"}"));
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error())
                .contains("b waits for something first", "twonode status -s " + FakeAgents.A)
                .doesNotContain("caught up", "--wait-timeout");
    }

    @Test
    void aPeerWhoseServerIsStoppedNeedsThatFirst() {
        Reply.Answered refusal =
                new Reply.Answered(
                        Documents.object()
                                .put("ok", false)
                                .put("code", "not-in-sync")
                                .put("error", "follower b is not in sync"));
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("inSync", false)
                                .with("alone", true)
                                .nested("peer", "{\"health\":\"store-down\"}"))
                .answer(FakeAgents.A, SUBJECT, refusal);

        for (String wait : List.of("0", "1s")) {
            Launched launched = run("stepdown", "-s", "a.example", "--yes", "--wait-timeout", wait);

            assertThat(launched.exitCode()).isEqualTo(3);
            assertThat(launched.error())
                    .contains("start the NATS server of b first; its agent runs")
                    .doesNotContain("caught up", "--wait-timeout");
        }
    }

    @Test
    void aPausedPeerIsHandedTheLeadAndThatIsSaid() {
        agents.state(FakeAgents.B, StateBuilder.followerB().with("paused", true))
                .answer(FakeAgents.A, SUBJECT, this::handOver);
        assertThat(run("stepdown", "-s", "a.example", "--dry-run").error())
                .contains("warning: b is paused");

        Launched launched = run("stepdown", "-s", "a.example", "--yes", "-o", "json");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.error()).contains("warning: b is paused", "it will lead");
        assertThat(launched.output()).contains("\"toPaused\" : true");
    }

    @Test
    void jsonIsTheOutcomeAlone() {
        agents.answer(FakeAgents.A, SUBJECT, this::handOver);

        Golden.check(
                "stepdown.json",
                run("stepdown", "-s", "a.example", "--yes", "-o", "json").output());
    }

    @Test
    void aliasesDoTheSame() {
        agents.answer(FakeAgents.A, SUBJECT, this::handOver);

        assertThat(run("sd", "-s", "a.example", "--yes").exitCode()).isZero();
    }

    @Test
    void withoutATerminalAYesIsNeeded() {
        Launched launched = run("stepdown", "-s", "a.example");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("give --yes");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void onATerminalEverythingButYesLeavesThePairAlone() {
        Launched launched = onTerminal("\n").run("stepdown", "-s", "a.example");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("Hand the lead over from a to b? [y/N]");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void onATerminalAYesIsEnough() {
        agents.answer(FakeAgents.A, SUBJECT, this::handOver);

        assertThat(onTerminal("y\n").run("stepdown", "-s", "a.example").exitCode()).isZero();
    }

    @Test
    void dryRunSaysWhatWouldHappenAndAsksNobody() {
        Launched launched = run("stepdown", "-s", "a.example", "--dry-run");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("would hand over: a → b", "nothing was changed");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void followerAskedEndsWithFourAndNamesTheLeader() {
        Launched launched = run("stepdown", "-s", "b.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(4);
        assertThat(launched.error())
                .contains("ask the leader: twonode stepdown -s " + FakeAgents.A);
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void ofTwoNamedNodesTheLeaderIsAsked() {
        agents.answer(FakeAgents.A, SUBJECT, this::handOver);

        assertThat(run("stepdown", "-s", "b.example,a.example", "--yes").exitCode()).isZero();
    }

    @Test
    void peerBehindEndsWithThreeBeforeAnythingIsAsked() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("inSync", false));
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error()).contains("b is not in sync", "--wait-timeout 60s");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void waitTimeoutIsHandedToTheAgent() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("inSync", false))
                .answer(FakeAgents.A, SUBJECT, this::handOver);
        Launched launched = run("stepdown", "-s", "a.example", "--yes", "--wait-timeout", "1m");

        assertThat(launched.exitCode()).isZero();
        assertThat(agents.requests().getFirst()).endsWith("{\"waitMs\":60000}");
    }

    @Test
    void aWaitThatNoAgentAnswersWithinIsRefused() {
        Launched launched = run("stepdown", "-s", "a.example", "--yes", "--wait-timeout", "11m");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("too long", "--wait-timeout 10m");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void whileTheLeadChangesNobodyIsAskedToGiveItAway() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA().with("role", "handing-over").with("isLeader", false));
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error())
                .contains("the lead is changing already, a is handing-over", "ask again");
        assertThat(agents.requests()).isEmpty();
    }

    @Test
    void whoIsTooEarlyIsToldToAskAgain() {
        agents.answer(
                FakeAgents.A,
                "twonode.kine.stepdown",
                new Reply.Answered(
                        Documents.object()
                                .put("ok", false)
                                .put("error", "a handover is under way on this node")
                                .put("code", "busy")));
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.error())
                .contains("stepdown refused", "a handover is under way", "ask again");
    }

    @Test
    void refusalsOfTheAgentHaveTheirOwnExitCodes() {
        assertThat(refused("not-in-sync")).isEqualTo(3);
        assertThat(refused("not-leader")).isEqualTo(4);
        assertThat(refused("peer-unreachable")).isEqualTo(5);
        assertThat(refused("unknown")).isEqualTo(6);
        assertThat(refused("busy")).isEqualTo(3);
    }

    @Test
    void lostAnswerEndsWithSixAndSaysHowToFindOut() {
        agents.answer(FakeAgents.A, SUBJECT, new Reply.Unanswered("no answer within 15 s"));
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(6);
        assertThat(launched.error())
                .contains("it may still happen", "(it was 7): twonode status -s " + FakeAgents.A);
    }

    @Test
    void lostAnswerIsNoFailureWhenThePeerLeadsInANewTerm() {
        agents.answer(
                FakeAgents.A,
                SUBJECT,
                () -> {
                    handOver();
                    return new Reply.Unanswered("connection lost");
                });
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("a → b, term 8", "the answer was lost");
    }

    @Test
    void aPeerThatCannotOpenItsStreamLeavesTheLeadWhereItWas() {
        becomes("cannot-open", this::takeBack);
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(3);
        assertThat(launched.output()).contains("kine, after").doesNotContain("handed over");
        assertThat(launched.error())
                .contains(
                        "b could not take the lead, so a leads again, in term 9",
                        "why: the subjects overlap",
                        "mend that on b");
    }

    @Test
    void aPeerThatTakesItsTimeToOpenIsWaitedFor() {
        becomes("promoting", this::handOver);
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).as(launched.error()).isZero();
        assertThat(launched.output()).contains("a → b, term 8");
    }

    @Test
    void whereNobodyLeadsAnyMoreThatIsSaid() {
        agents.answer(
                FakeAgents.A,
                SUBJECT,
                () -> {
                    Reply unknown = unknown("promoting");
                    agents.everything(FakeAgents.B, new Reply.Unanswered("silent"));
                    return unknown;
                });
        Launched launched = run("stepdown", "-s", "a.example", "--yes");

        assertThat(launched.exitCode()).isEqualTo(6);
        assertThat(launched.error()).contains("unknown outcome", "node b is bound to lead");
    }

    /// b was given the lead and is like that for three looks.
    private void becomes(String health, Runnable then) {
        AtomicInteger looks = new AtomicInteger();
        Reply promoting = new Reply.Answered(promoting(health).build());
        agents.answer(
                FakeAgents.A,
                SUBJECT,
                () -> {
                    Reply unknown = unknown(health);
                    agents.answer(
                            FakeAgents.B,
                            "twonode.kine.state",
                            () -> {
                                if (looks.incrementAndGet() == 3) {
                                    then.run();
                                }
                                return promoting;
                            });
                    return unknown;
                });
    }

    private void takeBack() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("term", 9))
                .state(FakeAgents.B, StateBuilder.followerB().with("term", 9));
    }

    /// The leader has let go, and does not know what became of it.
    private Reply unknown(String health) {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("isLeader", false)
                                .with("role", "follower")
                                .with("term", 8))
                .state(FakeAgents.B, promoting(health));
        return new Reply.Answered(
                Documents.object()
                        .put("ok", false)
                        .put("code", "unknown")
                        .put("error", "node b is bound to lead in term 8"));
    }

    private static StateBuilder promoting(String health) {
        return StateBuilder.followerB()
                .with("role", "promoting")
                .with("health", health)
                .with("term", 8)
                .with("next", "the subjects overlap");
    }

    @Test
    void unreachableNodeEndsWithFive() {
        assertThat(run("stepdown", "-s", "c.example", "--yes").exitCode()).isEqualTo(5);
    }

    @Test
    void waitThatIsNoTimeIsAUsageError() {
        Launched launched = run("stepdown", "--wait-timeout", "soon");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("write one like 250ms");
    }

    private int refused(String code) {
        ObjectNode answer =
                Documents.object().put("ok", false).put("code", code).put("error", "because");
        agents.answer(FakeAgents.A, SUBJECT, new Reply.Answered(answer));
        return run("stepdown", "-s", "a.example", "--yes").exitCode();
    }

    private Reply handOver() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("isLeader", false)
                                .with("role", "follower")
                                .with("term", 8)
                                .nested("peer", "{\"role\":\"leader\",\"term\":8}"))
                .state(
                        FakeAgents.B,
                        StateBuilder.followerB()
                                .with("isLeader", true)
                                .with("role", "leader")
                                .with("term", 8)
                                .nested("peer", "{\"role\":\"follower\",\"term\":8}"));
        return new Reply.Answered(
                Documents.object()
                        .put("ok", true)
                        .put("leader", "b")
                        .put("term", 8)
                        .put("handoverSeq", 2823)
                        .put("heldMs", 14));
    }

    private Cli onTerminal(String input) {
        return new Cli().agents(agents).terminals(true, false, true).input(input);
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).variable("COLUMNS", "100").run(args);
    }
}
