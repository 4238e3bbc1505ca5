package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.cli.Cli;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Golden;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.Documents;
import org.junit.jupiter.api.Test;

class StateTest {

    private final FakeAgents agents = FakeAgents.healthy();

    @Test
    void jsonIsTheAgentsAnswerBehindTheSchema() {
        Launched launched = run("state", "-s", "a.example", "-o", "json");

        assertThat(launched.exitCode()).isZero();
        Golden.check("state.json", launched.output());
    }

    @Test
    void cardSaysRolePeerAndStream() {
        Golden.check("state.txt", run("state", "-s", "a.example").output());
    }

    @Test
    void aNodeWithoutAGatewaySaysSo() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA().object("gateway", "{\"clients\":0,\"addresses\":[]}"));

        assertThat(run("state", "-s", "a.example").output()).contains("gateway       off\n");
    }

    @Test
    void adviceOfTheAgentIsOnTheCard() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().with("next", "start node b"));

        assertThat(run("state", "-s", "a.example").output()).contains("to do         start node b");
    }

    @Test
    void tsvHasARowForEachField() {
        assertThat(run("state", "-s", "a.example", "-o", "tsv").output())
                .contains("latestSeq\t2823\n", "peer.node\tb\n", "history.0.leader\tb\n");
    }

    @Test
    void tsvLeavesEmptyWhatHasNoValue() {
        agents.state(FakeAgents.A, StateBuilder.leaderA().nested("peer", "{\"failure\":null}"));

        assertThat(run("state", "-s", "a.example", "-o", "tsv").output())
                .contains("peer.failure\t\n")
                .doesNotContain("null");
    }

    @Test
    void nobodyListeningEndsWithFiveAndSaysWhatToDo() {
        Launched launched = run("state", "-s", "c.example:4333");

        assertThat(launched.exitCode()).isEqualTo(5);
        assertThat(launched.output()).isEmpty();
        assertThat(launched.error())
                .isEqualTo(
                        """
                        error: no answer from the agent at nats://c.example:4333
                          why: it refused the connection: nothing listens there
                          do:  start the NATS server there, or name another node: -s HOST:PORT
                        """);
    }

    @Test
    void serverWithoutAgentIsToldApartFromNoServer() {
        agents.everything("nats://c.example:4222", new Reply.NoResponders("nats-server 2.15.2"));
        Launched launched = run("state", "-s", "c.example");

        assertThat(launched.exitCode()).isEqualTo(5);
        assertThat(launched.error())
                .contains("a NATS server answers there (nats-server 2.15.2) but no twonode agent");
    }

    @Test
    void anAgentOfAnotherBucketIsNamed() {
        String there = "nats://c.example:4222";
        agents.everything(there, new Reply.NoResponders("nats-server 2.15.2"))
                .answer(
                        there,
                        "state",
                        new Reply.Answered(
                                StateBuilder.leaderA()
                                        .with("bucket", "other")
                                        .with("stream", "KV_other")
                                        .build()));

        for (String command : new String[] {"state", "status"}) {
            Launched launched = run(command, "-s", "c.example");
            assertThat(launched.exitCode()).as(command).isEqualTo(5);
            assertThat((launched.output() + launched.error()).replaceAll("\\s+", " "))
                    .contains("no agent of this bucket: the one there has the bucket other")
                    .contains("--bucket other");
        }
    }

    /// The word is a common one.
    @Test
    void somethingElseThatAnswersToStateIsNoAgent() {
        String there = "nats://c.example:4222";
        agents.everything(there, new Reply.NoResponders("nats-server 2.15.2"))
                .answer(
                        there,
                        "state",
                        new Reply.Answered(Documents.object().put("bucket", "of paint")));

        assertThat(run("state", "-s", "c.example").error())
                .contains("but no twonode agent")
                .doesNotContain("paint");
    }

    @Test
    void anAddressThatTheReasonBeginsWithIsSaidOnce() {
        agents.everything(
                FakeAgents.A, new Reply.Unusable(FakeAgents.A + " is a gateway", "ask another"));
        Launched launched = run("state", "-s", "a.example");

        assertThat(launched.error())
                .contains("no answer from the agent at " + FakeAgents.A)
                .contains("why: it is a gateway")
                .containsOnlyOnce(FakeAgents.A);
    }

    @Test
    void refusedCredentialsEndWithSeventySeven() {
        agents.everything("nats://c.example:4222", new Reply.AuthFailed("no such user"));

        assertThat(run("state", "-s", "c.example").exitCode()).isEqualTo(77);
    }

    @Test
    void credentialsFileThatCannotBeReadEndsWithSeventyEight() {
        agents.everything("nats://c.example:4222", new Reply.OwnFiles("x.creds is not readable"));

        assertThat(run("state", "-s", "c.example").exitCode()).isEqualTo(78);
    }

    @Test
    void failureIsJsonOnStandardErrorWhenTheOutputIs() {
        Launched launched = run("state", "-s", "c.example", "--json");

        assertThat(launched.output()).isEmpty();
        assertThat(launched.error())
                .startsWith("{\"schema\":1,\"error\":{\"code\":5,\"kind\":\"unreachable\"");
    }

    @Test
    void firstOfSeveralServersThatAnswersIsShown() {
        assertThat(run("state", "-s", "c.example,b.example").output())
                .startsWith("node          b");
    }

    @Test
    void badAddressIsAUsageErrorThatNamesTheFlag() {
        Launched launched = run("state", "-s", "http://x");

        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.error()).contains("--server", "unknown scheme 'http'");
    }

    @Test
    void serverComesFromTheEnvironmentWhereNoFlagIs() {
        assertThat(new Cli().agents(agents).variable("NATS_URL", "b.example").run("state").output())
                .startsWith("node          b");
    }

    @Test
    void agentOfAnOlderVersionLeavesFieldsOut() {
        Reply bare =
                new Reply.Answered(
                        StateBuilder.leaderA().build().retain("health", "isLeader", "latestSeq"));
        agents.answer(FakeAgents.A, "twonode.kine.state", bare);

        assertThat(run("state", "-s", "a.example").exitCode()).isZero();
    }

    private Launched run(String... args) {
        return new Cli().agents(agents).run(args);
    }
}
