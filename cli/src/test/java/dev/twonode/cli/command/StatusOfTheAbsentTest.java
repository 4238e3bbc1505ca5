package dev.twonode.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.FakeAgents;
import dev.twonode.cli.Launched;
import dev.twonode.cli.StateBuilder;
import dev.twonode.cli.agent.Reply;
import org.junit.jupiter.api.Test;

/// What is said of nodes that do not answer, or are not heard.
class StatusOfTheAbsentTest extends StatusAsked {

    @Test
    void nobodyAnsweringEndsWithFiveAndStillShowsWhy() {
        Launched launched = run("status", "-s", "c.example");

        assertThat(launched.exitCode()).isEqualTo(5);
        assertThat(launched.output())
                .contains("no answer", "nothing listens", "name another node: -s HOST:PORT");
    }

    @Test
    void serverWithoutAgentNeedsItsAgentOnlyAndAsItWasStartedBefore() {
        followerSilent();
        agents.everything(FakeAgents.B, new Reply.NoResponders("nats-server 2.15.2"));

        assertAdvice(
                "no twonode agent",
                "start its agent as it was started before (its service, or the same command)");
        assertThat(wide(ASK_A).output())
                .containsOnlyOnce("→")
                .doesNotContain("twonode run", "start its NATS server");
    }

    /// The version of the server alone would be no error.
    @Test
    void theErrorOfAServerWithoutAnAgentIsThatThereIsNone() throws Exception {
        agents.everything(FakeAgents.B, new Reply.NoResponders("nats-server 2.15.2"));
        JsonNode json =
                new ObjectMapper()
                        .readTree(run("status", "-s", "a.example", "-o", "json").output());

        assertThat(json.at("/nodes/1/error").asText())
                .isEqualTo("a NATS server answers there (nats-server 2.15.2) but no twonode agent");
    }

    @Test
    void aPeersAgentOfAnotherBucketMayHaveTheWrongOne() {
        followerSilent();
        ofAnotherBucket();

        assertAdvice(
                "but no agent of this bucket: the one there has the bucket knie",
                "one of them has the wrong --bucket: start that one again with the right one");
    }

    private void ofAnotherBucket() {
        agents.everything(FakeAgents.B, new Reply.NoResponders("nats-server 2.15.2"))
                .answer(
                        FakeAgents.B,
                        "state",
                        new Reply.Answered(
                                StateBuilder.followerB()
                                        .with("bucket", "knie")
                                        .with("stream", "KV_knie")
                                        .build()));
    }

    @Test
    void theErrorOfAnAgentOfAnotherBucketNamesThatBucket() throws Exception {
        ofAnotherBucket();
        JsonNode json =
                new ObjectMapper()
                        .readTree(run("status", "-s", "a.example", "-o", "json").output());

        assertThat(json.at("/nodes/1/error").asText())
                .endsWith("the one there has the bucket knie");
    }

