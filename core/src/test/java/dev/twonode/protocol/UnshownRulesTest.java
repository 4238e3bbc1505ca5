package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule J2: what a leader wrote in a term of which its follower in sync had nothing when it took
/// over, nobody was shown.
class UnshownRulesTest {

    private static final Term FIRST = new Term(1, A, 1);

    /// The term of b, which ended before a had copied any of it.
    private static final Term ENDED = new Term(2, B, 101);

    /// What b holds when it comes back: five messages of its term.
    private static PeerSays back() {
        return joining(history(FIRST, ENDED), 105).committed(100);
    }

    private static Scenario killed(Scenario a) {
        return a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
    }

    /// a took over from b and leads from the sequence at which b's term began.
    private static Scenario tookOver() {
        Scenario a = killed(Scenario.inSync());
        a.server.fill(120, "w");
        return a.advance(300).forget();
    }

    private static Scenario restarted(Scenario a) {
        a.server.face = new Reading.Face.Open();
        return a.restarted(settings(A)).connect();
    }

    /// Wins the contest with this peer, which consents.
    private static Scenario wins(Scenario a, PeerSays loser) {
        a.hear(loser);
        Term claim = ((State.Phase.Claiming) ((State.Promoting) a.state).phase()).claim();
        return a.hear(loser.consenting(claim.number(), A, 0, a.nextPeerCounter()));
    }

    private static Scenario meetsLeader(Journal journal, PeerSays leader) {
        return starting(settings(A), journal, 105).connect().hear(leader);
    }

    @Test
    void whoTookOverInSyncRemembersTheTermOfWhichItHadNothing() {
        Scenario a = tookOver();

        assertThat(a.journal.history()).isEqualTo(history(FIRST, new Term(3, A, 101)));
        assertThat(a.journal.unshown()).isEqualTo(ENDED);
        assertThat(a.report().standing().unshown()).containsExactly(ENDED);
    }

    @Test
    void itLeadsOnWhenTheOtherOneComesBackWithWhatNobodyWasShown() {
        Scenario a = tookOver();

        a.hear(back());

        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void norDoesItGiveUpAnyOfThatInALaterContest() {
        Scenario a = restarted(tookOver());

        wins(a, back());

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.did(Action.JumpOwn.class)).isFalse();
    }

    @Test
    void norForOneWhoseStoreDoesNotAnswer() {
        Journal journal = journal(A, history(FIRST, new Term(3, A, 101)), 120);
        Scenario a = starting(settings(A), journal.withUnshown(ENDED), 120).connect();

        wins(a, back().withoutStore());

        assertThat(a.role()).isEqualTo(Role.LEADING);
        assertThat(a.did(Action.JumpOwn.class)).isFalse();
    }

    @Test
    void whoComesBackFollowsTheOneThatTookOverAtOnce() {
        Term ended = new Term(2, A, 101);
        Term term = new Term(3, B, 101);
        PeerSays leader = PeerSays.leading(term, history(FIRST, term), 300).unshown(ended);

        Scenario a = meetsLeader(journal(A, history(FIRST, ended), 100), leader);

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void whatIsKnownToBeCommittedWasShownAllTheSame() {
        Scenario a = tookOver();

        a.hear(joining(history(FIRST, ENDED), 105).committed(103));

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    @Test
    void whatTheOtherOneWroteInALaterTermMayHaveBeenShown() {
        Scenario a = tookOver();

        a.hear(joining(history(FIRST, ENDED, new Term(3, B, 104)), 105).committed(100));

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    @Test
    void ofATermOfWhichSomethingIsHereNothingHasToBeRemembered() {
        Scenario a = Scenario.inSync();
        a.server.fill(103, "w");
        a.on(new Event.Copied(a.now, a.copy(), 103, 0));

        killed(a);

        assertThat(a.journal.history()).isEqualTo(history(FIRST, ENDED, new Term(3, A, 104)));
        assertThat(a.journal.unshown()).isNull();
    }

    /// It gives up the revisions that may have been shown.
    @Test
    void ofAHastyLeadersTermNobodyCanSayThatNothingWasShown() {
        Scenario a = Scenario.inSync();
        a.hear(a.leader().telling(a.follows().sync().ask()).ahead(50));

        killed(a);

        assertThat(a.journal.unshown()).isNull();
    }

    @Test
    void norCanAnOperatorWhoForcesIt() {
        Scenario a = Scenario.following();
        a.advance(1_600);

        a.on(new Event.PromoteAsked(a.now, a.request(), true, "a"));

        assertThat(a.journal.history().terms()).doesNotContain(ENDED);
        assertThat(a.journal.unshown()).isNull();
    }

    @Test
    void aTakeoverThatDoesNotGetToTheJournalProvesNothing() {
        Scenario a = Scenario.inSync();
        a.watcher =
                (_, step) ->
                        a.journalWritable =
                                !(step.state() instanceof State.Promoting p) || !p.isCertain();

        killed(a);

        assertThat(a.state.reason()).isEqualTo(Reason.JOURNAL_FAILED);
        assertThat(a.state.memory().journal().unshown()).isNull();
    }

    @Test
    void whoFollowsAgainForgetsIt() {
        Scenario a = restarted(tookOver());
        Term term = new Term(9, B, 121);

        a.hear(PeerSays.leading(term, history(FIRST, new Term(3, A, 101), term), 120));

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.journal.unshown()).isNull();
    }

    /// Both have to decide alike, and an agent of an earlier version takes its term for unheard of.
    @Test
    void withAnAgentOfAnEarlierVersionItIsAsIfNobodyRemembered() {
        Scenario a = tookOver();
        a.hear(back().earlierVersion());
        assertThat(a.role()).isEqualTo(Role.PROMOTING);

        Term ended = new Term(2, A, 101);
        Term term = new Term(3, B, 101);
        PeerSays leader = PeerSays.leading(term, history(FIRST, term), 300).earlierVersion();
        Scenario other = meetsLeader(journal(A, history(FIRST, ended), 100), leader);
        assertThat(other.role()).isEqualTo(Role.JOINING);
    }
}
