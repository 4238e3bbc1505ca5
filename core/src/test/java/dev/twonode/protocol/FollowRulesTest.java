package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules F1 to F3: what a follower does before, while and after it is in sync.
class FollowRulesTest {

    /// The leader's answer may have waited while this node slept, and the leader gone alone.
    @Test
    void whoSleptSinceItsConsentIsNotInSyncByThatConsent() {
        for (boolean sleeps : List.of(false, true)) {
            Scenario a = Scenario.joining();
            Term claim = new Term(2, B, 101);
            a.hear(PeerSays.claiming(claim, Scenario.SHARED, 100).designated());
            long consent = a.toldConsent().counter();
            if (sleeps) {
                a.sleep(Timing.DEFAULT.pause() + 1);
            }
            a.hear(a.leader().telling(consent)).hear(a.leader().telling(consent));

            assertThat(a.follows().sync().granted()).isEqualTo(!sleeps);
        }
    }

    /// a has just met its leader b and compares.
    private static Scenario comparing() {
        Scenario a = Scenario.joining();
        return a.hear(a.leader()).forget().tick();
    }

    private static Scenario compared(Scenario a, Event.Comparison result) {
        return a.on(new Event.Compared(a.now, a.copy(), result));
    }

    private static boolean inSync(Scenario a) {
        return a.follows().sync().granted();
    }

    /// Rule F1.
    @Nested
    class VerifiedPrefix {

        @Test
        void theComparisonBeginsAtOnceAndNothingIsCopiedBeforeIt() {
            Scenario a = Scenario.joining();

            a.hear(a.leader());

            assertThat(a.did(Action.Compare.class)).isTrue();
            assertThat(a.did(Action.Tail.class)).isFalse();
        }

        @Test
        void theLeadersHistoryIsJournalledBeforeTheFirstMessageIsAppended() {
            Scenario a = comparing();
            a.journalWritable = false;
            compared(a, Event.Comparison.PREFIX);
            assertThat(a.did(Action.Tail.class)).isFalse();

            Scenario b = compared(comparing(), Event.Comparison.PREFIX);
            assertThat(b.journal.history())
                    .isEqualTo(history(new Term(1, A, 1), new Term(2, B, 101)));
            assertThat(b.did(Action.Tail.class)).isTrue();
        }

        @Test
        void orphansAreOnDiskBeforeTheStreamIsReplaced() {
            Scenario a = compared(comparing(), Event.Comparison.ORPHANS);
            assertThat(a.did(Action.PrepareResync.class)).isTrue();
            assertThat(a.did(Action.ReplaceStream.class)).isFalse();
            assertThat(a.journal.resync()).isFalse();

            a.on(new Event.ResyncPrepared(a.now, a.copy(), 5));

            assertThat(a.did(Action.ReplaceStream.class)).isTrue();
            assertThat(a.journal.resync()).isTrue();
        }

        @Test
        void theReplacedStreamIsJournalledBeforeTheLocalSnapshotGoes() {
            Scenario a = compared(comparing(), Event.Comparison.RESYNC);
            a.on(new Event.ResyncPrepared(a.now, a.copy(), 0));
            a.server.replace(List.of("x", "y"), new Mark(2, A));

            a.on(new Event.StreamReplaced(a.now, a.copy(), a.server.created(), 1, 2));

            assertThat(a.journal.resync()).isFalse();
            assertThat(a.journal.created()).isEqualTo(a.server.created());
            assertThat(a.did(Action.DropLocalSnapshot.class)).isTrue();
            assertThat(a.did(Action.Tail.class)).isTrue();
        }

        @Test
        void whatAnInterruptedResyncLeftIsComparedBeforeItIsReplaced() {
            Scenario a = cutOff();
            assertThat(a.newest(Action.Compare.class).trust()).isEqualTo(Action.Trust.HISTORIES);
            assertThat(a.did(Action.ReplaceStream.class)).isFalse();

            compared(a, Event.Comparison.PREFIX);

            assertThat(a.did(Action.PrepareResync.class)).isFalse();
            assertThat(a.did(Action.Tail.class)).isFalse();
            assertThat(a.did(Action.ReplaceStream.class)).isTrue();
        }