    @Test
    void aServerThatWorksElsewhereNeedsAnotherAddressAndNoStart() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .nested(
                                        "peer",
                                        "{\"failure\":\"nothing listens there\","
                                                + "\"elsewhere\":true}"))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));

        assertAdvice(
                "a hears b but does not reach its NATS server at nats://b.example:4222",
                "correct --peer-url of a and start its agent again, or open the way to it: the NATS"
                        + " server of b runs, at nats://127.0.0.1:4223 as seen from its machine");
        assertThat(wide(ASK_A).output()).containsOnlyOnce("→").doesNotContain("start its NATS");
    }

    /// As a container is by its name, or what a firewall shields from third parties.
    @Test
    void aNodeThatOnlyItsPeerReachesNeedsAnotherAddressAndNoStart() {
        agents.everything(FakeAgents.B, new Reply.NotConnected("the host name is unknown"));

        assertAdvice(
                "b (nats://b.example:4222) cannot be reached: the host name is unknown",
                "a reaches it: ask again; if that stays so, name it as it is reached from here: -s"
                        + " nats://a.example:4222,HOST:PORT");
        assertThat(wide(ASK_A).output()).containsOnlyOnce("→").doesNotContain("start its NATS");
    }

    /// What it said last is younger than the peer time-out, and proves nothing about now.
    @Test
    void aNodeThatHasJustDiedNeedsBothAndNoOtherAddress() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .nested("peer", "{\"failure\":\"nothing listens there\"}"))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));

        assertAdvice(
                "cannot be reached: nothing listens there",
                "start its NATS server and its agent as they were started before");
        assertThat(wide(ASK_A).output()).doesNotContain("--peer-url", "its agent runs");
    }

    @Test
    void deadServerWhoseAgentIsHeardNeedsItsServerOnly() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA().nested("peer", "{\"health\":\"store-down\"}"))
                .everything(FakeAgents.B, new Reply.NotConnected("nothing listens there"));

        assertAdvice(
                "cannot be reached: nothing listens there",
                "start its NATS server; its agent runs and connects by itself");
        assertThat(wide(ASK_A).output()).doesNotContain("start its agent", "and its agent");
    }

    @Test
    void anAddressThatTheReasonBeginsWithIsSaidOnce() {
        followerSilent();
        agents.everything(
                FakeAgents.B,
                new Reply.Unusable(FakeAgents.B + " is a gateway of twonode", "ask another"));
        assertThat(wide(ASK_A).output())
                .contains("! b cannot be used: " + FakeAgents.B + " is a gateway of twonode")
                .doesNotContain("b (" + FakeAgents.B + ")");

        agents.everything(
                FakeAgents.A,
                new Reply.Unusable(FakeAgents.A + " is a gateway of twonode", "ask another"));
        assertThat(wide(ASK_A).output())
                .contains("! cannot be used: " + FakeAgents.A + " is a gateway of twonode");
    }

    @Test
    void anAgentThatIsHeardAndDoesNotAnswerIsNotToBeKilled() {
        agents.everything(FakeAgents.B, new Reply.Unanswered("no answer within 5 s"));

        assertAdvice("listens but does not answer", "let its login publish \"_INBOX.>\"");
        assertThat(wide(ASK_A).output()).doesNotContain("kill");
    }

    /// The plain word is a permission of its own.
    @Test
    void anAgentThatMayNotHearItsBucketIsNoneOfAnotherBucket() {
        agents.everything(FakeAgents.B, new Reply.NoResponders("nats-server 2.15.2"))
                .answer(
                        FakeAgents.B,
                        "state",
                        new Reply.Answered(StateBuilder.followerB().build()));

        assertAdvice(
                "the agent's login may not subscribe to \"twonode.kine.state\" at " + FakeAgents.B,
                "let it subscribe \"twonode.kine.>\" there");
        assertThat(wide(ASK_A).output()).doesNotContain("the one there has the bucket");
    }

    @Test
    void agentThatHangsIsToldApart() {
        followerSilent();
        agents.everything(FakeAgents.B, new Reply.Unanswered("no answer within 5 s"));

        assertAdvice("listens but does not answer", "kill it (kill -9) and start it again");
    }

    /// Its address was right while it was heard.
    @Test
    void aKnownServerThatHangsIsToBeKilledBeforeItsAddressIsDoubted() {
        followerSilent();
        agents.everything(FakeAgents.B, new Reply.Mute("it did not greet within 2000 ms"));

        assertAdvice(
                "did not greet within 2000 ms",
                "→ that server hangs: kill it (kill -9) and start it again; a serves meanwhile;"
                        + " only if its address was changed: check that this is the client port");
        assertThat(wide(ASK_A).output()).containsOnlyOnce("→").doesNotContain("start its");
    }

    @Test
    void anAddressThatWasNeverRightIsDoubtedFirst() {
        agents.everything(FakeAgents.A, new Reply.Mute("it did not greet within 2000 ms"));

        assertThat(wide(ASK_A).output())
                .contains("→ check that this is the client port of a NATS server")
                .contains("only a server that hangs: kill it (kill -9)");
    }

    @Test
    void refusedCredentialsAtThePeerNameTheFlags() {
        agents.everything(
                FakeAgents.B, new Reply.AuthFailed(FakeAgents.B + " refused the credentials"));

        assertAdvice("b: " + FakeAgents.B + " refused the credentials", "--creds");
        assertThat(wide(ASK_A).output()).containsOnlyOnce("refused the credentials");
    }

    @Test
    void networkBetweenTheNodesIsBlamedWhenBothAnswerFromHere() {
        agents.state(
                FakeAgents.A,
                StateBuilder.leaderA()
                        .nested("peer", "{\"contact\":\"silent\",\"lastContactMs\":9000}"));

        assertAdvice(
                "a has not heard b for 9.0 s",
                "b answers from here, at nats://b.example:4222: look at the network between the"
                        + " two");
    }

    @Test
    void peerThatNeverCameIsToldWithWhatItNeeds() {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("alone", true)
                                .ledBy("a")
                                .nested(
                                        "peer",
                                        "{\"node\":\"\",\"contact\":\"never\","
                                                + "\"lastContactMs\":-1}"))
                .everything(FakeAgents.B, new Reply.NotConnected("refused"));

        assertAdvice(
                "a has never heard its peer",
                "start its NATS server and its agent as they were started before; a serves"
                        + " meanwhile; --peer-url there has to name a's server");
        assertThat(wide(ASK_A).output()).containsOnlyOnce("→");
    }

    /// A journal that tells of it outlives the agent.
    @Test
    void aPeerThatWasMetBeforeTheAgentStartedIsKnown() {
        unheardSinceTheStart("b", "leader");

        assertAdvice(
                "a has not heard b since its agent started, at nats://b.example:4222",
                "start its NATS server and its agent as they were started before; a serves"
                        + " meanwhile");
        assertThat(wide(ASK_A).output()).contains("b (nats://b.example:4222)");
        assertThat(wide(ASK_A).output()).doesNotContain("never", "--peer-url", "its peer");
    }

    /// It had the sole right once, and only a peer ends that.
    @Test
    void aNodeThatWaitsWithAHistoryHasMetItsPeer() {
        unheardSinceTheStart("a", "waiting");

        assertThat(wide(ASK_A).output())
                .contains("a has not heard its peer since its agent started")
                .doesNotContain("--peer-url", "never");
    }

    private void unheardSinceTheStart(String led, String role) {
        agents.state(
                        FakeAgents.A,
                        StateBuilder.leaderA()
                                .with("alone", true)
                                .with("role", role)
                                .with("isLeader", role.equals("leader"))
                                .ledBy(led)
                                .object(
                                        "peer",
                                        "{\"node\":null,\"contact\":\"never\","
                                                + "\"lastContactMs\":null,"
                                                + "\"url\":\"nats://b.example:4222\"}"))
                .everything(FakeAgents.B, new Reply.NotConnected("refused"));
    }
}
