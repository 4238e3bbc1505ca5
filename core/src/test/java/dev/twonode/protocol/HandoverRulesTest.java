package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.PeerSays.says;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Rule H1: a leader gives the lead to its follower.
class HandoverRulesTest {

    @Test
    void aFollowerThatLedOnMeanwhileIsGivenNothing() {
        Scenario fenced = Scenario.leadingBoth();
        fenced.server.fence(new Mark(2, B));
        fenced.on(new Event.StepDownAsked(fenced.now, 1));
        assertThat(fenced.did(Action.Grant.class)).isFalse();
        assertThat(fenced.state.reason()).isEqualTo(Reason.FOREIGN_FENCE);

        Scenario granting = Scenario.leadingBoth();
        granting.on(new Event.StepDownAsked(granting.now, 1));
        assertThat(granting.did(Action.Grant.class)).isTrue();
        Term own = new Term(4, B, 101);
        granting.hear(PeerSays.leading(own, Scenario.SHARED.with(own), 120));
        assertThat(granting.role()).isIn(Role.FOLLOWING, Role.JOINING);
        assertThat(granting.answer(1)).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void nobodyHandsOverRightAfterASleep() {
        Scenario a = Scenario.leadingBoth();

        a.sleep(Timing.DEFAULT.pause() + 1);
        a.on(new Event.StepDownAsked(a.now, 1));

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.answer(1)).isInstanceOf(Answer.Refused.class);
    }

    /// a has granted term 3 from sequence 101 to b.
    static Scenario granting() {
        Scenario a = Scenario.leadingBoth();
        a.on(new Event.StepDownAsked(a.now, 77));
        return a;
    }

    /// The grant had no answer; a takes it back.
    static Scenario withdrawing() {
        Scenario a = granting();
        return a.on(new Event.GrantUnanswered(a.now, a.newest(Action.Grant.class).op()));
    }

