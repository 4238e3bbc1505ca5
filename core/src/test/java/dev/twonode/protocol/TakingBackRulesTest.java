package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.PeerSays.says;
import static dev.twonode.protocol.Scenario.A;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule K3: a grant is taken back.
class TakingBackRulesTest {

    private static TermHistory beforeTheGrant(Scenario a) {
        return a.journal.history().without(3);
    }

    private static Event refused(Scenario a, String why) {
        return new Event.GrantAnswered(a.now, a.newest(Action.Grant.class).op(), false, why);
    }

    @Test
    void aWithdrawnNumberIsVoidAndStaysUsed() {
        Scenario a = ConsentRulesTest.consenting();
        long request = a.request();

        a.on(new Event.WithdrawHeard(a.now, request, a.peer(), 2));

        assertThat(a.journal.history().terms()).noneMatch(term -> term.number() == 2);
        assertThat(a.journal.highestTerm()).isEqualTo(2);
        assertThat(a.answer(request)).isEqualTo(new Answer.Done());
    }

    /// Rule G3, found by a seed: it slept while its server opened the stream, and clients wrote.
    /// Its giver, which had gone on by itself, took that for a copy of what it had led with.
    @Test
    void aStreamThatMayHaveBeenOpenUnderAWithdrawnNumberIsNobodysCopy() {
        Scenario a = Scenario.inSync();
        assertThat(a.journal.origin().copied()).isNotNull();
        a.server.answering = false;
        a.on(HandoverRulesTest.grant(a, 9, new Term(5, A, 101))).sleep(600);
        assertThat(a.role()).isEqualTo(Role.JOINING);

        a.on(new Event.WithdrawHeard(a.now, a.request(), a.peer(), 5));

        assertThat(a.journal.history().terms()).noneMatch(term -> term.number() == 5);
        assertThat(a.report().standing().origin().copied()).isNull();
    }

    @Test
    void aWithdrawalThatComesBeforeTheGrantLeavesACopyACopy() {
        Scenario a = Scenario.inSync();
        Origin before = a.journal.origin();

        a.on(new Event.WithdrawHeard(a.now, a.request(), a.peer(), 5));

        assertThat(a.journal.origin()).isEqualTo(before);
    }

    @Test
    void aWithdrawalIsAnsweredOnlyOnceItIsJournalled() {
        Scenario a = Scenario.inSync();
        a.journalWritable = false;

        a.on(new Event.WithdrawHeard(a.now, a.request(), a.peer(), 5));

        assertThat(a.did(Action.Reply.class)).isFalse();
    }