        @Test
        void whatAnInterruptedResyncMadeIsComparedMessageByMessage() {
            Journal journal = journal(A, SHARED, 100).withResync(true).withCreated(Instant.MIN);

            Scenario a = starting(settings(A), journal, 3).connect();
            a.hear(a.leader()).tick();

            assertThat(a.newest(Action.Compare.class).trust()).isEqualTo(Action.Trust.NONE);
        }

        /// Rule S4: what made room for what is still here may be lost there.
        @Test
        void whereBothHaveLostDataTheHistoriesAreNotEnough() {
            Jump gaveUp = new Jump(2, 101, 200, true, Jump.Stage.DONE);
            Journal journal = journal(A, SHARED, 100).withCommit(150, 150);
            Scenario a = starting(settings(A), journal, 100).connect();
            a.hear(a.leader().jumped(gaveUp)).tick();
            Action.Compare first = a.newest(Action.Compare.class);
            compared(a, Event.Comparison.PREFIX);
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "cut"));
            a.advance(200);
            Action.Compare again = a.newest(Action.Compare.class);

            assertThat(first.trust()).isEqualTo(Action.Trust.LEADER_LOST);
            assertThat(again.copy()).isGreaterThan(first.copy());
            assertThat(again.trust()).isEqualTo(Action.Trust.HISTORIES);
        }

        @Test
        void theyAreWhereOnlyTheLeaderGaveUpRevisions() {
            Scenario a = Scenario.joining();
            a.hear(a.leader().jumped(new Jump(2, 81, 200, true, Jump.Stage.DONE))).tick();

            assertThat(a.newest(Action.Compare.class).trust()).isEqualTo(Action.Trust.HISTORIES);
        }

        /// The leader lost them since the resync began.
        @Test
        void whatOnlyAnInterruptedResyncLeftIsExportedBeforeItIsReplaced() {
            Scenario a = compared(cutOff(), Event.Comparison.ORPHANS);
            assertThat(a.did(Action.PrepareResync.class)).isTrue();
            assertThat(a.did(Action.ReplaceStream.class)).isFalse();

            a.on(new Event.ResyncPrepared(a.now, a.copy(), 5));

            assertThat(a.did(Action.ReplaceStream.class)).isTrue();
        }

        private static Scenario cutOff() {
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 100).withResync(true), 3).connect();
            return a.hear(a.leader()).tick();
        }

        @Test
        void anExportThatFailsDeletesNothingAndLeavesTheLeader() {
            Scenario a = compared(comparing(), Event.Comparison.ORPHANS);

            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.EXPORT, "no space left"));

            assertThat(a.state.reason()).isEqualTo(Reason.EXPORT_FAILED);
            assertThat(a.did(Action.ReplaceStream.class)).isFalse();
            assertThat(a.told().pact().consent()).isNotNull();
        }

        @Test
        void aFailedCopyComparesAgainWithinASecond() {
            Scenario a = Scenario.inSync();
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "gone"));

            a.advance(200);

            assertThat(a.did(Action.Compare.class)).isTrue();
        }

        @Test
        void aLinkThatComesBackIsCopiedFromAtOnce() {
            Scenario a = Scenario.inSync();
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "gone"));
            a.on(new Event.PeerLink(a.now, Peer.Link.DOWN));
            assertThat(a.did(Action.Compare.class)).isFalse();

            a.on(new Event.PeerLink(a.now, Peer.Link.UP));

            assertThat(a.did(Action.Compare.class)).isTrue();
        }

        @Test
        void lateResultsOfAnEarlierCopyMeanNothing() {
            Scenario a = comparing();

            a.on(new Event.Compared(a.now, a.copy() - 1, Event.Comparison.PREFIX));

            assertThat(a.did(Action.Tail.class)).isFalse();
        }
    }

    /// Rule F2.
    @Nested
    class InSync {

        @Test
        void itIsTheLeadersAnswerToTheNumberedRequest() {
            Scenario a = Scenario.following();
            assertThat(a.report().pact().ask()).isPositive();
            assertThat(inSync(a)).isFalse();

            a.hear(a.leader().telling(a.follows().sync().ask()));

            assertThat(inSync(a)).isTrue();
            assertThat(a.told().pact().inSync()).isTrue();
        }

        @Test
        void itEndsWithTheLeadersTerm() {
            Scenario a = Scenario.inSync();
            Term next = new Term(3, B, 101);

            a.hear(PeerSays.leading(next, history(new Term(1, A, 1), next), 100));

            assertThat(a.follows().term()).isEqualTo(next);
            assertThat(inSync(a)).isFalse();
        }

        @Test
        void itEndsWithTheLeadersAgent() {
            Scenario a = Scenario.inSync();

            a.hear(PeerSays.says(Role.STARTING).highest(2).process("b2"));

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void itEndsWithTheLeadersServer() {
            Scenario a = Scenario.inSync();

            a.hear(a.leader().server("server-b2").telling(a.follows().sync().ask()));

            assertThat(inSync(a)).isFalse();
        }

        @Test
        void itEndsWithTheOwnAgent() {
            Scenario a = Scenario.inSync().restarted(settings(A)).connect();

            assertThat(a.report().pact().inSync()).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void itEndsWithTheOwnServer() {
            Scenario a = Scenario.inSync();
            a.server.start();

            a.advance(300);

            assertThat(a.report().pact().inSync()).isFalse();
            assertThat(a.did(Action.StopCopy.class)).isTrue();
            assertThat(a.actions(Action.Tell.class))
                    .anyMatch(tell -> tell.report().role() == Role.STARTING);
        }

        @Test
        void itDoesNotEndWithTheLeadersResigning() {
            Scenario a = Scenario.inSync();

            a.hear(
                    PeerSays.joining(SHARED, 100)
                            .withoutStore()
                            .consenting(3, A, Consent.UNKNOWN, a.nextPeerCounter()));

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void itEndsWhenTheAgentDidNotRunForAThirdOfTheTimeOut() {
            assertThat(inSync(Scenario.inSync().sleep(500))).isTrue();
            assertThat(inSync(Scenario.inSync().sleep(501))).isFalse();
        }

        @Test
        void itEndsWhenTheOwnServerDidNotAnswerForAThirdOfTheTimeOut() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            for (int i = 0; i < 16; i++) {
                a.hear(a.leader()).tick();
            }

            assertThat(inSync(a)).isFalse();
        }

        @Test
        void noRequestIsOpenWhileTheOwnServerDoesNotAnswer() {
            Scenario a = Scenario.following();
            a.server.answering = false;
            long ask = a.follows().sync().ask();
            for (int i = 0; i < 17; i++) {
                a.hear(a.leader()).tick();
            }

            a.hear(a.leader().telling(ask));

            assertThat(inSync(a)).isFalse();
            assertThat(a.follows().sync().ask()).isZero();
        }

        @Test
        void itEndsWhenTheContentTurnsOutToDiffer() {
            Scenario a = Scenario.inSync();

            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.CONTENT, "differs"));

            assertThat(inSync(a)).isFalse();
        }

        @Test
        void itEndsWhenAnotherStreamIsNeeded() {
            Scenario a = Scenario.inSync();
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "gone"));
            a.advance(200);

            compared(a, Event.Comparison.RESYNC);

            assertThat(inSync(a)).isFalse();
            assertThat(a.toldConsent().counter()).isPositive();
        }

        @Test
        void aConsentGivenToAClaimIsARequestOnlyIfTheLeaderCountsItAsOne() {
            Scenario alone = claimed(0);
            assertThat(alone.follows().sync().ask()).isGreaterThan(alone.toldConsent().counter());

            Scenario both = claimed(1);
            assertThat(inSync(both)).isTrue();
        }

        /// a consented to b's claim; b leads and counts it as in sync, or does not.
        private static Scenario claimed(int counted) {
            Scenario a = Scenario.joining();
            Term claim = new Term(2, B, 101);
            a.hear(PeerSays.claiming(claim, SHARED, 100).designated());
            long told = a.toldConsent().counter() * counted;
            a.hear(a.leader().telling(told)).tick();
            compared(a, Event.Comparison.PREFIX);
            return a.hear(a.leader().telling(told)).advance(300);
        }

        @Test
        void afterItEndedTheFollowerAsksAgainAndIsToldAgain() {
            Scenario a = Scenario.inSync();
            long first = a.follows().sync().ask();
            a.sleep(600).tick();
            a.hear(a.leader().telling(first));
            assertThat(inSync(a)).isFalse();
            long second = a.follows().sync().ask();
            assertThat(second).isGreaterThan(first);

            a.hear(a.leader().telling(second));

            assertThat(inSync(a)).isTrue();
        }
    }

    /// Rule F3.
    @Nested
    class OwnPromotion {

        private Scenario killed(Scenario a) {
            return a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
        }

        @Test
        void onlyAFollowerInSyncPromotesItself() {
            assertThat(killed(Scenario.inSync()).role()).isEqualTo(Role.LEADING);
            assertThat(killed(Scenario.following()).role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void onlyAtOrAboveEverySequenceThatItReported() {
            Scenario a = Scenario.inSync();
            a.on(new Event.Copied(a.now, a.copy(), 140, 0));
            assertThat(a.newest(Action.TellProgress.class).lastSeq()).isEqualTo(140);
            State.Sync sync = new State.Sync(a.follows().sync().ask(), true, 141);
            a.state = a.follows().with(sync);

            assertThat(killed(a).role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void onlyWithTheMessagesForWhichItsLeaderDroppedOthers() {
            Scenario a = Scenario.inSync();
            a.on(new Event.Copied(a.now, a.copy(), 140, 150));
            Scenario b = Scenario.inSync();
            b.on(new Event.Copied(b.now, b.copy(), 140, 150));
            b.server.fill(150, "x");
            b.on(new Event.Copied(b.now, b.copy(), 150, 150));

            assertThat(killed(a).role()).isEqualTo(Role.FOLLOWING);
            assertThat(a.follows().sync().granted()).isFalse();
            assertThat(killed(b).role()).isEqualTo(Role.LEADING);
        }

        @Test
        void withoutThemItDoesNotClaimBesideALeaderThatLostItsStoreEither() {
            Scenario a = Scenario.following();
            a.on(new Event.Copied(a.now, a.copy(), 140, 150));
            Scenario b = Scenario.following();
            b.server.fill(150, "x");
            b.on(new Event.Copied(b.now, b.copy(), 150, 150));

            assertThat(a.hear(withoutStore(a)).role()).isEqualTo(Role.JOINING);
            assertThat(b.hear(withoutStore(b)).role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void norIfTheGapIsHeardOfBeforeTheBarrierOfItsClaim() {
            Scenario a = Scenario.following();
            a.server.answering = false;
            long copy = a.copy();
            a.hear(withoutStore(a));
            assertThat(a.role()).isEqualTo(Role.PROMOTING);

            a.server.answering = true;
            a.on(new Event.Copied(a.now, copy, 140, 150));
            long barrier = a.newest(Action.FenceOwn.class).op();
            a.on(new Event.StoreAnswered(a.now, barrier, a.now, a.server.reading()));

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void itClaimsOnceItsLeaderSaysThatItHoldsLess() {
            Scenario a = Scenario.following();
            a.on(new Event.Copied(a.now, a.copy(), 140, 150));
            a.hear(withoutStore(a));

            assertThat(a.hear(PeerSays.joining(SHARED, 90)).role()).isEqualTo(Role.PROMOTING);
        }

        private PeerSays withoutStore(Scenario a) {
            return PeerSays.joining(a.leader().at(0).standing().history(), 150).withoutStore();
        }

        @Test
        void notIfTheGapIsHeardOfBeforeItsBarrier() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            long copy = a.copy();
            killed(a);
            assertThat(a.role()).isEqualTo(Role.PROMOTING);

            a.server.answering = true;
            a.on(new Event.Copied(a.now, copy, 140, 150));
            long barrier = a.newest(Action.FenceOwn.class).op();
            a.on(new Event.StoreAnswered(a.now, barrier, a.now, a.server.reading()));

            assertThat(a.did(Action.OpenOwn.class)).isFalse();
        }

        @Test
        void ofAnEarlierCopyNothingCounts() {
            Scenario a = Scenario.inSync();
            a.on(new Event.Copied(a.now, a.copy(), 140, 140));
            a.on(new Event.Copied(a.now, a.copy() - 1, 140, 150));

            assertThat(killed(a).role()).isEqualTo(Role.LEADING);
        }

        @Test
        void onlyWhenTheLeaderIsGone() {
            Scenario a = Scenario.inSync();
            for (int i = 0; i < 100; i++) {
                a.hear(a.leader()).tick();
            }

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void notWhileTheOwnStoreIsUnusable() {
            Scenario a = Scenario.inSync();
            a.on(new Event.StoreFailed(a.now, 1, false, "timed out"));

            assertThat(killed(a).role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void notWhileAnOperatorHasPausedIt() {
            Scenario a = Scenario.inSync().on(new Event.PauseAsked(0, 1, true));

            assertThat(killed(a).role()).isEqualTo(Role.FOLLOWING);
        }
    }
}
