package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rule G3: a leader alone whose store lost its end to the power, and the fence with it, beside the
/// one that had copied all of it without having heard of its last terms.
class CopiedLeaderRulesTest {

    private static final Term FIRST = new Term(1, A, 1);
    private static final TermHistory MINE =
            Scenario.history(FIRST, new Term(2, A, 51), new Term(3, A, 81));
    private static final String LED = "server-a0";

    /// a led terms 1 to 3 in one server process. Up to 100 its stream has survived that.
    private Scenario a;

    @BeforeEach
    void start() {
        a = restarted(true);
    }

    private static Scenario restarted(boolean alone) {
        Journal journal =
                Scenario.journal(A, MINE, 100)
                        .withAlone(alone)
                        .withOrigin(Origin.NONE.leading(LED));
        return Scenario.starting(Scenario.settings(A), journal, 100);
    }

    private static PeerSays copy(long lastSeq, Term... terms) {
        return PeerSays.joining(Scenario.history(terms), lastSeq).copied(LED, 1);
    }

    @Test
    void itGivesWayToTheCopyThatGoesFurther() {
        a.connect().hear(copy(120, FIRST));

        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.report().standing().position()).isEqualTo(new Position(1, 100));
        assertThat(a.journal.alone()).isFalse();
        a.hear(PeerSays.claiming(new Term(4, B, 121), Scenario.history(FIRST), 120));
        assertThat(a.report().pact().consent()).extracting(Consent::number).isEqualTo(4L);
    }

    @Test
    void itWinsOverACopyThatIsShorter() {
        a.connect().hear(copy(90, FIRST));

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    /// That one tells nothing of what was written in the process in which the last term was led.
    @Test
    void itWinsOverTheCopyOfAnEarlierProcess() {
        a.connect();

        a.hear(PeerSays.joining(Scenario.history(FIRST), 120).copied("server-a-1", 1));

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    @Test
    void itWinsOverACopyWhoseContentIsUnknown() {
        a.connect().hear(copy(120, FIRST).unknownContent());

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    /// It took the lead, with the number that a had used, and wrote nothing in that term.
    @Test
    void itGivesWayToTheCopyThatLedOnFromBeyondThatEnd() {
        a.connect().hear(copy(120, FIRST, new Term(2, B, 121)));

        assertThat(a.report().standing().position()).isEqualTo(new Position(1, 100));
    }

    @Test
    void itWinsOverACopyThatLedOnFromBeforeThatEnd() {
        a.connect().hear(copy(120, FIRST, new Term(2, B, 91)));

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
    }

    @Test
    void whatWasHeardBeforeItsStreamWasFencedCounts() {
        a.hear(copy(120, FIRST)).connect();

        assertThat(a.role()).isEqualTo(Role.JOINING);
    }

    /// The peer's store was down when a claimed the lead.
    @Test
    void aConsentThatComesWithTheCopyIsNotTaken() {
        a = restarted(false).connect();
        a.hear(copy(0, FIRST).withoutStore());
        assertThat(a.report().claim()).isEqualTo(new Term(4, A, 101));

        a.hear(copy(120, FIRST).consenting(4, A, 120, a.nextPeerCounter()));

        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.did(Action.OpenOwn.class)).isFalse();
    }

    /// It had waited in vain for the peer.
    @Test
    void thePromotionWithTheSoleRightIsDropped() {
        a.connect();
        a.server.answering = false;
        a.advance(Timing.DEFAULT.retry());
        assertThat(a.role()).isEqualTo(Role.PROMOTING);

        a.hear(copy(120, FIRST));

        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.journal.alone()).isFalse();
    }

    /// Clients were shown what they did in a later term (rule C2).
    @Test
    void nobodyGoesBackToATermBelowThose() {
        a.connect().hear(copy(120, FIRST));
        Term term = new Term(2, B, 121);

        a.hear(PeerSays.leading(term, Scenario.history(FIRST, term), 120));

        assertThat(a.role()).isEqualTo(Role.JOINING);
    }

    @Test
    void aLeaderRemembersInWhichServerProcessItLeads() {
        a.connect().advance(Timing.DEFAULT.retry());

        assertThat(a.leads().term().number()).isEqualTo(4);
        assertThat(a.journal.origin().led()).isEqualTo(a.server.reading().serverId());
    }

    @Test
    void aFollowerRemembersFromWhichServerProcessItCopiesAndSaysSo() {
        Scenario follower = Scenario.following();

        assertThat(follower.journal.origin()).isEqualTo(new Origin(null, "server-b1", 2));
        assertThat(follower.report().standing().origin()).isEqualTo(follower.journal.origin());
    }

    /// It has to, when the leader's end comes before anything else.
    @Test
    void itDoesBeforeItCopies() {
        Scenario follower = Scenario.joining();
        follower.hear(follower.leader()).tick().forget();
        follower.on(new Event.Compared(follower.now, follower.copy(), Event.Comparison.PREFIX));

        assertThat(follower.actions())
                .extracting(Object::getClass)
                .containsSubsequence(Action.Persist.class, Action.Tail.class);
    }

    @Test
    void itForgetsThatWithAJournalThatIsOlderThanItsStream() {
        Journal older =
                Scenario.journal(A, MINE, 100).withOrigin(Origin.NONE.copying("server-b1", 1));
        Scenario node = Scenario.starting(Scenario.settings(A), older, 100);
        node.server.face = new Reading.Face.Fenced(new Mark(9, A));

        node.connect();

        assertThat(node.journal.origin()).isEqualTo(Origin.NONE);
    }
}