    /// a is in sync with b, and has to compare again before it goes on copying.
    static Scenario inSyncButNotTailing() {
        Scenario a = Scenario.inSync();
        a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "broke off"));
        return a.forget();
    }

    /// b, a's leader, grants a that term.
    static Event grant(Scenario a, long request, Term term) {
        return grant(a, request, "b1", term);
    }

    static Event grant(Scenario a, long request, String process, Term term) {
        return grant(a, request, a.peer(process), term);
    }

    static Event grant(Scenario a, long request, Report.Sender sender, Term term) {
        Consent consent = new Consent(term.number(), A, term.startSeq() - 1, 5_000);
        return new Event.TakeoverHeard(a.now, request, sender, term, consent);
    }

    /// What a node did, besides telling its peer.
    static List<String> order(Scenario a) {
        return a.actions().stream()
                .filter(it -> !(it instanceof Action.Tell))
                .map(it -> it.getClass().getSimpleName())
                .toList();
    }

    @Test
    void aStepDownWithoutAFollowerInSyncIsRefused() {
        Scenario a = Scenario.leadingAlone();
        a.hear(a.follower());

        a.on(new Event.StepDownAsked(a.now, 1));

        assertThat(((Answer.Refused) a.answer(1)).code()).isEqualTo(Answer.Code.NOT_IN_SYNC);
        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aStepDownWithoutAPeerIsRefusedAsSuch() {
        Scenario a = Scenario.leadingAlone();

        a.on(new Event.StepDownAsked(a.now, 1));

        assertThat(((Answer.Refused) a.answer(1)).code()).isEqualTo(Answer.Code.PEER_UNREACHABLE);
    }

    @Test
    void gatewaysHoldBeforeTheStreamIsFenced() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;
        a.on(new Event.StepDownAsked(a.now, 1));
        assertThat(a.did(Action.FenceOwn.class)).isFalse();

        long op = a.newest(Action.HoldGateways.class).op();
        a.on(new Event.GatewaysHeld(a.now, op + 1));
        assertThat(a.did(Action.FenceOwn.class)).isFalse();

        a.on(new Event.GatewaysHeld(a.now, op));
        assertThat(a.did(Action.FenceOwn.class)).isTrue();
    }

    @Test
    void aGatewayThatIsStuckKeepsNobodyFromHandingOver() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;
        a.on(new Event.StepDownAsked(a.now, 1));

        a.advance(Timing.DEFAULT.heartbeat());

        assertThat(a.did(Action.FenceOwn.class)).isTrue();
    }

    @Test
    void theTermGoesOnWhenTheFollowerRestartsBeforeTheFence() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;
        a.on(new Event.StepDownAsked(a.now, 1));

        a.hear(a.followerOf(new Term(2, A, 101)).process("b2"));

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.did(Action.OpenOwn.class)).isFalse();
        assertThat(a.answer(1)).isInstanceOf(Answer.Refused.class);
    }

    /// Like one that cannot write its journal any more: it will not reach the barrier.
    @Test
    void theStreamIsOpenAgainAsSoonAsTheFollowerSaysThatItWaits() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));

        a.hear(says(Role.WAITING).holding(a.journal.history(), 110));

        assertThat(a.did(Action.Grant.class)).isFalse();
        assertThat(a.did(Action.OpenOwn.class)).isTrue();
        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(((Answer.Refused) a.answer(1)).why()).isEqualTo("the follower waits");
    }

    @Test
    void theTermGoesOnWhenTheFollowerWaitsBeforeTheFence() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;
        a.on(new Event.StepDownAsked(a.now, 1));

        a.hear(says(Role.WAITING).holding(a.journal.history(), 100));

        assertThat(a.did(Action.FenceOwn.class)).isFalse();
        assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
        assertThat(((Answer.Refused) a.answer(1)).why()).isEqualTo("the follower waits");
    }

    @Test
    void aStreamThatIsBeingOpenedAgainIsNotAskedToOpenTwice() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));
        a.server.answering = false;

        a.hear(says(Role.WAITING).holding(a.journal.history(), 110));
        long op = a.newest(Action.OpenOwn.class).op();
        a.hear(says(Role.WAITING).holding(a.journal.history(), 110));

        assertThat(a.newest(Action.OpenOwn.class).op()).isEqualTo(op);
    }

    @Test
    void theStreamIsFencedBeforeTheBarrierCounts() {
        Scenario a = Scenario.leadingBoth();
        a.server.answering = false;

        a.on(new Event.StepDownAsked(a.now, 1));

        assertThat(a.did(Action.FenceOwn.class)).isTrue();
        assertThat(a.did(Action.Grant.class)).isFalse();
    }

    @Test
    void nothingIsGrantedBeforeTheFollowerReachedTheBarrier() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));
        assertThat(a.did(Action.Grant.class)).isFalse();
        a.on(new Event.ProgressHeard(a.now, a.peer(), new Term(2, A, 101), 119));
        assertThat(a.did(Action.Grant.class)).isFalse();

        a.on(new Event.ProgressHeard(a.now, a.peer(), new Term(2, A, 101), 120));

        assertThat(a.newest(Action.Grant.class).term()).isEqualTo(new Term(3, B, 121));
    }

    /// Found by a seed: what was heard before the sleep, or waited for its end, proved the
    /// follower's death, and the leader went alone beside one that had taken over meanwhile (rule
    /// G4).
    @Test
    void aLeaderThatSleptInAHandoverBelievesNoRefusedDialBeforeItHasHeardTheFollower() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));

        a.sleep(600).hear(PeerSays.following(new Term(2, A, 101), a.journal.history(), 110));
        a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED)).silence(6_000, false);

        assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
    }

    /// Found by a seed: the follower had taken over while this node slept (rule T4).
    @Test
    void aPeerThatLeadsEndsAHandoverThatHasGrantedNothing() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));
        Term others = new Term(3, B, 111);

        a.hear(PeerSays.leading(others, a.journal.history().with(others), 130));

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.did(Action.FenceOwn.class)).isTrue();
        assertThat(a.answer(1)).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void theReportsProgressCountsToo() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));

        a.hear(PeerSays.following(new Term(2, A, 101), a.journal.history(), 120).inSync());

        assertThat(a.did(Action.Grant.class)).isTrue();
    }

    @Test
    void theNumberOfAGrantIsJournalledWhileClientsAreStillServed() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;

        a.on(new Event.StepDownAsked(a.now, 1));

        assertThat(order(a)).containsExactly("Persist", "HoldGateways");
        assertThat(a.journal.highestTerm()).isEqualTo(3);
        assertThat(a.journal.alone()).isFalse();
    }

    @Test
    void nobodyIsHeldForAHandoverWhoseNumberCannotBeJournalled() {
        Scenario a = Scenario.leadingBoth();
        a.journalWritable = false;

        a.on(new Event.StepDownAsked(a.now, 1));

        assertThat(a.did(Action.HoldGateways.class)).isFalse();
        assertThat(a.role()).isEqualTo(Role.WAITING);
        assertThat(a.answer(1)).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void nothingIsWrittenBetweenTheBarrierAndTheGrant() {
        Scenario a = granting();

        assertThat(order(a))
                .containsExactly("Persist", "HoldGateways", "FenceOwn", "Grant", "Persist");
    }

    /// The number is what had to be on the disk: without the entry the giver takes no part.
    @Test
    void theGrantStandsWhenItsEntryCannotBeWritten() {
        Scenario a = Scenario.leadingBoth();
        a.gatewaysAnswer = false;
        a.on(new Event.StepDownAsked(a.now, 1));
        a.journalWritable = false;

        a.on(new Event.GatewaysHeld(a.now, a.newest(Action.HoldGateways.class).op()));

        assertThat(a.newest(Action.Grant.class).term().number()).isEqualTo(3);
        assertThat(a.role()).isEqualTo(Role.WAITING);
        assertThat(a.server.isOpen()).isFalse();
        assertThat(a.journal.highestTerm()).isEqualTo(3);
    }

    @Test
    void aNumberThatThePeerHasUsedMeanwhileIsReplacedAndJournalledBeforeTheGrant() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));
        a.forget();

        a.hear(PeerSays.following(new Term(2, A, 101), a.journal.history(), 120).highest(7));

        assertThat(order(a)).containsExactly("Persist", "Grant", "Persist");
        assertThat(a.newest(Action.Grant.class).term().number()).isEqualTo(8);
    }

    @Test
    void theGrantIsAnEntryOfTheGiversHistory() {
        Scenario a = granting();

        assertThat(a.journal.history().last()).contains(new Term(3, B, 101));
        assertThat(a.newest(Action.Grant.class).consent().endSeq()).isEqualTo(100);
    }

    @Test
    void theOperatorIsAnsweredOnceTheFollowerLeads() {
        Scenario a = granting();
        assertThat(a.did(Action.Reply.class)).isFalse();

        a.on(new Event.GrantAnswered(a.now, a.newest(Action.Grant.class).op(), true, ""));

        assertThat(a.answer(77)).isEqualTo(new Answer.Led(new Term(3, B, 101)));
        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void theSuccessorsHeartbeatIsAnAnswerToo() {
        Scenario a = granting();
        Term term = new Term(3, B, 101);

        a.hear(leading(term, a.journal.history(), 100));

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void theTermOfAHandoverCannotBeTakenBackByWhoGrantedIt() {
        Scenario a = Scenario.leadingBoth();
        a.server.answering = false;
        a.on(new Event.StepDownAsked(a.now, 1));

        a.on(new Event.WithdrawHeard(a.now, 77, a.peer(), 2));

        assertThat(a.answer(77)).isInstanceOf(Answer.Refused.class);
        assertThat(a.journal.history().last()).contains(new Term(2, A, 101));
    }

    /// Its server may refuse to open the stream for as long as it likes.
    @Test
    void nobodyIsToldThatAFollowerLeadsBeforeItSaysSo() {
        Scenario a = Scenario.leadingBoth();
        a.on(new Event.StepDownAsked(a.now, 1));
        a.on(new Event.GrantUnanswered(a.now, a.newest(Action.Grant.class).op()));

        a.on(new Event.GrantAnswered(a.now, a.newest(Action.Withdraw.class).op(), false, "bound"));

        assertThat(a.answer(1))
                .isEqualTo(new Answer.Unknown("bound; 'twonode status' on b says more"));
        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void aRefusedGrantIsWithdrawn() {
        Scenario a = granting();

        a.on(new Event.GrantAnswered(a.now, a.newest(Action.Grant.class).op(), false, "no"));

        assertThat(a.did(Action.Withdraw.class)).isTrue();
        assertThat(a.server.isOpen()).isFalse();
    }

    @Test
    void aFollowerThatStandsStillGetsNoGrantAndTheTermGoesOn() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));

        a.advance(1_600);

        assertThat(a.answer(1)).isInstanceOf(Answer.Refused.class);
        assertThat(a.leads().term().number()).isEqualTo(2);
        assertThat(a.server.isOpen()).isTrue();
    }

    @Test
    void aStoppedLeaderHandsOverThenLeavesItsSuccessor() {
        Scenario a = Scenario.leadingBoth();
        a.on(new Event.StopAsked(a.now));
        assertThat(a.role()).isEqualTo(Role.HANDING_OVER);

        a.on(new Event.GrantAnswered(a.now, a.newest(Action.Grant.class).op(), true, ""));

        assertThat(a.role()).isEqualTo(Role.STOPPED);
        Consent leaves = Objects.requireNonNull(a.told().pact().consent());
        Consent granted = a.newest(Action.Grant.class).consent();
        assertThat(leaves.number()).isEqualTo(3);
        assertThat(leaves.counter()).isGreaterThan(granted.counter());
        assertThat(a.did(Action.Halt.class)).isTrue();
    }

    @Test
    void aStoppedLeaderWhoseFollowerStandsStillResignsAndStops() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StopAsked(a.now));

        a.advance(1_600);

        assertThat(a.role()).isEqualTo(Role.STOPPED);
        assertThat(a.server.isOpen()).isFalse();
        assertThat(Objects.requireNonNull(a.told().pact().consent()).who()).isEqualTo(B);
    }

    @Test
    void aStoppedLeaderDoesNotWaitForAnAnswerThatWillNotCome() {
        Scenario a = Scenario.leadingBoth();
        a.on(new Event.StopAsked(a.now));

        a.on(new Event.GrantUnanswered(a.now, a.newest(Action.Grant.class).op()));

        assertThat(a.role()).isEqualTo(Role.STOPPED);
        assertThat(Objects.requireNonNull(a.told().pact().consent()).number()).isEqualTo(3);
    }

    @Test
    void aStoppedLeaderThatIsChangingItsTermResigns() {
        Scenario a = Scenario.leadingBoth();
        a.server.answering = false;
        a.silence(1_600, false);

        a.on(new Event.StopAsked(a.now));

        assertThat(a.role()).isEqualTo(Role.STOPPED);
        assertThat(a.told().pact().consent()).isNotNull();
        assertThat(a.journal.alone()).isFalse();
    }

    @Test
    void aFollowerThatRestartsBeforeTheGrantEndsTheHandover() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.on(new Event.StepDownAsked(a.now, 1));

        a.hear(says(Role.STARTING).highest(2).process("b2"));

        assertThat(a.answer(1)).isInstanceOf(Answer.Refused.class);
        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aHandoverIsNotBegunTwice() {
        Scenario a = granting();

        a.on(new Event.StepDownAsked(a.now, 2));

        assertThat(((Answer.Refused) a.answer(2)).code()).isEqualTo(Answer.Code.BUSY);
    }
}
