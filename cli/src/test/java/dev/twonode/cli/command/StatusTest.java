package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import dev.twonode.messaging.Denial;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTest extends StatusAsked {

    @Test
    void healthyPairIsATableAndOneGoodLine() {
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isZero();
        Golden.check("status-healthy.txt", launched.output());
    }

    @Test
    void jsonIsStable() {
        Launched launched = run("status", "-s", "a.example", "-o", "json");

        Golden.check("status-healthy.json", launched.output());
    }

    @Test
    void asciiIsUsedWhereTheLocaleHasNoMore() {
        assertThat(new Cli().agents(agents).ascii().run(ASK_A).output()).matches("[\\p{ASCII}]*");
    }

    @Test
    void deadFollowerLeavesItsLastKnownStateInBrackets() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("alone", true)
                                .with("inSync", false)
                                .with("reason", "peer silent")
                                .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":12300}"))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isEqualTo(7);
        Golden.check("status-follower-dead.txt", launched.output());
    }

    @Test
    void deadLeaderIsSeenThroughTheOtherNamedNode() {
        agents.everything(FakeAgents.A, new Reply.NotConnected("nothing listens there"))
                .state(
                        FakeAgents.B,
                        StateBuilder.followerB()
                                .with("isLeader", true)
                                .with("role", "leader")
                                .with("term", 8)
                                .with("alone", true)
                                .with("inSync", false)
                                .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":2000}"));
        Launched launched = run("status", "-s", "a.example,b.example", "--exit-code");

        assertThat(launched.exitCode()).isEqualTo(7);
        assertThat(launched.output()).contains("leader, alone", "a (nats://a.example:4222)");
    }

    @Test
    void aLeaderThatStoppedAloneServesNobody() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("health", "shows-nothing")
                                .with("inSync", false)
                                .with("next", "Start its server and its agent.")
                                .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":12300}"))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));

        assertAdvice(
                "!! a shows nothing until b is back (--when-alone stop)",
                "start its NATS server and its agent as they were started before");
        assertThat(wide(ASK_A).output())
                .containsOnlyOnce("→")
                .doesNotContain("serves meanwhile", "does not hold everything", "leads alone");
    }

    @Test
    void pausedFollowerIsADangerAndTheRemedyIsSaid() {
        String remedy = "Let it again: nats -s nats://127.0.0.1:4223 req resume ''";
        agents.state(
                FakeAgents.B, StateBuilder.followerB().with("paused", true).with("next", remedy));
        Launched launched = wide("status", "-s", "a.example,b.example", "--exit-code");

        assertThat(launched.exitCode()).isEqualTo(7);
        assertThat(launched.output())
                .contains("b is paused: it takes over nothing by itself", remedy);
    }

    @Test
    void aPermissionThatAnAgentLacksIsNamedWithTheOneToGrant() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .denied("publish", "$JS.API.STREAM.INFO.KV_kine", "$JS.API.>"));
        Launched launched = wide("status", "-s", "a.example,b.example", "--exit-code");

        assertThat(launched.exitCode()).isEqualTo(7);
        assertThat(launched.output())
                .contains(
                        "a's login may not publish to \"$JS.API.STREAM.INFO.KV_kine\" at"
                                + " nats://a.example:4222",
                        "let it publish \"$JS.API.>\" there");
    }

    /// The agent's own advice calls it "this login", which here would be another one.
    @Test
    void whatALoginLacksIsSaidOnceAndIsTheRemedyOfWhatFollowsFromIt() {
        String url = "nats://a.example:4222";
        Denial denial = new Denial(url, Denial.Verb.PUBLISH, "$JS.API.X", "$JS.API.>");
        for (String more : List.of("", " Correct --peer-url.")) {
            agents.state(
                    FakeAgents.B,
                    StateBuilder.followerB()
                            .with("health", "behind")
                            .with("inSync", false)
                            .denied("publish", "$JS.API.X", "$JS.API.>")
                            .with("next", denial.problem() + ". " + denial.instruction() + more));
            Launched launched = wide(ASK_A);

            assertThat(launched.output())
                    .contains("b is behind and does not get on", "b's login may not publish")
                    .containsOnlyOnce("et it publish \"$JS.API.>\" there")
                    .contains(more.strip())
                    .doesNotContain("this login");
        }
    }

    @Test
    void aFollowerThatCannotCopySaysWhy() {
        agents.state(
                FakeAgents.A, StateBuilder.leaderA().with("alone", true).with("inSync", false));
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("health", "behind")
                        .with("inSync", false)
                        .with("next", "Copying stopped: no space left on device"));

        assertThat(wide(ASK_A).output())
                .contains(
                        "b is behind and does not get on",
                        "→ Copying stopped: no space left on device",
                        "b answers but needs something: see above")
                .doesNotContain("is back and catches up");
    }

    @Test
    void whyThePeersServerIsNotReachedStandsWithTheSilence() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .nested("peer", "{\"contact\":\"never\",\"failure\":\"it refused us\"}"));

        assertThat(wide(ASK_A).output())
                .contains(
                        "b has not heard a since its agent started, at nats://a.example:4222: it"
                                + " refused us");
    }

    @Test
    void pausedLeaderIsWorthANote() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("paused", true));
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("a is paused", "req resume ''");
    }

    @Test
    void theTableNamesTheHealthThatTheJsonHas() {
        String down = "{\"health\":\"store-down\"}";
        agents.state(FakeAgents.A, StateBuilder.leaderA().nested("peer", down))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));

        assertThat(wide(ASK_A).output()).contains("store-down").doesNotContain("no answer");
        assertThat(run("status", "-s", "a.example", "-o", "json").output())
                .contains("\"health\" : \"store-down\"");
    }

    @Test
    void aNodeThatDoesNotAnswerIsNotOkForWhatItSaidLast() {
        agents.everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));
        assertHealthUnknown();

        followerSilent();
        assertHealthUnknown();
    }

    private void assertHealthUnknown() {
        assertThat(wide(ASK_A).output()).containsOnlyOnce("no answer");
        assertThat(run("status", "-s", "a.example", "-o", "json").output())
                .containsOnlyOnce("\"health\" : \"ok\"")
                .contains("\"health\" : \"\"");
    }

    @Test
    void aWatchWithoutTimeBetweenTwoLooksIsWrongUsage() {
        Launched launched = run("status", "-s", "a.example", "-w=0");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("--watch", "-w=1s");
        assertThat(launched.output()).isEmpty();
    }

    @Test
    void whatHasOneRemedyStandsTogetherAboveIt() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("isLeader", false)
                                .with("role", "waiting")
                                .with("health", "waiting")
                                .with("reason", "no contact")
                                .with("next", "Start the other node.")
                                .nested("peer", "{\"contact\":\"never\",\"role\":\"\"}"))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));

        assertThat(wide(ASK_A).output())
                .containsPattern(
                        "a waits: no contact\n!! no node leads: nothing can be written\n"
                                + " +→ Start the other node");
    }

    @Test
    void waitingNodeShowsTheAgentsOwnAdvice() {
        agents.state(
                        FakeAgents.B,
                        StateBuilder.followerB()
                                .with("role", "waiting")
                                .with("health", "waiting")
                                .with("inSync", false)
                                .with("reason", "was not in sync when a was last heard")
                                .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":5000}")
                                .with("next", "start a, or: twonode promote -s b.example:4222"))
                .everything(FakeAgents.A, new Reply.NotConnected("refused"));
        Launched launched = run("status", "-s", "b.example,a.example", "--exit-code");

        assertThat(launched.exitCode()).isEqualTo(7);
        assertThat(launched.output())
                .contains(
                        "no node leads: nothing can be written",
                        "b waits: was not in sync",
                        "start a, or: twonode promote -s b.example:4222")
                .containsOnlyOnce("start a, or")
                .contains("start its NATS server and its agent as they were started before");
    }

    @Test
    void divergedHistoryEndsWithEightAndNamesRejoin() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("role", "waiting")
                        .with("health", "diverged")
                        .with("reason", "no common term"));
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isEqualTo(8);
        assertThat(launched.output()).contains("twonode rejoin --keep=NAME");
    }

    @Test
    void aNodeOfAnotherPairIsDecidedAboutWhereItWaits() {
        StateBuilder stranger = StateBuilder.followerB().with("pair", "another");
        agents.state(FakeAgents.B, stranger.with("role", "waiting").with("health", "other-pair"));

        assertThat(wide(ASK_A).output())
                .contains(
                        "a and b belong to different pairs",
                        "correct --peer-url of both; only if the two shall be one pair from now on:"
                                + " twonode rejoin --keep=NAME -s "
                                + FakeAgents.B);
    }

    @Test
    void whereNoNodeOfTwoPairsWaitsThereIsNothingToDecide() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("pair", "another")
                        .with("isLeader", true)
                        .with("role", "leader"));

        assertThat(wide(ASK_A).output())
                .contains(
                        "a and b belong to different pairs",
                        "correct --peer-url of both and start their agents again")
                .doesNotContain("rejoin");
    }

    @Test
    void twoLeadersAreTheFirstThingSaid() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("isLeader", true)
                        .with("role", "leader")
                        .with("term", 8));
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isEqualTo(8);
        assertThat(launched.output()).contains("!! a (term 7) and b (term 8) both lead");
    }

    @Test
    void oneMessageIsNotSeveral() {
        followerCopies(
                "{\"phase\":\"exporting\",\"unit\":\"messages\",\"done\":0,"
                        + "\"total\":1,\"perSecond\":1,\"remainingMs\":1000}");

        assertAdvice("b is exporting: 0 of 1 message (0 %), 1 message a second", "");
    }

    @Test
    void copyUnderWayShowsProgressRateAndTimeLeft() {
        followerCopies(
                "{\"phase\":\"exporting\",\"unit\":\"messages\",\"done\":123000,"
                        + "\"total\":300000,\"perSecond\":90000,\"remainingMs\":2000}");

        assertAdvice(
                "b is exporting: 123,000 of 300,000 messages (41 %), 90,000 messages a second,"
                        + " about 2.0 s",
                "wait for it: twonode status -w");
        assertThat(wide(ASK_A).output()).doesNotContain("does not hold everything");
    }

    @Test
    void copyOfAWholeStreamIsCountedInBytes() {
        followerCopies(
                "{\"phase\":\"resyncing\",\"unit\":\"bytes\",\"done\":52428800,"
                        + "\"total\":209715200,\"perSecond\":0,\"remainingMs\":-1}");

        assertThat(wide(ASK_A).output())
                .contains("b is resyncing: 50.0 MiB of 200 MiB (25 %), 0 B a second")
                .doesNotContain("messages a second", "left");
    }

    private void followerCopies(String copy) {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("inSync", false)
                                .nested("peer", "{\"inSync\":false,\"lag\":177655}"))
                .state(
                        FakeAgents.B,
                        StateBuilder.followerB()
                                .with("inSync", false)
                                .with("health", "behind")
                                .nested("copy", copy));
    }

    @Test
    void followerNotInSyncWithoutACopyIsSaid() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("inSync", false)
                                .nested("peer", "{\"inSync\":false,\"lag\":12}"))
                .state(FakeAgents.B, StateBuilder.followerB().with("inSync", false));

        assertAdvice("b does not hold everything yet (lag 12)", "watch it catch up");
    }

    @Test
    void storeThatIsDownOrReadOnlyIsSaid() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("health", "store-readonly"));
        assertAdvice("a's JetStream store takes no writes", "make room on the disk of a");

        agents.state(FakeAgents.A, StateBuilder.leaderA().with("health", "store-down"));
        assertAdvice("a cannot use its JetStream store", "look at the nats-server's log on a");
    }

    @Test
    void nodeThatCannotOpenItsStreamIsSaidInTheAgentsOwnWords() {
        agents.state(
                FakeAgents.B,
                StateBuilder.followerB()
                        .with("role", "promoting")
                        .with("health", "cannot-open")
                        .with("next", "the server says: subjects overlap"));

        assertAdvice("b is to lead and cannot open its stream", "subjects overlap");
        assertThat(wide(ASK_A).output()).doesNotContain("ends by itself", "agent's log on b");
    }

    @Test
    void nodeThatWaitsIsSaidOnceAndIsNotSaidToCatchUp() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("alone", true).with("inSync", false))
                .state(
                        FakeAgents.B,
                        StateBuilder.followerB()
                                .with("role", "waiting")
                                .with("health", "stream-edited")
                                .with("reason", "the own stream was edited by hand")
                                .with("inSync", false)
                                .with("next", "max_age is set"));

        assertAdvice("b waits: the own stream was edited by hand", "max_age is set");
        assertThat(wide(ASK_A).output())
                .containsOnlyOnce("max_age is set")
                .contains("b answers but waits")
                .doesNotContain("catches up");
    }

    @Test
    void clocksApartAreSaidOnce() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().nested("peer", "{\"skewMs\":2500}"))
                .state(FakeAgents.B, StateBuilder.followerB().nested("peer", "{\"skewMs\":-2500}"));

        assertAdvice("the clocks of a and b differ by 2.5 s", "NTP");
        assertThat(wide(ASK_A).output()).containsOnlyOnce("clocks");
    }

    @Test
    void orphansAreANoteAndNoReasonForAnExitCode() {
        agents.state(FakeAgents.B, StateBuilder.followerB().with("orphans", 2));
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output())
                .contains("b keeps 2 exports", "twonode orphans list -s nats://b.example:4222");
    }

    @Test
    void lostRevisionsAreSaidWithWhatIsLeftToDo() {
        String lost =
                "{\"term\":5,\"message\":\"revisions 101 to 150 are given"
                        + " up\",\"restarted\":\"%s\"}";
        agents.state(FakeAgents.A, StateBuilder.leaderA().object("lost", lost.formatted("by-hook")))
                .state(
                        FakeAgents.B,
                        StateBuilder.followerB().object("lost", lost.formatted("by-hand")));
        Launched launched = wide(ASK_A);

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output())
                .contains("- a: since term 5 revisions 101 to 150 are given up")
                .contains("! b: since term 5 revisions 101 to 150 are given up")
                .doesNotContain("its peer is in sync")
                .contains("nothing: kine and the API server were restarted")
                .contains("restart kine and then the API server (K3s) of b")
                .contains("twonode acknowledge -s " + FakeAgents.B);
    }

    @Test
    void nodesOfDifferentPairsAreFound() {
        agents.state(FakeAgents.B, StateBuilder.followerB().with("pair", "p2"));

        assertThat(wide(ASK_A).exitCode()).isEqualTo(8);
    }

    @Test
    void withoutExitCodeADegradedPairIsStillAnAnswer() {
        agents.everything(FakeAgents.B, new Reply.NotConnected("refused"));

        assertThat(run("status", "-s", "a.example").exitCode()).isZero();
    }

    @Test
    void localDoesNotAskThePeer() {
        agents.everything(FakeAgents.B, new Reply.NotConnected("refused"));
        Launched launched = run("status", "-s", "a.example", "--local", "--exit-code");

        assertThat(launched.exitCode()).isZero();
        assertThat(launched.output()).contains("(follower)");
    }

    @Test
    void whatAnAgentSaysCannotMoveTheCursor() {
        agents.state(FakeAgents.B, StateBuilder.followerB().with("health", "\u001b[2Jbad"));

        assertThat(wide(ASK_A).output()).doesNotContain("\u001b");
    }
}
