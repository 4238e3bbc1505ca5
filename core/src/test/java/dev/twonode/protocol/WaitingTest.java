package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.claiming;
import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// A wait ends when its cause ends, and a journal that cannot be written stops everything.
class WaitingTest {

    @Nested
    class JournalFailure {

        @Test
        void aLeaderFencesAndTakesNoPart() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);

            assertThat(a.role()).isEqualTo(Role.WAITING);
            assertThat(a.server.isOpen()).isFalse();
            assertThat(a.report().store().usable()).isFalse();
            assertThat(a.report().pact().consent()).isNull();
        }

        @Test
        void itEndsOnceTheJournalCanBeWritten() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);
            a.journalWritable = true;

            a.advance(10_100);

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void itEndsOnAServerThatHasNoStreamYet() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);
            a.journalWritable = true;
            a.server.exists = false;

            a.advance(10_100);

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.server.exists).isTrue();
        }

        @Test
        void itLastsAsLongAsItsCause() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);

            a.advance(60_000);

            assertThat(a.role()).isEqualTo(Role.WAITING);
        }

        @Test
        void aLeaderAloneThatLostACommitKeepsItsSoleRight() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(300, "w");
            a.journalWritable = false;
            a.advance(1_500);
            assertThat(a.role()).isEqualTo(Role.WAITING);
            a.journalWritable = true;

            a.advance(12_000);

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void aRightThatWasNotWrittenDoesNotExist() {
            Scenario a = Scenario.inSync();
            a.journalWritable = false;
            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
            a.journalWritable = true;

            a.advance(15_000);

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
        }

        @Test
        void aSoleRightOutlivesEveryFailure() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(300, "w");
            a.journalWritable = false;
            a.advance(30_000);
            a.on(new Event.StreamChanged(a.now));
            a.journalWritable = true;

            a.advance(12_000);

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void aSoleRightOutlivesAStartWhoseNumberIsNotWritten() {
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100).connect();
            a.journalWritable = false;
            a.advance(2_000);
            assertThat(a.role()).isEqualTo(Role.WAITING);
            a.journalWritable = true;

            a.advance(12_000);

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void aClosedStreamIsNotClosedAgainAndAgain() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);
            a.forget();

            for (int i = 0; i < 10; i++) {
                a.on(new Event.StreamChanged(a.now));
            }

            assertThat(a.did(Action.FenceOwn.class)).isFalse();
        }

        @Test
        void aServerThatComesBackOpenIsClosed() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);
            a.server.face = new Reading.Face.Open();

            a.on(new Event.OwnConnected(a.now));

            assertThat(a.server.isOpen()).isFalse();
        }

        @Test
        void nothingIsPromisedThatIsNotOnTheDisk() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.silence(1_600, false);
            Term term = new Term(2, B, 101);
            PeerSays leader = leading(term, history(new Term(1, A, 1), term), 120);
            a.forget();

            a.hear(leader.askingToLeave());
            a.on(new Event.WithdrawHeard(a.now, 7, a.peer(), a.journal.highestTerm()));

            assertThat(a.report().pact().consent()).isNull();
            assertThat(a.did(Action.Reply.class)).isFalse();
        }

        /// Rule A2.
        @Test
        void aFollowersFullDiskDoesNotHoldUpItsLeader() {
            Scenario a = Scenario.following();
            Term term = a.follows().term();
            a.journalWritable = false;
            a.hear(a.leader().ceiling(50_000));
            assertThat(a.state.reason()).isEqualTo(Reason.JOURNAL_FAILED);

            a.hear(a.leader().askingToLeave());

            Consent consent = Objects.requireNonNull(a.told().pact().consent());
            assertThat(consent.number()).isEqualTo(term.number());
            assertThat(consent.who()).isEqualTo(B);
        }

        /// What was written last may be on the disk or not.
        @Test
        void aLostWriteThatWasToEndTheSoleRightIsNoPromise() {
            Scenario a = Scenario.leadingAlone();
            a.journalWritable = false;
            a.hear(a.follower().asking(900));
            assertThat(a.state.reason()).isEqualTo(Reason.JOURNAL_FAILED);
            assertThat(a.journal.alone()).isTrue();

            a.hear(leading(new Term(1, B, 101), a.journal.history(), 120).askingToLeave());

            assertThat(a.report().pact().consent()).isNull();
        }

        @Test
        void anOperatorsRequestIsAnswered() {
            Scenario a = Scenario.joining();
            a.journalWritable = false;

            a.on(new Event.PromoteAsked(a.now, 5, true, "a"));

            assertThat(a.answer(5)).isInstanceOf(Answer.Unknown.class);
        }

        @Test
        void aGrantThatWasNotWrittenIsForgotten() {
            Scenario a = Scenario.leadingBoth();
            a.journalWritable = false;
            a.on(new Event.StepDownAsked(a.now, 5));
            a.journalWritable = true;

            a.advance(10_100);

            assertThat(a.answer(5)).isInstanceOf(Answer.Unknown.class);
            assertThat(a.journal.history().terms()).noneMatch(term -> term.leader().equals(B));
        }
    }

    @Nested
    class Causes {

        @Test
        void theOwnServersReturnIsAReasonToLookAgain() {
            Scenario a = Scenario.joining().advance(10_000).loseServer();
            a.server.start();

            a.connect();

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aStreamOpenedByHandIsFencedAgain() {
            Scenario a = Scenario.joining().advance(10_000);
            a.server.face = new Reading.Face.Open();

            a.on(new Event.StreamChanged(a.now));

            assertThat(a.server.isOpen()).isFalse();
        }

        @Test
        void aFailedExportIsTriedAgain() {
            Scenario a = Scenario.following();
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.EXPORT, "full"));

            a.advance(10_000);

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void anImpasseEndsWhenThePeerGaveUpItsContent() {
            PeerSays stranger = joining(history(new Term(1, B, 1)), 100).pair("stranger");
            Scenario a = Scenario.joining().hear(stranger).hear(stranger);
            assertThat(a.state.reason()).isEqualTo(Reason.OTHER_PAIR);

            a.hear(joining(TermHistory.EMPTY, 100).pair(null).unknownContent());

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void aNodeThatWaitsGivesWayToTheClaimOfABetterOne() {
            Scenario a = Scenario.following();
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.EXPORT, "full"));
            TermHistory terms = history(new Term(1, A, 1), new Term(2, B, 101));

            a.hear(claiming(new Term(3, B, 151), terms, 150).process("b2"));

            assertThat(a.toldConsent().number()).isEqualTo(3);
            assertThat(a.state.reason()).isEqualTo(Reason.EXPORT_FAILED);
        }

        @Test
        void divergenceWaitsForTheOperatorWhenToldSo() {
            Scenario a = diverged();
            assertThat(a.state.reason()).isEqualTo(Reason.DIVERGED);

            a.on(new Event.RejoinAsked(a.now, 4, "b"));

            assertThat(a.answer(4)).isEqualTo(new Answer.Done());
            assertThat(a.report().standing().contentUnknown()).isTrue();
        }

        @Test
        void whatTheOperatorGaveUpIsExportedWithoutAskingAgain() {
            Scenario a = diverged();
            a.on(new Event.RejoinAsked(a.now, 4, "b"));
            a.hear(a.leader()).tick();

            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.ORPHANS));

            assertThat(a.did(Action.PrepareResync.class)).isTrue();
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void divergedContentIsNotKeptWhileTheOtherNodeLeads() {
            Scenario a = diverged();

            a.on(new Event.RejoinAsked(a.now, 4, "a"));

            assertThat(((Answer.Refused) a.answer(4)).why()).contains("a leader does not give way");
            assertThat(a.state.reason()).isEqualTo(Reason.DIVERGED);
        }

        /// What it lost meanwhile is here still.
        @Test
        void divergedContentIsNotGivenUpForALeaderThatIsNotHeard() {
            Scenario a = diverged().advance(1_600);
            a.on(new Event.RejoinAsked(a.now, 4, "b"));
            assertThat(((Answer.Refused) a.answer(4)).code())
                    .isEqualTo(Answer.Code.PEER_UNREACHABLE);

            a.hear(joining(history(new Term(1, A, 1), new Term(2, B, 101)), 120));
            a.on(new Event.RejoinAsked(a.now, 5, "b"));

            assertThat(((Answer.Refused) a.answer(5)).why()).contains("does not lead now");
            assertThat(a.state.reason()).isEqualTo(Reason.DIVERGED);
        }

        @Test
        void aDivergenceEndsWithALeaderThatComesBackWithLess() {
            Scenario a = diverged();

            a.hear(joining(history(new Term(1, A, 1), new Term(2, B, 101)), 90).process("b2"));

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
            assertThat(a.state.reason()).isEqualTo(Reason.WON_CONTEST);
        }

        private static Scenario diverged() {
            Settings stop = new Settings(A, "a1", "pair", false, false, true, Timing.DEFAULT);
            Scenario a = starting(stop, journal(A, SHARED, 100), 100).connect();
            a.hear(a.leader()).tick();
            return a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.ORPHANS));
        }

        @Test
        void aWaitThatNeedsNoDecisionRefusesOne() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100), 100).connect();
            a.advance(10_000);

            a.on(new Event.RejoinAsked(a.now, 4, "a"));

            assertThat(((Answer.Refused) a.answer(4)).code()).isEqualTo(Answer.Code.NOT_NEEDED);
        }
    }

    @Nested
    class Stopping {

        @Test
        void aStoppedNodeRefusesEveryRequest() {
            Scenario a = Scenario.leadingAlone().on(new Event.StopAsked(0));

            a.on(new Event.StepDownAsked(a.now, 1));
            a.on(new Event.PromoteAsked(a.now, 2, true, "a"));
            a.on(new Event.WithdrawHeard(a.now, 3, a.peer(), 9));

            for (long request = 1; request <= 3; request++) {
                assertThat(a.answer(request)).isInstanceOf(Answer.Refused.class);
            }
        }

        /// It is not on the disk, and the stream has to be closed all the same.
        @Test
        void aStopWhoseConsentCannotBeWrittenClosesTheStreamWithoutIt() {
            Scenario a = Scenario.leadingBoth().sleep(600);
            a.journalWritable = false;

            a.on(new Event.StopAsked(a.now));

            assertThat(a.role()).isEqualTo(Role.STOPPED);
            assertThat(a.report().pact().consent()).isNull();
            assertThat(a.server.isOpen()).isFalse();
            assertThat(a.did(Action.Halt.class)).isTrue();
        }

        @Test
        void aStopDoesNotWaitForEverForItsLastFence() {
            Scenario a = Scenario.leadingAlone();
            a.server.answering = false;
            a.on(new Event.StopAsked(a.now));
            assertThat(a.did(Action.Halt.class)).isFalse();

            a.advance(2_000);

            assertThat(a.did(Action.Halt.class)).isTrue();
        }
    }
}
