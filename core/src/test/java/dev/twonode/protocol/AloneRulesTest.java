package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.PeerSays.says;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules A1 to A4: leading without the peer, and coming back together.
class AloneRulesTest {

    private static State.Mode mode(Scenario a) {
        return a.leads().mode();
    }

    /// Rule A1.
    @Nested
    class GoingAlone {

        @Test
        void aSilentFollowerStartsANewTermWithTheSoleRight() {
            Scenario a = Scenario.leadingBoth();

            a.silence(1_600, false);

            assertThat(a.leads().term().number()).isEqualTo(3);
            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
            assertThat(a.journal.alone()).isTrue();
            assertThat(a.server.isOpen()).isTrue();
        }

        @Test
        void theStreamIsReadBeforeAndBehindTheJournal() {
            Scenario a = Scenario.leadingBoth().silence(1_450, false).forget();

            a.silence(100, false);

            List<String> order =
                    a.actions().stream()
                            .filter(it -> !(it instanceof Action.Tell))
                            .map(it -> it.getClass().getSimpleName())
                            .toList();
            assertThat(order).containsSubsequence("Persist", "ReadOwn", "Persist", "ReadOwn");
        }

        @Test
        void aMarkFoundBehindTheJournalEndsTheRightThatWasJustWritten() {
            Scenario a = Scenario.leadingBoth().silence(1_450, false);
            a.server.answering = false;
            a.silence(100, false);
            long first = ((State.Change.Numbered) a.leads().change()).op();
            a.on(new Event.StoreAnswered(a.now, first, a.now, a.server.reading()));
            assertThat(a.journal.alone()).isTrue();
            long second = ((State.Change.Confirming) a.leads().change()).op();
            a.server.fence(new Mark(2, B));

            a.on(new Event.StoreAnswered(a.now, second, a.now, a.server.reading()));

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.role()).isNotEqualTo(Role.LEADING);
        }

        @Test
        void nobodyIsToldInSyncWhileTheNewTermIsUnderWay() {
            Scenario a = Scenario.leadingBoth().silence(1_450, false);
            a.server.answering = false;
            a.silence(100, false);
            long first = ((State.Change.Numbered) a.leads().change()).op();
            a.on(new Event.StoreAnswered(a.now, first, a.now, a.server.reading()));

            a.hear(a.follower().asking(901));

            assertThat(a.journal.alone()).isTrue();
            assertThat(a.report().pact().told()).isNotEqualTo(901);
        }

        @Test
        void aFollowerWhoseServerEndedAndWhoseAgentIsSilentIsNotWaitedForAnyLonger() {
            Scenario a = Scenario.leadingBoth().on(refused());
            a.silence(450, false);
            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);

            a.silence(100, false);

