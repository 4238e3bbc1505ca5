package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule C1: what a leader makes of an acknowledgement that it hears from the follower's server.
class AcknowledgementRulesTest {

    private static final Term TERM = new Term(2, A, 101);
    private static final long COPY = 17;

    @Test
    void commitsWhatTheFollowersServerStoredBeforeItsAgentSaysSo() {
        Scenario a = leading();

        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 115));

        assertThat(commit(a)).isEqualTo(115);
    }

    @Test
    void anAcknowledgementThatComesLateChangesNothing() {
        Scenario a = leading();
        a.on(new Event.ProgressHeard(a.now, a.peer(), TERM, 118));

        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 115));

        assertThat(commit(a)).isEqualTo(118);
    }

    @Test
    void aCopyThatTheFollowerDoesNotTellOfCountsForNothing() {
        Scenario a = leading();

        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY - 1, 115));
        a.on(new Event.CopyAcknowledged(a.now, "b1", 0, 115));

        assertThat(commit(a)).isEqualTo(100);
    }

    @Test
    void aFollowerThatCopiesNothingHasNoCopy() {
        Scenario a = leading();
        a.hear(PeerSays.following(TERM, a.journal.history(), 100).inSync());

        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 115));
        a.on(new Event.CopyAcknowledged(a.now, "b1", 0, 115));

        assertThat(commit(a)).isEqualTo(100);
    }

    @Test
    void anEndedProcessCountsForNothing() {
        Scenario a = leading();

        a.on(new Event.CopyAcknowledged(a.now, "b0", COPY, 115));

        assertThat(commit(a)).isEqualTo(100);
    }

    @Test
    void whatWasAcknowledgedToTheCopyBeforeIsForgotten() {
        Scenario a = leading();
        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 115));

        a.hear(PeerSays.following(TERM, a.journal.history(), 100).copying(COPY + 1).inSync());

        assertThat(a.leads().follower().durable()).isEqualTo(100);
    }

    @Test
    void theFollowerBecomesInSyncByItsOwnWordOnly() {
        Scenario a = Scenario.leadingAlone();
        a.server.fill(120, "w");
        a.on(new Event.SequenceSeen(a.now, 2, 120));
        a.hear(PeerSays.following(TERM, a.journal.history(), 110).copying(COPY).asking(900));

        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 120));
        assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);

        a.on(new Event.ProgressHeard(a.now, a.peer(), TERM, 120));
        assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
    }

    @Test
    void theFollowerHasReachedTheBarrierWhenItKnowsThatItHas() {
        Scenario a = leading();
        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 120));

        a.on(new Event.StepDownAsked(a.now, 1));
        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 120));
        assertThat(a.did(Action.Grant.class)).isFalse();

        a.on(new Event.ProgressHeard(a.now, a.peer(), TERM, 120));
        assertThat(a.newest(Action.Grant.class).term()).isEqualTo(new Term(3, B, 121));
    }

    @Test
    void aFollowerTellsByWhichCopyItsStreamGrows() {
        Scenario a = Scenario.following();

        assertThat(a.report().pact().copy()).isEqualTo(a.copy());
        assertThat(Scenario.joining().report().pact().copy()).isZero();
    }

    @Test
    void aLeaderTellsWhichCopyItHears() {
        Scenario a = leading();
        assertThat(a.report().pact().copy()).isZero();

        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 115));

        assertThat(a.report().pact().copy()).isEqualTo(COPY);
        assertThat(a.newest(Action.Tell.class).report().pact().copy()).isEqualTo(COPY);
    }

    @Test
    void aLeaderThatLostItsWayToTheFollowersServerHearsNoCopy() {
        Scenario a = leading();
        a.on(new Event.CopyAcknowledged(a.now, "b1", COPY, 115));

        a.on(new Event.PeerLink(a.now, Peer.Link.DOWN));

        assertThat(a.newest(Action.Tell.class).report().pact().copy()).isZero();
        assertThat(commit(a)).isEqualTo(115);
    }

    @Test
    void aFollowerWhoseCopyIsHeardLeavesItToItsReports() {
        Scenario a = Scenario.inSync();
        a.hear(a.leader().copying(a.copy()));

        a.on(new Event.Copied(a.now, a.copy(), 120, 0));

        assertThat(a.did(Action.TellProgress.class)).isFalse();
        assertThat(a.report().pact().progress()).isEqualTo(120);
        assertThat(a.follows().sync().reported()).isEqualTo(120);
    }

    @Test
    void aFollowerWhoseCopyIsNotHeardTellsOfEveryStep() {
        Scenario a = Scenario.inSync();
        a.hear(a.leader().copying(a.copy() - 1));

        a.on(new Event.Copied(a.now, a.copy(), 120, 0));

        assertThat(a.newest(Action.TellProgress.class).lastSeq()).isEqualTo(120);
    }

    @Test
    void aLeaderThatHandsOverIsToldAtOnceWhatItKnewFromTheServerOnly() {
        Scenario a = Scenario.inSync();
        a.hear(a.leader().copying(a.copy()));
        a.on(new Event.Copied(a.now, a.copy(), 120, 0)).forget();

        a.hear(PeerSays.handingOver(a.follows().term(), a.journal.history(), 120));
        assertThat(a.newest(Action.TellProgress.class).lastSeq()).isEqualTo(120);

        a.on(new Event.Copied(a.now, a.copy(), 121, 0));
        assertThat(a.newest(Action.TellProgress.class).lastSeq()).isEqualTo(121);
    }

    /// a leads with b in sync, which has told of its copy; 20 messages are under way.
    private static Scenario leading() {
        Scenario a = Scenario.leadingBoth();
        a.hear(PeerSays.following(TERM, a.journal.history(), 100).copying(COPY).inSync());
        a.server.fill(120, "w");
        return a.tick().forget();
    }

    private static long commit(Scenario a) {
        return a.leads().memory().commit();
    }
}
