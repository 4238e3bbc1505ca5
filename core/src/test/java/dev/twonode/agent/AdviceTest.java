package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Denial.Verb;
import dev.twonode.node.CopyTrouble;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Event.CopyProblem;
import dev.twonode.protocol.Follower;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Jump;
import dev.twonode.protocol.Leadership;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Peer;
import dev.twonode.protocol.Reading;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Term;
import dev.twonode.protocol.TermHistory;
import dev.twonode.protocol.Timing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AdviceTest {

    private static final NodeName A = new NodeName("a");
    private static final String OWN = "nats://127.0.0.1:14222";
    private static final String PEER = "nats://peer:4222";

    private static final Settings SETTINGS =
            new Settings(A, "a1", "pair", true, false, false, Timing.DEFAULT);

    /// Rule J3.
    @Test
    void lostRevisionsAreSaidInLaterTermsUntilKineWasRestarted() {
        assertThat(isNews(Jump.Stage.DONE, 9)).isTrue();
        assertThat(isNews(Jump.Stage.LEFT, 9)).isTrue();
        assertThat(isNews(Jump.Stage.RESTARTED, 9)).isFalse();
        assertThat(isNews(Jump.Stage.RESTARTED, 8)).isTrue();
    }

    @Test
    void aJumpThatAnotherTermOvertookIsNoNews() {
        assertThat(isNews(Jump.Stage.UNDER_WAY, 8)).isTrue();
        assertThat(isNews(Jump.Stage.UNDER_WAY, 9)).isFalse();
    }

    @Test
    void aWaitingNodeIsToBeAskedWhatWouldBeLostBeforeItIsForced() {
        TermHistory led = new TermHistory(List.of(new Term(1, A, 1)));

        assertThat(Advice.remedy(waiting(Journal.blank(A).withHistory(led)), OWN))
                .contains("twonode promote -s " + OWN + " --dry-run")
                .doesNotContain("--force", "--leader");
    }

    @Test
    void twoNewNodesNeedALeaderRatherThanAPromotion() {
        assertThat(Advice.remedy(waiting(Journal.blank(A)), OWN))
                .contains("First start? Start one of the two nodes with --leader")
                .doesNotContain("promote");
    }

    @Test
    void aNodeThatLooksForItsPeerSaysWhereAndHowThatEnds() {
        assertThat(Advice.next(joining(Peer.Link.DOWN), OWN, PEER, Troubles.NONE))
                .contains("looks for the other one at " + PEER, "--peer-retries", "'waiting'")
                .doesNotContain("--bucket");
    }

    /// Agents of two buckets hear nothing of each other.
    @Test
    void beforeAServerThatAnswersABucketMayBeTheWrongOne() {
        String words =
                "no agent of this bucket was heard: start that agent, with the same --bucket";
        State.Joining joining = joining(Peer.Link.UP);
        State.Waiting waits = new State.Waiting(joining.memory(), Reason.NO_PROOF, 0, "", 0);

        assertThat(Advice.next(joining, OWN, PEER, Troubles.NONE)).contains(words);
        assertThat(Advice.next(waits, OWN, PEER, Troubles.NONE))
                .contains(words, "This node goes on when they meet.")
                .doesNotContain("Start the other node");
    }

    @Test
    void aServerThatRefusesTheStreamIsSaidBeforeThePeerThatIsLookedFor() {
        Troubles troubles =
                new Troubles(Optional.empty(), "", "no room", Optional.empty(), false, Links.FINE);

        assertThat(Advice.next(joining(Peer.Link.DOWN), OWN, PEER, troubles))
                .contains("refuses the stream: no room")
                .doesNotContain("looks for");
    }

    @Test
    void aDecisionIsSaidAsTheCommandThatMakesIt() {
        for (Reason reason : List.of(Reason.UNRELATED, Reason.BOTH_UNKNOWN, Reason.DIVERGED)) {
            assertThat(Advice.remedy(waiting(Journal.blank(A), reason, "they differ"), OWN))
                    .startsWith("they differ. Compare both (twonode history)")
                    .contains("twonode rejoin -s " + OWN + " --keep=NAME");
        }
    }

    /// Mostly it is an address that leads to the wrong machine.
    @Test
    void aPeerOfAnotherPairIsAWrongAddressBeforeItIsADecision() {
        assertThat(Advice.remedy(waiting(Journal.blank(A), Reason.OTHER_PAIR, "strangers"), OWN))
                .startsWith("strangers. Correct --peer-url and start this agent again; only if")
                .contains("twonode rejoin -s " + OWN + " --keep=NAME");
    }

    @Test
    void aPausedFollowerSaysHowItIsLetAgain() {
        assertThat(Advice.next(following(true), OWN, PEER, Troubles.NONE))
                .contains("nats -s " + OWN + " req resume ''");
        assertThat(Advice.next(following(false), OWN, PEER, Troubles.NONE))
                .doesNotContain("resume");
    }

    @Test
    void aFollowerWhoseServerStoresNothingSaysThatItHasToBeRestarted() {
        assertThat(copying(CopyProblem.OWN))
                .contains("no space left on device", "make room", "restart it");
        assertThat(copying(CopyProblem.LEADER))
                .contains("no space left on device")
                .doesNotContain("restart");
    }

    @Test
    void aFollowerThatMayNotWriteIsNotToldToMakeRoom() {
        Denial denial = new Denial(OWN, Verb.PUBLISH, "$TWONODE.replica.kine.1.p", "$TWONODE.>");
        Links links =
                new Links(Optional.empty(), Optional.empty(), Optional.empty(), List.of(denial));

        assertThat(copying(CopyProblem.OWN, "Permissions Violation", links))
                .contains("Permissions Violation", "Let it publish \"$TWONODE.>\" there")
                .doesNotContain("make room", "restart");
    }

    @Test
    void aLeaderThatStoppedAloneIsNotWellAndSaysWhatItWaitsFor() {
        Troubles troubles =
                new Troubles(Optional.empty(), "", "", Optional.empty(), true, Links.FINE);

        assertThat(Advice.health(leading(), troubles)).isEqualTo("shows-nothing");
        assertThat(Advice.next(leading(), OWN, PEER, troubles))
                .contains("shows its clients nothing until the other one is back")
                .contains(PEER);
        assertThat(Advice.health(leading(), Troubles.NONE)).isEqualTo("ok");
    }

    private static State.Leading leading() {
        return new State.Leading(
                following(false).memory(),
                Reason.FOLLOWER_IN_SYNC,
                new Term(2, A, 1),
                State.Mode.BOTH,
                new Follower("b1", "", 0, 0, 0, 0, 0, 0, false),
                new State.Change.None());
    }

    private static String copying(CopyProblem problem) {
        return copying(problem, "no space left on device", Links.FINE);
    }

    private static String copying(CopyProblem problem, String why, Links links) {
        Troubles troubles =
                new Troubles(
                        Optional.of(new CopyTrouble(problem, why)),
                        "",
                        "",
                        Optional.empty(),
                        false,
                        links);
        return Advice.next(behind(), OWN, PEER, troubles);
    }

    private static boolean isNews(Jump.Stage stage, long term) {
        return LossNotice.isNews(new Jump(8, 101, 152, false, stage), term);
    }

    /// Fenced, and nothing heard of its peer.
    private static State.Joining joining(Peer.Link link) {
        Leadership machine = new Leadership(SETTINGS);
        State state = machine.start(Journal.blank(A), 0);
        state = machine.step(state, new Event.OwnConnected(0)).state();
        state = answered(machine, state);
        state = answered(machine, state);
        return (State.Joining) machine.step(state, new Event.PeerLink(0, link)).state();
    }

    private static State answered(Leadership machine, State asked) {
        Reading fenced =
                new Reading("S", Instant.EPOCH, new Reading.Face.Fenced(new Mark(0, A)), 1, 0, 0L);
        return machine.step(asked, new Event.StoreAnswered(0, asked.memory().counter(), 0, fenced))
                .state();
    }

    private static State.Following following(boolean paused) {
        Leadership machine = new Leadership(SETTINGS);
        State state = machine.start(Journal.blank(A), 0);
        state = machine.step(state, new Event.OwnConnected(0)).state();
        state = machine.step(state, new Event.PauseAsked(0, 1, paused)).state();
        return new State.Following(
                state.memory(),
                Reason.PEER_LEADS,
                new Term(2, new NodeName("b"), 1),
                new State.Session(0, "b1", "", "", State.Stage.IDLE, null, 0),
                new State.Sync(1, true, 0));
    }

    private static State.Following behind() {
        Leadership machine = new Leadership(SETTINGS);
        State.Following inSync = following(false);
        State linked = machine.step(inSync, new Event.PeerLink(0, Peer.Link.UP)).state();
        return new State.Following(
                linked.memory(),
                inSync.reason(),
                inSync.term(),
                inSync.session(),
                new State.Sync(0, false, 0));
    }

    private static State.Waiting waiting(Journal journal) {
        return waiting(journal, Reason.NO_PROOF, "");
    }

    private static State.Waiting waiting(Journal journal, Reason reason, String detail) {
        State state = new Leadership(SETTINGS).start(journal, 0);
        return new State.Waiting(state.memory(), reason, 0, detail, 0);
    }
}