            assertThat(a.leads().term().number()).isEqualTo(3);
            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
            assertThat(a.state.reason()).isEqualTo(Reason.FOLLOWER_KILLED);
            assertThat(a.journal.alone()).isTrue();
        }

        private Event refused() {
            return new Event.PeerLink(Scenario.leadingBoth().now, Peer.Link.REFUSED);
        }

        @Test
        void aFollowerWhoseServerEndedIsWaitedForWhileItsAgentIsHeard() {
            Scenario a = Scenario.leadingBoth().on(refused());

            a.silence(450, false).hear(a.follower().asking(900).inSync()).silence(450, false);

            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void aSilentFollowerWhoseServerIsBackIsWaitedForUntilTheTimeOut() {
            Scenario a = Scenario.leadingBoth().on(refused()).silence(450, false);

            a.on(new Event.PeerLink(a.now, Peer.Link.UP)).silence(900, false);

            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void aLostConnectionIsNoProofThatTheFollowersServerEnded() {
            Scenario a = Scenario.leadingBoth();

            a.on(new Event.PeerLink(a.now, Peer.Link.DOWN)).silence(1_400, false);

            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void aLeaderThatDidNotRunBelievesNoRefusedDialBeforeItHasHeardTheFollower() {
            Scenario a = Scenario.leadingBoth().sleep(600);

            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED)).silence(3_000, false);

            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void aMarkOfAFollowerThatTookOverBeforeItsServerEndedStopsTheLeader() {
            Scenario a = Scenario.leadingBoth().on(refused()).silence(450, false);
            a.server.fence(new Mark(3, B));

            a.silence(100, false);

            assertThat(a.role()).isNotEqualTo(Role.LEADING);
            assertThat(a.journal.alone()).isFalse();
        }

        @Test
        void aLeaderThatShallStopWaitsForItsFollower() {
            Scenario a = Scenario.leadingBothOrNothing().silence(5_000, false);

            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
            assertThat(a.journal.alone()).isFalse();

            TermHistory taken = history(new Term(1, A, 1), new Term(3, B, 101));
            a.hear(leading(new Term(3, B, 101), taken, 101));

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        /// Otherwise nobody could write while a paused follower is restarted.
        @Test
        void aPausedLeaderGoesOnAlone() {
            Scenario a = Scenario.leadingBoth().on(new Event.PauseAsked(0, 1, true));
            a.now = Scenario.leadingBoth().now;

            a.silence(5_000, false);

            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
        }
    }

    /// Rule A2.
    @Nested
    class UselessFollower {

        private Scenario stalled() {
            Scenario a = Scenario.leadingBoth();
            PeerSays still = a.follower().asking(900).inSync();
            a.server.fill(150, "w");
            for (int i = 0; i < 40; i++) {
                a.hear(still).tick();
            }
            return a;
        }

        @Test
        void aFollowerThatStandsStillIsAskedToLeave() {
            assertThat(stalled().report().pact().leave()).isTrue();
        }

        @Test
        void aFollowerThatMovesOrHasAllIsNot() {
            Scenario a = Scenario.leadingBoth();
            for (int i = 0; i < 40; i++) {
                a.hear(a.follower().asking(900).inSync()).tick();
            }

            assertThat(a.report().pact().leave()).isFalse();
        }

        @Test
        void aFollowerThatIsAskedToLeaveConsentsInItsNextReport() {
            Scenario a = Scenario.inSync();

            a.hear(a.leader().telling(a.follows().sync().ask()).askingToLeave());

            assertThat(a.told().pact().consent()).isNotNull();
            assertThat(a.told().pact().inSync()).isFalse();
        }

        @Test
        void evenAFollowerThatIsNotInSyncConsents() {
            Scenario a = Scenario.following().advance(300);
            long first = a.toldConsent().counter();

            a.hear(a.leader().askingToLeave());

            assertThat(a.toldConsent().counter()).isGreaterThan(first);
        }

        @Test
        void aNodeThatWaitsOrHasNoStoreConsentsToo() {
            Scenario down = Scenario.joining().loseServer();
            Scenario waits = Scenario.following();
            waits.on(new Event.Compared(waits.now, waits.copy(), Event.Comparison.UNRELATED));
            Term term = new Term(2, B, 101);
            TermHistory terms = history(new Term(1, A, 1), term);

            for (Scenario a : List.of(down, waits)) {
                a.forget().hear(leading(term, terms, 200).askingToLeave());
                assertThat(a.toldConsent().number()).isEqualTo(2);
            }
        }

        @Test
        void theConsentFreesTheLeader() {
            Scenario a = stalled();

            a.hear(a.follower().consenting(2, A, 100, 902));

            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
        }
    }

    /// Rule A3.
    @Nested
    class ComingBack {

        @Test
        void theSoleRightEndsDurablyBeforeTheFollowerIsTold() {
            Scenario a = Scenario.leadingAlone();
            a.journalWritable = false;

            a.hear(a.follower().asking(900));

            assertThat(a.actions(Action.Tell.class))
                    .noneMatch(tell -> tell.report().pact().told() == 900);
            assertThat(a.journal.alone()).isTrue();
        }

        @Test
        void aFollowerThatHasEverythingIsToldAgainAndAgain() {
            Scenario a = Scenario.leadingAlone().hear(followerOf(100).asking(900));

            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
            assertThat(a.told().pact().told()).isEqualTo(900);
            a.forget().advance(300);
            assertThat(a.told().pact().told()).isEqualTo(900);
        }

        @Test
        void aFollowerThatIsFarAwayIsNotWaitedFor() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(5_000, "w");
            a.advance(300);

            a.hear(followerOf(3_000).asking(900));

            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
            assertThat(a.leads().follower().target()).isZero();
        }

        @Test
        void nothingNewIsCommittedUntilTheFollowerReachedWhatWasShown() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(200, "w");
            a.advance(300).hear(followerOf(150).asking(900));
            assertThat(a.leads().follower().target()).isEqualTo(200);
            a.server.fill(260, "w");

            a.advance(300);

            assertThat(a.report().store().lastSeq()).isEqualTo(260);
            assertThat(a.report().store().commitSeq()).isEqualTo(200);
            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
            a.hear(followerOf(200).asking(900));
            assertThat(mode(a)).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void aTermOpenedAloneStartsWithItsOwnLastSequenceAsShown() {
            Scenario a = Scenario.leadingAlone();

            assertThat(a.report().store().commitSeq()).isEqualTo(100);
            a.hear(followerOf(99).asking(900));
            assertThat(mode(a)).isEqualTo(State.Mode.ALONE);
        }

        @Test
        void itIsAbandonedAfterTwoHeartbeatsWhileAloneStillStands() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(200, "w");
            a.advance(300).hear(followerOf(150).asking(900));
            a.server.fill(260, "w");

            a.advance(800);

            assertThat(a.leads().follower().target()).isZero();
            assertThat(a.report().store().commitSeq()).isEqualTo(260);
        }

        private static PeerSays followerOf(long lastSeq) {
            Term term = new Term(2, A, 101);
            return PeerSays.following(term, history(new Term(1, A, 1), term), lastSeq);
        }
    }

    /// Rule A4.
    @Nested
    class EndOfTheSoleRight {

        private Scenario holding() {
            return starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100).connect();
        }

        @Test
        void itEndsBeforeTheNodeFollows() {
            Scenario a = holding();

            a.hear(a.leader());

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
            assertThat(a.journal.alone()).isFalse();
        }

        @Test
        void itEndsBeforeAConsentIsTold() {
            Scenario a = holding();
            a.hear(PeerSays.claiming(new Term(5, B, 201), SHARED, 200));

            assertThat(a.told().pact().consent()).isNotNull();
            assertThat(a.journal.alone()).isFalse();
        }

        /// Without an identity of a pair nobody can say that the leader is of the same.
        @Test
        void itEndsBeforeALeaderOfAnUnknownPairIsFollowed() {
            Scenario a = starting(settings(A), Journal.blank(A).withAlone(true), 0).connect();

            a.hear(a.leader());

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
            assertThat(a.journal.alone()).isFalse();
        }

        @Test
        void itEndsWhenAHigherLedTermIsHeardOf() {
            Scenario leads = Scenario.leadingAlone();
            Scenario joins = holding();
            Scenario hasNoStore = holding().loseServer();
            Term term = new Term(9, B, 90);

            for (Scenario a : List.of(leads, joins, hasNoStore)) {
                a.hear(leading(term, history(new Term(1, A, 1), term), 95));
                assertThat(a.journal.alone()).isFalse();
            }
        }

        @Test
        void aLowerLedTermDoesNotEndIt() {
            Scenario a = Scenario.leadingAlone();
            Term lower = new Term(1, A, 1);

            a.hear(leading(lower, history(lower), 50));

            assertThat(a.journal.alone()).isTrue();
        }

        @Test
        void aPeerThatIsOnlyStartingDoesNotEndIt() {
            Scenario a = holding();

            a.hear(says(Role.STARTING).highest(50));

            assertThat(a.journal.alone()).isTrue();
        }
    }

    /// Rule A1, found by a seed: it never told anybody in sync again.
    @Test
    void aChangeOfTermGoesOnWithTheNextReadingWhereOneFailed() {
        Scenario numbered = confirming(false);
        Scenario confirming = confirming(true);
        for (Scenario a : List.of(numbered, confirming)) {
            a.on(new Event.StoreFailed(a.now, a.pendingOp(), false, "timed out"));
            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);

            a.server.answering = true;
            a.silence(500, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }
    }

    /// a is about to go alone, and its server answers no more.
    ///
    /// @param read whether it still answered where the term begins
    private static Scenario confirming(boolean read) {
        Scenario a = Scenario.leadingBoth().silence(1_450, false);
        a.server.answering = false;
        a.silence(100, false);
        if (read) {
            a.on(new Event.StoreAnswered(a.now, a.pendingOp(), a.now, a.server.reading()));
        }
        return a;
    }
}
