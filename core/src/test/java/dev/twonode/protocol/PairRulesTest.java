package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.claiming;
import static dev.twonode.protocol.PeerSays.following;
import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.designated;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule T5: who belongs together.
class PairRulesTest {

    @Test
    void streamsWithoutAnyHistoryWaitForTheOperator() {
        Scenario a = starting(settings(A), Journal.blank(A), 30).connect();

        a.hear(joining(TermHistory.EMPTY, 100).pair(null));

        assertThat(a.state.reason()).isEqualTo(Reason.UNRELATED);
        assertThat(a.server.isOpen()).isFalse();
    }

    @Test
    void streamsOfOnePairHaveTheEmptyBeginningInCommon() {
        Scenario ahead = Scenario.joining().hear(joining(history(new Term(1, B, 1)), 90));
        TermHistory first = history(new Term(1, B, 1));
        Scenario behind = starting(settings(A), journal(A, first, 0), 100).connect();

        behind.hear(leading(new Term(2, B, 1), history(new Term(2, B, 1)), 3));

        assertThat(ahead.role()).isEqualTo(Role.PROMOTING);
        assertThat(behind.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void anotherPairWaitsForTheOperator() {
        Scenario a = Scenario.joining();

        a.hear(joining(SHARED, 100).pair("stranger"));

        assertThat(a.state.reason()).isEqualTo(Reason.OTHER_PAIR);
    }

    @Test
    void aLeaderIsNotDisturbedByAnotherPair() {
        Scenario a = Scenario.leadingAlone();
        Term term = new Term(9, B, 1);

        a.hear(leading(term, history(term), 5_000).pair("stranger"));

        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aFreshNodeAdoptsThePairOfTheLeaderThatItFollows() {
        Scenario a = starting(settings(A), Journal.blank(A), 0).connect();
        Term term = new Term(2, B, 101);

        a.hear(leading(term, history(new Term(1, B, 1), term), 140));

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.journal.pairId()).isEqualTo(Scenario.PAIR);
    }

    @Test
    void aFreshNodeThatWinsTheFirstContestGivesThePairItsIdentity() {
        Scenario a = starting(designated(A), Journal.blank(A), 0).connect();

        a.hear(joining(TermHistory.EMPTY, 0).pair(null));

        assertThat(a.report().claim()).isEqualTo(new Term(1, A, 1));
        a.hear(joining(TermHistory.EMPTY, 0).pair(null).consenting(1, A, 0, a.nextPeerCounter()));

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.journal.pairId()).isEqualTo(Scenario.PAIR);
    }

    @Test
    void aFreshNodeThatWinsAContestKeepsThePeersPair() {
        Scenario a = starting(designated(A), Journal.blank(A), 0).connect();

        a.hear(joining(TermHistory.EMPTY, 0).pair("older").highest(3));

        a.hear(
                joining(TermHistory.EMPTY, 0)
                        .pair("older")
                        .consenting(4, A, 0, a.nextPeerCounter()));

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.journal.pairId()).isEqualTo("older");
    }

    private Scenario withoutJournal() {
        Scenario a = starting(settings(A), Journal.blank(A), 30).connect();
        Term term = new Term(2, B, 101);
        a.hear(leading(term, history(new Term(1, B, 1), term), 140)).tick();
        assertThat(a.newest(Action.Compare.class).own()).isEqualTo(TermHistory.EMPTY);
        return a;
    }

    @Test
    void aNodeThatLostItsJournalFollowsIfTheLeaderHoldsAllThatItHolds() {
        Scenario a = withoutJournal();

        a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));

        assertThat(a.did(Action.Tail.class)).isTrue();
        assertThat(a.journal.pairId()).isEqualTo(Scenario.PAIR);
    }

    @Test
    void aNodeThatLostItsJournalWaitsIfItHoldsWhatTheLeaderDoesNot() {
        Scenario a = withoutJournal();

        a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.ORPHANS));
        a.hear(a.leader());

        assertThat(a.state.reason()).isEqualTo(Reason.DIVERGED);
        assertThat(a.did(Action.PrepareResync.class)).isFalse();
    }

    @Test
    void ofTwoFencedNodesTheOneThatLostItsJournalGivesWay() {
        Scenario untold = starting(designated(A), Journal.blank(A), 300).connect();
        untold.hear(joining(SHARED, 100).highest(1));
        assertThat(untold.role()).isEqualTo(Role.JOINING);
        untold.hear(claiming(new Term(2, B, 101), SHARED, 100));
        assertThat(untold.toldConsent().number()).isEqualTo(2);

        Scenario other = Scenario.joining();
        other.hear(joining(TermHistory.EMPTY, 300).pair(null));
        assertThat(other.role()).isEqualTo(Role.PROMOTING);
    }

    @Test
    void theOperatorsChoiceEndsTheWait() {
        Scenario a = Scenario.joining().hear(stranger());
        long request = a.request();

        a.on(new Event.RejoinAsked(a.now, request, "b"));
        a.hear(stranger());

        assertThat(a.answer(request)).isEqualTo(new Answer.Done());
        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.report().standing().contentUnknown()).isTrue();
        assertThat(a.journal.pairId()).isNull();
    }

    @Test
    void theKeptNodeLeadsOnceTheOtherGaveUp() {
        Scenario a = Scenario.joining().hear(stranger());
        a.on(new Event.RejoinAsked(a.now, a.request(), "a"));

        a.hear(joining(TermHistory.EMPTY, 100).pair(null).unknownContent());

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    /// It would join, meet the same leader and wait again.
    @Test
    void contentIsNotKeptBesideALeaderOfAnotherPair() {
        Scenario a = Scenario.joining().hear(strangeLeader());
        long request = a.request();

        a.on(new Event.RejoinAsked(a.now, request, "a"));

        assertThat(((Answer.Refused) a.answer(request)).why())
                .contains("a leader does not give way");
        assertThat(a.state.reason()).isEqualTo(Reason.OTHER_PAIR);

        a.on(new Event.RejoinAsked(a.now, a.request(), "b"));
        assertThat(a.journal.pairId()).isNull();
    }

    private static PeerSays strangeLeader() {
        return leading(new Term(1, B, 1), history(new Term(1, B, 1)), 100).pair("stranger");
    }

    private static PeerSays stranger() {
        return joining(history(new Term(1, B, 1)), 100).pair("stranger");
    }

    @Test
    void aFollowersForeignReportsDoNotCountAsItsOwn() {
        Scenario a = Scenario.leadingAlone();
        Term term = a.leads().term();

        a.hear(following(term, a.journal.history(), 100).pair("stranger").asking(900));

        assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
    }
}
