package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.handingOver;
import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.Scenario.A;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule H1 when the lead comes back within a heartbeat.
class QuickReturnTest {

    /// The fence that the copy set is known without a reading, and an older reading that comes late
    /// makes nobody forget it.
    @Test
    void aFollowerThatTailsKnowsTheFenceOfItsCopyWhateverWasReadOfItLast() {
        Scenario a = Scenario.inSync();
        Mark fence = ((Reading.Face.Fenced) a.server.face).mark();
        Reading late =
                new Reading(
                        a.server.id(),
                        a.server.created(),
                        new Reading.Face.Fenced(new Mark(1, A)),
                        1,
                        100,
                        100L);
        a.on(new Event.StoreAnswered(a.now, 1, a.now, late));

        a.on(HandoverRulesTest.grant(a, 9, new Term(5, A, 101)));

        assertThat(fence).isEqualTo(new Mark(2, A));
        assertThat(a.newest(Action.OpenOwn.class).mark()).isEqualTo(fence);
        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    /// The giver may hear that its follower leads before its grant is answered. What that report
    /// says of being in sync counts: nobody says it again before the next heartbeat.
    @Test
    void theReportThatTellsOfTheNewTermTellsTheGiverThatItIsInSync() {
        Scenario a = HandoverRulesTest.granting();
        Action.Grant grant = a.newest(Action.Grant.class);
        TermHistory history = a.journal.history();

        Scenario told =
                a.hear(leading(grant.term(), history, 100).telling(grant.consent().counter()));

        assertThat(told.follows().sync().granted()).isTrue();
        Scenario other = HandoverRulesTest.granting();
        Term term = other.newest(Action.Grant.class).term();
        other.hear(leading(term, other.journal.history(), 100));
        assertThat(other.follows().sync().granted()).isFalse();
    }

    /// It was in sync from the first moment of the term on, and had no time to copy anything.
    @Test
    void aFollowerBeginsToCopyFromALeaderThatHandsOverAlready() {
        Scenario a = HandoverRulesTest.inSyncButNotTailing();
        Term term = a.follows().term();

        a.hear(handingOver(term, Scenario.SHARED, 101));
        assertThat(a.did(Action.Compare.class)).isFalse();
        a.advance(200);

        assertThat(a.did(Action.Compare.class)).isTrue();
    }

    @Test
    void nothingIsComparedWithALeaderThatHasGrantedTheLead() {
        Scenario a = HandoverRulesTest.inSyncButNotTailing();
        Term term = a.follows().term();

        long next = term.number() + 1;
        a.hear(handingOver(term, Scenario.SHARED, 100).consenting(next, A, 100, 5_000));
        a.advance(200);

        assertThat(a.did(Action.Compare.class)).isFalse();
    }

    @Test
    void aLeaderThatHandsOverStillAnswersWhoIsInSync() {
        Scenario a = Scenario.following();
        Term term = a.follows().term();

        a.hear(handingOver(term, Scenario.SHARED, 100).telling(a.follows().sync().ask()));

        assertThat(a.follows().sync().granted()).isTrue();
    }

    /// Clients of the successor wait for that with every write they send.
    @Test
    void theGiverBeginsToCopyAsSoonAsItHearsItsSuccessorLead() {
        Scenario a = HandoverRulesTest.granting();
        Term term = a.newest(Action.Grant.class).term();

        a.hear(leading(term, a.journal.history(), 100));

        assertThat(a.newest(Action.Compare.class).leader().term()).isEqualTo(term);
    }

    /// Rule F1: the successor copied to the barrier, and the stream is fenced since.
    @Test
    void theGiverCopiesOnBehindItsBarrierFromASuccessorThatCountsOnIt() {
        Scenario a = HandoverRulesTest.granting();
        Action.Grant grant = a.newest(Action.Grant.class);
        Mark fence = ((Reading.Face.Fenced) a.server.face).mark();

        a.hear(leading(grant.term(), a.journal.history(), 130).telling(grant.consent().counter()));

        assertThat(a.did(Action.Compare.class)).isFalse();
        assertThat(a.newest(Action.CopyOn.class))
                .isEqualTo(new Action.CopyOn(a.copy(), 100, "server-b1", fence));
        assertThat(a.follows().session().stage()).isEqualTo(State.Stage.TAILING);
    }

    /// The stream may not be as it was, or the successor's server may have ended.
    @Test
    void whoCouldNotCopyOnCompares() {
        Scenario a = copyingOn();

        a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.OWN, "is not as it was"));
        a.advance(200);

        assertThat(a.did(Action.Compare.class)).isTrue();
    }

    @Test
    void whoHasCopiedOnComparesWhenTheCopyBreaksOff() {
        Scenario a = copyingOn();
        a.on(new Event.Copied(a.now, a.copy(), 130, 0));

        a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "broke off"));
        a.advance(200);

        assertThat(a.did(Action.Compare.class)).isTrue();
    }

    /// It began other terms than the granted one: what it holds is not what it held then.
    @Test
    void theGiverComparesWithASuccessorOfAnotherHistory() {
        Scenario a = HandoverRulesTest.granting();
        Action.Grant grant = a.newest(Action.Grant.class);
        TermHistory other = TermHistory.EMPTY.with(new Term(2, A, 90)).with(grant.term());

        a.hear(leading(grant.term(), other, 130).telling(grant.consent().counter()));

        assertThat(a.did(Action.CopyOn.class)).isFalse();
        assertThat(a.did(Action.Compare.class)).isTrue();
    }

    private static Scenario copyingOn() {
        Scenario a = HandoverRulesTest.granting();
        Action.Grant grant = a.newest(Action.Grant.class);
        a.hear(leading(grant.term(), a.journal.history(), 130).telling(grant.consent().counter()));
        assertThat(a.did(Action.CopyOn.class)).isTrue();
        return a.forget();
    }

    @Test
    void theGiverFollowsASuccessorThatHandsOverAlready() {
        Scenario a = HandoverRulesTest.granting();
        Action.Grant grant = a.newest(Action.Grant.class);

        a.hear(
                handingOver(grant.term(), a.journal.history(), 100)
                        .telling(grant.consent().counter()));

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.follows().sync().granted()).isTrue();
    }
}
