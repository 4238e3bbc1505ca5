package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rule T4: what a node wrote in terms that the leader to which it consented lacks counts no more,
/// whatever that leader loses with the power. It is still there until it is exported.
class LeftOutRulesTest {

    private static final Term FIRST = new Term(1, B, 1);
    private static final Term OWN = new Term(2, A, 51);
    private static final TermHistory MINE = Scenario.history(FIRST, OWN);
    private static final Term CLAIM = new Term(3, B, 121);

    /// What b led with while a led its own second term. Beyond 50 nothing is in both streams.
    private static final TermHistory OTHER = Scenario.history(FIRST, new Term(2, B, 101));

    private static final TermHistory LED = OTHER.with(CLAIM);

    /// Up to 90, of which a led the end alone.
    private Scenario a;

    @BeforeEach
    void start() {
        a = holding(MINE, 90);
    }

    private static Scenario holding(TermHistory history, long lastSeq) {
        Journal journal = Scenario.journal(A, history, lastSeq).withAlone(true);
        return Scenario.starting(Scenario.settings(A), journal, lastSeq).connect();
    }

    private Scenario consented() {
        return a.hear(PeerSays.claiming(CLAIM, OTHER, 120));
    }

    private Scenario following() {
        return consented().hear(leader()).tick();
    }

    /// b has given up by name what a's clients were shown.
    private static PeerSays leader() {
        return PeerSays.leading(CLAIM, LED, 200)
                .jumped(new Jump(3, 51, 200, true, Jump.Stage.DONE));
    }

    private Position position() {
        return a.report().standing().position();
    }

    @Test
    void theLosersOwnTermCountsNoMoreOnceItHasConsented() {
        assertThat(position()).isEqualTo(new Position(2, 90));

        consented();

        assertThat(a.report().pact().consent()).isNotNull();
        assertThat(position()).isEqualTo(new Position(1, 50));
        assertThat(a.report().store().lastSeq()).isEqualTo(90);
    }

    @Test
    void thatIsJournalledBeforeTheConsentIsTold() {
        consented();

        a = a.restarted(Scenario.settings(A)).connect();
        assertThat(position()).isEqualTo(new Position(1, 50));
    }

    @Test
    void norDoesItOnceALeaderIsFollowedThatAskedForNoConsent() {
        a.hear(leader());

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.journal.positionAt(90)).isEqualTo(new Position(1, 50));
    }

    /// b was alone, committed up to 120 and lost the end of it with the power.
    @Test
    void aWinnerThatLostItsEndWinsAgain() {
        following().hear(PeerSays.joining(LED, 90).committed(120).process("b2"));
        a.tick();

        assertThat(a.role()).isEqualTo(Role.JOINING);
        a.hear(PeerSays.claiming(new Term(4, B, 91), LED, 90).committed(120).process("b2"));
        assertThat(a.report().pact().consent()).extracting(Consent::number).isEqualTo(4L);
    }

    @Test
    void aWinnerThatLostEvenWhatBothHadIsLedWithAllThatIsHere() {
        PeerSays less = PeerSays.joining(LED, 40).committed(120).process("b2");
        following().hear(less);

        a.hear(less.consenting(4, A, 40, a.nextPeerCounter()));

        assertThat(a.leads().term()).isEqualTo(new Term(4, A, 91));
        assertThat(a.journal.voidFrom()).isZero();
    }

    @Test
    void ofEqualPositionsTheOneBehindWhichThereIsMoreWins() {
        following().hear(PeerSays.joining(LED, 50).committed(120).designated().process("b2"));

        assertThat(a.report().claim()).isEqualTo(new Term(4, A, 91));
    }

    @Test
    void aWinnerThatLostItsDiskIsLedAlsoWhereNothingWasInCommon() {
        a = holding(Scenario.history(new Term(1, A, 1)), 90);
        a.hear(PeerSays.claiming(CLAIM, Scenario.history(new Term(2, B, 1)), 120));
        assertThat(position()).isEqualTo(Position.NONE);

        a.hear(PeerSays.joining(TermHistory.EMPTY, 0).designated().pair(null).process("b2"));
        a.advance(Timing.DEFAULT.peerTimeout())
                .hear(PeerSays.joining(TermHistory.EMPTY, 0).designated().pair(null).process("b2"));

        assertThat(a.report().claim()).isEqualTo(new Term(4, A, 91));
    }

    /// The winner is gone for good, and its disk with it.
    @Test
    void anOperatorCanLeadWithAllThatIsHere() {
        consented().advance(60_000);
        assertThat(a.role()).isEqualTo(Role.WAITING);

        a.on(new Event.PromoteAsked(a.now, 7, true, "a"));

        assertThat(a.leads().term().startSeq()).isEqualTo(91);
        assertThat(a.journal.voidFrom()).isZero();
    }

    @Test
    void afterTheLeadersStreamWasCopiedAllCounts() {
        following();
        a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.ORPHANS));
        a.on(new Event.ResyncPrepared(a.now, a.copy(), 40));
        assertThat(a.journal.voidFrom()).isEqualTo(51);

        a.on(new Event.StreamReplaced(a.now, a.copy(), a.server.created(), 1, 120));

        assertThat(a.journal.voidFrom()).isZero();
    }

    @Test
    void afterTheLeadersStreamTurnedOutToBeginWithThisOneAllCounts() {
        following();

        a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));

        assertThat(a.journal.voidFrom()).isZero();
    }

    /// It may have been copied from the leader, which is in a term by now that was not heard of.
    @Test
    void whatLiesInATermThatTheLeaderHasCounts() {
        a = holding(Scenario.history(FIRST), 90);
        TermHistory later = Scenario.history(FIRST, new Term(2, B, 81));

        a.hear(PeerSays.claiming(new Term(3, B, 101), later, 100));

        assertThat(a.report().pact().consent()).isNotNull();
        assertThat(position()).isEqualTo(new Position(1, 90));
    }

    /// Rule G3: b's copy holds all of it, so that neither counts less than the other.
    @Test
    void whatTurnsOutToBeCopiedCountsAgain() {
        Origin led = Origin.NONE.leading("server-a0");
        Journal journal = Scenario.journal(A, MINE, 90).withOrigin(led).withVoidFrom(51);
        a = Scenario.starting(Scenario.settings(A), journal, 90).connect();

        a.hear(PeerSays.joining(Scenario.history(FIRST), 100).copied("server-a0", 1));

        assertThat(position()).isEqualTo(new Position(1, 90));
    }

    @Test
    void whatAnOperatorKeepsCountsAgain() {
        Journal journal = Scenario.journal(A, MINE, 90).withResync(true).withVoidFrom(51);
        a = Scenario.starting(Scenario.settings(A), journal, 90).connect();
        a.hear(PeerSays.joining(OTHER, 120).unknownContent());
        assertThat(a.role()).isEqualTo(Role.WAITING);

        a.on(new Event.RejoinAsked(a.now, 7, "a"));

        assertThat(a.journal.positionAt(90)).isEqualTo(new Position(2, 90));
    }
}
