package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.PeerSays.says;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.designated;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules T1 to T5: what a term is, and which node gets the next one.
class TermRulesTest {

    /// Rule T1.
    @Nested
    class Numbers {

        @Test
        void aNumberIsJournalledBeforeItsBarrierIsTaken() {
            Scenario a = Scenario.leadingAlone().forget();
            a = a.restarted(settings(A)).connect().advance(1_000);

            List<Action> actions = a.actions();
            int persisted = indexOfPersist(a, 3);
            int fenced =
                    actions.indexOf(
                            new Action.FenceOwn(fenceOp(a, 3), new Mark(3, A), Care.CHANGES));
            assertThat(persisted).isNotNegative().isLessThan(fenced);
        }

        @Test
        void theNextNumberIsAboveTheJournalsAndThePeers() {
            Scenario a = Scenario.joining();

            a.hear(joining(SHARED, 50).highest(41));

            assertThat(a.journal.highestTerm()).isEqualTo(42);
        }

        @Test
        void aTermStartsAfterTheLastSequenceReadBehindTheOwnBarrier() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100);
            a.connect();
            a.server.fill(107, "late");

            a.advance(1_000);

            assertThat(a.leads().term()).isEqualTo(new Term(2, A, 108));
        }

        @Test
        void aLeadersNewTermStartsAfterWhatWasReadBehindTheJournalledNumber() {
            Scenario a = Scenario.leadingBoth();
            a.server.fill(130, "w");

            a.silence(1_600, false);

            assertThat(a.leads().term()).isEqualTo(new Term(3, A, 131));
        }

        private static int indexOfPersist(Scenario a, long number) {
            return a.actions().stream()
                    .filter(action ->
                            action instanceof Action.Persist(Journal j)
                                    && j.highestTerm() == number)
                    .findFirst()
                    .map(a.actions()::indexOf)
                    .orElse(-1);
        }

        private static long fenceOp(Scenario a, long number) {
            return a.actions(Action.FenceOwn.class).stream()
                    .filter(fence -> fence.mark().term() == number)
                    .findFirst()
                    .orElseThrow()
                    .op();
        }
    }

    /// Rule T2.
    @Nested
    class Tenure {

        @Test
        void aLeaderWhoseStreamWasReplacedEndsItsTerm() {
            Scenario a = Scenario.leadingAlone();
            a.server.replace(List.of("x"), new Mark(0, A));
            a.server.face = new Reading.Face.Open();

            a.advance(300);

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.state.reason()).isEqualTo(Reason.STREAM_CHANGED);
        }

        @Test
        void aLeaderWhoseStreamIsMissingEndsItsTerm() {
            Scenario a = Scenario.leadingAlone();
            a.server.exists = false;

            a.advance(300);

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aLeaderWhoseServerWasRestartedInBetweenEndsItsTerm() {
            Scenario a = Scenario.leadingAlone();
            a.server.start();

            a.advance(250);

            assertThat(a.role()).isNotEqualTo(Role.LEADING);
            assertThat(a.server.isOpen()).isFalse();
        }

        @Test
        void aLeaderReadsItsStreamAtEveryReconnect() {
            Scenario a = Scenario.leadingBoth();
            a.server.start();

            a.connect();

            assertThat(a.role()).isNotEqualTo(Role.LEADING);
        }

        @Test
        void aHandoverBehindARestartedServerTakesNoBarrier() {
            Scenario a = Scenario.leadingBoth();
            a.server.answering = false;
            a.on(new Event.StepDownAsked(a.now, a.request()));
            a.server.lose(90);
            a.server.start();

            a.connect();

            assertThat(a.did(Action.Grant.class)).isFalse();
            assertThat(a.role()).isNotEqualTo(Role.HANDING_OVER);
        }

        @Test
        void aPromotionBehindARestartedServerIsDropped() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
            long op = a.newest(Action.FenceOwn.class).op();
            a.server.lose(90);
            a.server.start();

            a.on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));

            assertThat(a.role()).isNotIn(Role.LEADING, Role.PROMOTING);
        }

        @Test
        void aFollowerLeavesALeaderWhoseServerWasRestarted() {
            Scenario a = Scenario.inSync();

            a.hear(a.leader().server("server-b2"));

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
            assertThat(a.follows().sync().granted()).isFalse();
            assertThat(a.did(Action.StopCopy.class)).isTrue();
        }

        @Test
        void anAgentThatStartsAnewDoesNotGoOnWithItsOldTerm() {
            Scenario a = Scenario.leadingAlone().restarted(settings(A)).connect();

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.server.isOpen()).isFalse();
        }

        @Test
        void aNodeSaysThatItLeadsOnlyAfterItsServerAnswered() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100);
            a.connect().advance(950);
            a.server.answering = false;

            a.advance(100);

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
            assertThat(a.report().leads()).isFalse();
        }
    }

    /// Rule T3.
    @Nested
    class Histories {

        @Test
        void aTermDropsEveryEntryThatStartsAtOrAfterIt() {
            TermHistory before = history(new Term(1, A, 1), new Term(2, B, 50), new Term(3, A, 80));

            assertThat(before.with(new Term(4, B, 50)))
                    .isEqualTo(history(new Term(1, A, 1), new Term(4, B, 50)));
        }

        @Test
        void entriesAreCommonOnlyWhenAllThreeFieldsAreEqual() {
            TermHistory mine = history(new Term(1, A, 1), new Term(2, A, 50));

            assertThat(mine.forkWith(60, history(new Term(1, A, 1), new Term(2, B, 50)), 70))
                    .contains(49L);
            assertThat(mine.forkWith(60, history(new Term(1, A, 1), new Term(2, A, 51)), 70))
                    .contains(49L);
            assertThat(mine.forkWith(60, history(new Term(1, B, 1)), 70)).contains(0L);
            assertThat(mine.forkWith(60, TermHistory.EMPTY, 70)).isEmpty();
        }

        @Test
        void aSidesEndIsTheNextTermsStartOrItsLastSequence() {
            TermHistory mine = history(new Term(1, A, 1), new Term(2, A, 50));

            assertThat(mine.forkWith(40, history(new Term(1, A, 1)), 70)).contains(40L);
            assertThat(mine.forkWith(60, history(new Term(1, A, 1)), 70)).contains(49L);
            assertThat(mine.forkWith(60, history(new Term(1, A, 1)), 30)).contains(30L);
        }
    }

    /// Rule T4.
    @Nested
    class Contests {

        @Test
        void theGreaterPositionClaims() {
            Scenario a = Scenario.joining();

            a.hear(joining(SHARED, 99).designated());

            assertThat(a.report().claim()).isEqualTo(new Term(2, A, 101));
        }

        @Test
        void theTermCountsBeforeTheSequence() {
            Scenario a = Scenario.joining();

            a.hear(joining(history(new Term(1, A, 1), new Term(2, B, 50)), 60));

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.report().claim()).isNull();
        }

        @Test
        void equalPositionsGoToTheDesignatedNodeThenToTheSmallerName() {
            Scenario plain = Scenario.joining().hear(joining(SHARED, 100));
            Scenario other = Scenario.joining().hear(joining(SHARED, 100).designated());
            Scenario named =
                    starting(
                                    settings(new NodeName("c")),
                                    journal(new NodeName("c"), SHARED, 100),
                                    100)
                            .connect()
                            .hear(joining(SHARED, 100));

            assertThat(plain.role()).isEqualTo(Role.PROMOTING);
            assertThat(other.role()).isEqualTo(Role.JOINING);
            assertThat(named.role()).isEqualTo(Role.JOINING);
        }

        /// A store may lose what lay in a damaged block in the middle, and says nothing of it.
        @Test
        void ofEqualEndsTheOneThatHoldsMoreClaims() {
            Scenario whole = Scenario.joining();
            Scenario holed = starting(designated(A), journal(A, SHARED, 100), 100);
            holed.server.lost = 7;

            whole.hear(joining(SHARED, 100).designated().counted(93));
            holed.connect().hear(joining(SHARED, 100).counted(100));

            assertThat(whole.role()).isEqualTo(Role.PROMOTING);
            assertThat(holed.role()).isEqualTo(Role.JOINING);
        }

        /// A server that lost every message still knows where its stream ended.
        @Test
        void soDoesTheOneThatHoldsAnythingWhereTheOtherHoldsNothing() {
            Scenario whole = Scenario.joining();
            Scenario emptied = starting(designated(A), journal(A, SHARED, 100), 100);
            emptied.server.lost = 100;

            whole.hear(joining(SHARED, 100).designated().counted(0));
            emptied.connect().hear(joining(SHARED, 100).counted(100));

            assertThat(whole.role()).isEqualTo(Role.PROMOTING);
            assertThat(emptied.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aLeaderThatMeetsAGreaterPositionFencesAndJoins() {
            Scenario a = Scenario.leadingAlone();

            a.hear(joining(history(new Term(1, A, 1), new Term(5, B, 90)), 95));

            assertThat(a.server.isOpen()).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aNodeThatGoesFurtherThanALeaderDoesNotFollowIt() {
            TermHistory mine = history(new Term(1, A, 1), new Term(7, A, 60));
            Scenario a = starting(settings(A), journal(A, mine, 100), 100).connect();
            Term term = new Term(2, B, 60);

            a.hear(leading(term, history(new Term(1, A, 1), term), 500));

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aNodeThatLedUnderAHigherNumberWaitsForALeaderAboveIt() {
            TermHistory mine = history(new Term(1, A, 1), new Term(3, A, 101));
            Scenario a = starting(settings(A), journal(A, mine, 100), 100).connect();
            Term older = new Term(2, B, 51);
            Term newer = new Term(4, B, 111);

            a.hear(leading(older, SHARED.with(older), 110));
            assertThat(a.role()).isEqualTo(Role.JOINING);

            a.hear(leading(newer, SHARED.with(newer), 110));
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void aLeaderWhoseStoreDoesNotAnswerForAMomentIsNoPeerWithoutAStore() {
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100).connect();
            Term term = new Term(1, A, 1);

            a.hear(leading(term, SHARED, 100).withoutStore());

            assertThat(a.role()).isNotIn(Role.PROMOTING, Role.LEADING);
        }

        @Test
        void aLeaderStartsATermAboveAHigherNumberThatItMeets() {
            Scenario a = Scenario.leadingAlone();

            a.hear(joining(SHARED, 90).highest(7));

            assertThat(a.leads().term().number()).isEqualTo(8);
            assertThat(a.journal.alone()).isTrue();
        }

        /// What it holds is known only behind its barrier, and may be more than the leader has.
        @Test
        void aLeaderWaitsForThePositionOfAPeerThatIsBeingFenced() {
            Scenario a = Scenario.leadingBoth();
            TermHistory terms = SHARED.with(new Term(9, B, 101));

            a.hear(says(Role.STARTING).holding(terms, 150)).advance(50);
            assertThat(a.leads().term().number()).isEqualTo(2);
            assertThat(a.journal.highestTerm()).isEqualTo(2);

            a.hear(joining(terms, 150));
            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.state.reason()).isEqualTo(Reason.PEER_AHEAD);
        }

        @Test
        void aLeaderThatIsAboveThePeersNumberStaysInItsTerm() {
            Scenario a = Scenario.leadingAlone().hear(joining(SHARED, 90).highest(7)).forget();

            for (int i = 0; i < 20; i++) {
                a.hear(joining(SHARED, 90).highest(8)).tick();
            }

            assertThat(a.leads().term().number()).isEqualTo(8);
        }

        @Test
        void aLeaderWithAFollowerInSyncNeverGoesAloneForANumber() {
            Scenario a = Scenario.leadingBoth();

            a.hear(a.follower().asking(900).inSync().highest(9));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
            assertThat(a.leads().change()).isEqualTo(new State.Change.None());
        }

        @Test
        void aLeaderTakesNoSoleRightForANumberBeforeThePeerHasClosedItsStream() {
            Scenario a = Scenario.leadingBoth();

            a.hear(says(Role.STARTING).holding(SHARED, 150).highest(9));

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.leads().change()).isEqualTo(new State.Change.None());
        }

        @Test
        void aLeaderGivesWayToAPeerThatGotTheSoleRightMeanwhile() {
            Scenario a = Scenario.leadingBoth();

            a.hear(joining(history(new Term(1, A, 1), new Term(3, B, 101)), 100).alone());

            assertThat(a.role()).isNotEqualTo(Role.LEADING);
            assertThat(a.journal.alone()).isFalse();
        }

        /// Or else its next silence would look like that of a follower.
        @Test
        void aLeaderGivesWayToSuchAPeerBeforeThatHasClosedItsStream() {
            Scenario a = Scenario.leadingBoth();
            TermHistory theirs = history(new Term(1, A, 1), new Term(3, B, 101));

            a.hear(says(Role.STARTING).holding(theirs, 100).alone()).silence(5_000, false);

            assertThat(a.server.isOpen()).isFalse();
            assertThat(a.journal.alone()).isFalse();
        }

        @Test
        void aTermThatWasNotConfirmedLeavesNoSoleRightBehind() {
            Scenario a = Scenario.leadingBoth().silence(1_450, false);
            a.server.answering = false;
            a.silence(100, false);
            long first = ((State.Change.Numbered) a.leads().change()).op();
            a.on(new Event.StoreAnswered(a.now, first, a.now, a.server.reading()));
            assertThat(a.journal.alone()).isTrue();
            TermHistory terms = history(new Term(1, A, 1), new Term(3, B, 101));

            a.hear(joining(terms, 150));

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.journal.alone()).isFalse();
            assertThat(a.journal.history().last().orElseThrow().number()).isEqualTo(2);
        }

        @Test
        void twoLeadersBothFence() {
            Scenario a = Scenario.leadingAlone();
            Term term = new Term(2, B, 101);

            a.hear(leading(term, history(new Term(1, A, 1), term), 105));

            assertThat(a.did(Action.FenceOwn.class)).isTrue();
            assertThat(a.server.isOpen()).isFalse();
        }

        @Test
        void aNodeWithoutAUsableStoreTakesNoPart() {
            Scenario a = Scenario.joining();

            a.hear(says(Role.JOINING).holding(SHARED, 500).withoutStore());

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void aNodeWithAnUnfinishedResyncIsBelowEverything() {
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 100).withResync(true), 100).connect();
            a.hear(joining(TermHistory.EMPTY, 1));
            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.report().standing().position()).isEqualTo(Position.NONE);

            Scenario b = Scenario.joining().hear(joining(SHARED, 500).unknownContent());
            assertThat(b.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void aStreamThatIsNotTheJournalledOneIsBelowEverything() {
            Journal other =
                    journal(A, SHARED, 100).withCreated(Instant.parse("2020-01-01T00:00:00Z"));
            Scenario a = starting(settings(A), other, 100).connect();

            assertThat(a.report().standing().contentUnknown()).isTrue();
            assertThat(a.report().standing().position()).isEqualTo(Position.NONE);
        }

        @Test
        void twoUnknownContentsWaitForTheOperator() {
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 100).withResync(true), 100).connect();

            a.hear(joining(SHARED, 100).unknownContent());

            assertThat(a.role()).isEqualTo(Role.WAITING);
            assertThat(a.state.reason()).isEqualTo(Reason.BOTH_UNKNOWN);
            assertThat(((State.Waiting) a.state).detail()).contains("local snapshot");
        }

        @Test
        void anUnknownContentWaitsForTheOperatorBesideANewOrLostStream() {
            Journal resyncing = journal(A, SHARED, 0).withResync(true);
            Scenario a = starting(settings(A), resyncing, 100).connect();
            Scenario other = starting(settings(A), resyncing, 100).connect();

            a.hear(joining(TermHistory.EMPTY, 0).pair(null));
            other.hear(joining(SHARED, 0).committed(70));

            assertThat(a.state.reason()).isEqualTo(Reason.BOTH_UNKNOWN);
            assertThat(other.state.reason()).isEqualTo(Reason.BOTH_UNKNOWN);
        }

        @Test
        void anUnknownContentGivesWayToAPairThatNeverHeldAnything() {
            TermHistory empty = history(new Term(1, A, 1));
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 0).withResync(true), 100).connect();
            Scenario b = starting(settings(A), journal(A, empty, 0), 0).connect();

            a.hear(joining(history(new Term(2, B, 1)), 0));
            b.hear(joining(SHARED, 100).unknownContent());

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(b.role()).isEqualTo(Role.PROMOTING);
        }
    }
}