    @Test
    void aLateGrantOfAWithdrawnNumberIsRefused() {
        Scenario a = Scenario.inSync();
        a.on(new Event.WithdrawHeard(a.now, a.request(), a.peer(), 5));
        long request = a.request();

        a.on(HandoverRulesTest.grant(a, request, new Term(5, A, 101)));

        assertThat(a.answer(request)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void aGrantWithoutAnAnswerIsTakenBackAndNotReopened() {
        Scenario a = HandoverRulesTest.granting();

        a.on(new Event.GrantUnanswered(a.now, a.newest(Action.Grant.class).op()));

        assertThat(a.did(Action.Withdraw.class)).isTrue();
        assertThat(a.server.isOpen()).isFalse();
    }

    @Test
    void aVoidGrantLeavesTheHistory() {
        Scenario a = HandoverRulesTest.withdrawing();
        assertThat(a.journal.history().last()).map(Term::number).hasValue(3L);

        a.on(new Event.GrantAnswered(a.now, a.newest(Action.Withdraw.class).op(), true, ""));

        assertThat(a.journal.history().terms()).noneMatch(term -> term.number() == 3);
        assertThat(a.journal.highestTerm()).isEqualTo(3);
        assertThat(a.report().pact().consent()).isNull();
        assertThat(a.role()).isEqualTo(Role.JOINING);
    }

    @Test
    void aWithdrawalWithoutAnAnswerIsRepeatedWithoutHaste() {
        Scenario a = HandoverRulesTest.withdrawing();
        for (int i = 0; i < 5; i++) {
            a.on(new Event.GrantUnanswered(a.now, a.newest(Action.Withdraw.class).op()));
        }
        assertThat(a.actions(Action.Withdraw.class)).hasSize(1);

        a.advance(Timing.DEFAULT.heartbeat());

        assertThat(a.actions(Action.Withdraw.class)).hasSize(2);
    }

    @Test
    void aFollowerThatRefusedAndWaitsSinceCannotTakeItAnyMore() {
        Scenario a = HandoverRulesTest.granting();
        a.on(refused(a, "cannot write the journal"));

        a.hear(says(Role.WAITING).holding(beforeTheGrant(a), 100).highest(3));

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.leads().term().number()).isEqualTo(2);
        assertThat(a.server.isOpen()).isTrue();
        assertThat(a.journal.history().terms()).noneMatch(term -> term.number() == 3);
        assertThat(a.report().pact().consent()).isNull();
        assertThat(a.answer(77)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void oneThatMayHaveOpenedItsStreamUnderTheNumberIsWaitedFor() {
        Scenario a = HandoverRulesTest.granting();
        a.on(refused(a, "its server does not open the stream"));

        a.hear(says(Role.WAITING).holding(a.journal.history(), 100));

        assertThat(a.role()).isEqualTo(Role.HANDING_OVER);
        assertThat(a.server.isOpen()).isFalse();
    }

    @Test
    void oneThatWaitsMayGetAGrantThatIsStillOnItsWay() {
        Scenario a = HandoverRulesTest.withdrawing();

        a.hear(says(Role.WAITING).holding(beforeTheGrant(a), 100));

        assertThat(a.role()).isEqualTo(Role.HANDING_OVER);
        assertThat(a.server.isOpen()).isFalse();
    }

    @Test
    void afterProvenSilenceThePeersServerIsFencedFirst() {
        Scenario a = HandoverRulesTest.withdrawing();

        a.silence(1_600, true);

        assertThat(a.newest(Action.FencePeer.class).mark()).isEqualTo(new Mark(3, A));
        assertThat(a.did(Action.OpenOwn.class)).isFalse();
    }

    @Test
    void inAPairOfWhichOnlyOneSideServesItGoesOnAsking() {
        Scenario a = Scenario.leadingBothOrNothing();
        a.on(new Event.StepDownAsked(a.now, 77));
        a.on(new Event.GrantUnanswered(a.now, a.newest(Action.Grant.class).op()));

        a.silence(5_000, true);

        assertThat(a.did(Action.FencePeer.class)).isFalse();
        assertThat(a.role()).isEqualTo(Role.HANDING_OVER);
    }

    @Test
    void behindThePeersFenceItGoesAloneAboveTheGrantedNumber() {
        Scenario a = HandoverRulesTest.withdrawing().silence(1_600, true);

        a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 100));

        assertThat(a.leads().term()).isEqualTo(new Term(4, A, 101));
        assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        assertThat(a.journal.alone()).isTrue();
    }

    /// The peer may have got a right of its own and committed it (rules A1, G3).
    @Test
    void whatThePeersStreamHoldsBeyondTheGrantIsCopiedFirst() {
        Scenario a = HandoverRulesTest.withdrawing().silence(1_600, true);

        a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 105));
        Action.Drain drain = a.newest(Action.Drain.class);
        assertThat(drain.barrier()).isEqualTo(105);
        assertThat(a.did(Action.OpenOwn.class)).isFalse();
        a.server.fill(105, "theirs");
        a.on(new Event.Drained(a.now, drain.op(), 105));

        assertThat(a.leads().term()).isEqualTo(new Term(4, A, 106));
        assertThat(a.answer(77)).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void aNodeThatLacksWhatThePeersStreamHoldsDoesNotLead() {
        Scenario a = HandoverRulesTest.withdrawing().silence(1_600, true);
        a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 105));

        a.on(new Event.NotDrained(a.now, a.newest(Action.Drain.class).op(), "refused"));

        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.server.isOpen()).isFalse();
    }

    /// A follower that holds the grant goes alone when its giver's server has ended (rule A1).
    @Test
    void aNodeWhoseServerEndedBehindTheGrantWaitsForItsPeer() {
        Scenario a = HandoverRulesTest.withdrawing().loseServer();
        a.server.start();
        a.connect();

        a.silence(1_600, true);

        assertThat(a.did(Action.FencePeer.class)).isFalse();
        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.state.reason()).isEqualTo(Reason.GRANT_UNANSWERED);
        assertThat(a.server.isOpen()).isFalse();
        assertThat(a.answer(77)).isInstanceOf(Answer.Unknown.class);
    }

    /// Rule J2: this node counted as in sync from the grant on.
    @Test
    void whatAPeerWroteThatTookTheGrantAndEndedBeforeItWasHeardNobodyWasShown() {
        Scenario a = HandoverRulesTest.withdrawing().silence(1_600, true);
        Term granted = a.journal.history().terms().getLast();
        TermHistory theirs = a.journal.history();

        a.on(new Event.PeerNotFenced(a.now, a.newest(Action.FencePeer.class).op(), "refused"));
        a.hear(joining(theirs, 105).committed(100));

        assertThat(a.journal.unshown()).isEqualTo(granted);
        assertThat(a.leads().term()).isEqualTo(new Term(4, A, 101));
    }

    @Test
    void aUsedNumberCannotBeWithdrawn() {
        Scenario a = Scenario.leadingAlone();
        long request = a.request();

        a.on(new Event.WithdrawHeard(a.now, request, a.peer(), 2));

        assertThat(a.answer(request)).isInstanceOf(Answer.Refused.class);
        assertThat(a.role()).isEqualTo(Role.LEADING);
    }
}
