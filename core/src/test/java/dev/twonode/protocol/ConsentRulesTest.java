package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.claiming;
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

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules K1, K2 and K4: the one way to get a right from the peer.
class ConsentRulesTest {

    private static final Term CLAIM = new Term(2, B, 151);
    private static final TermHistory AHEAD = history(new Term(1, A, 1));

    /// a lost the contest against b, which holds 150 messages, and hears b's claim.
    static Scenario consenting() {
        return Scenario.joining().forget().hear(claiming(CLAIM, AHEAD, 150));
    }

    /// Rule K1.
    @Nested
    class Giving {

        @Test
        void theLoserJournalsItsConsentBeforeItIsTold() {
            Scenario a = Scenario.joining().forget();
            a.journalWritable = false;

            a.hear(claiming(CLAIM, AHEAD, 150));

            assertThat(a.actions(Action.Tell.class))
                    .noneMatch(tell -> tell.report().pact().consent() != null);
        }

        @Test
        void theLosersConsentNamesNumberNodeAndItsOwnEnd() {
            Scenario a = consenting();

            Consent consent = Objects.requireNonNull(a.told().pact().consent());
            assertThat(consent.number()).isEqualTo(2);
            assertThat(consent.who()).isEqualTo(B);
            assertThat(consent.endSeq()).isEqualTo(100);
            assertThat(a.journal.highestTerm()).isEqualTo(2);
        }

        @Test
        void aConsentedNumberIsNeverGivenAgain() {
            Scenario a = consenting().forget();

            a.hear(claiming(CLAIM, AHEAD, 150));

            assertThat(a.actions(Action.Persist.class)).isEmpty();
        }

        @Test
        void theWinnerOpensOnlyWithTheLosersConsent() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 90)).forget();
            a.hear(joining(SHARED, 90)).tick();
            assertThat(a.did(Action.OpenOwn.class)).isFalse();

            a.hear(joining(SHARED, 90).consenting(2, A, 90, a.nextPeerCounter()));

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void aConsentToAnotherNumberOrNodeGivesNoRight() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 90)).forget();

            a.hear(joining(SHARED, 90).consenting(1, A, 90, a.nextPeerCounter()));
            a.hear(joining(SHARED, 90).consenting(2, B, 90, a.nextPeerCounter()));

            assertThat(a.role()).isNotEqualTo(Role.LEADING);
        }

        @Test
        void equalEndsStartTheTermWithTheGiverInSync() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 100));

            a.hear(joining(SHARED, 100).consenting(2, A, 100, a.nextPeerCounter()));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
            assertThat(a.journal.alone()).isFalse();
        }

        @Test
        void soDoEqualEndsOfWhichOneHoldsLess() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 100).counted(93));

            a.hear(joining(SHARED, 100).counted(93).consenting(2, A, 100, a.nextPeerCounter()));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }

        @Test
        void unequalEndsStartTheTermAlone() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 90));

            a.hear(joining(SHARED, 90).consenting(2, A, 90, a.nextPeerCounter()));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(a.journal.alone()).isTrue();
        }

        @Test
        void endsOfDifferentTermsAreNotEqualAlthoughTheirSequencesAre() {
            TermHistory mine = history(new Term(1, A, 1), new Term(2, A, 50));
            TermHistory other = history(new Term(1, A, 1), new Term(2, B, 50));
            Scenario a = starting(settings(A), journal(A, mine, 100), 100).connect();
            a.hear(joining(other, 100));

            a.hear(joining(other, 100).consenting(3, A, 100, a.nextPeerCounter()));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }

        @Test
        void aLosersOwnMessagesStayOutsideTheTermItConsentsTo() {
            TermHistory mine = history(new Term(1, A, 1), new Term(2, A, 90));
            TermHistory winners = history(new Term(1, A, 1), new Term(3, B, 80));
            Scenario a = starting(settings(A), journal(A, mine, 100), 100).connect();
            Term claim = new Term(4, B, 96);

            a.hear(claiming(claim, winners, 95));

            assertThat(a.told().pact().consent()).isNotNull();
            assertThat(a.report().standing().position()).isEqualTo(new Position(1, 89));
            assertThat(a.journal.history().forkWith(100, winners.with(claim), 200)).contains(79L);
        }

        @Test
        void aConsentVoidsTheGiversSoleRightAndItsInSync() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100);
            a.connect().hear(claiming(CLAIM, AHEAD, 150));
            assertThat(a.journal.alone()).isFalse();

            Scenario leaving = Scenario.inSync();
            leaving.hear(leaving.leader().telling(1).askingToLeave());
            assertThat(leaving.follows().sync().granted()).isFalse();
        }

        @Test
        void aLeaderThatResignedConsentsInJournalAndReport() {
            Scenario a = Scenario.leadingBoth().loseServer();

            Consent consent = Objects.requireNonNull(a.told().pact().consent());
            assertThat(consent.who()).isEqualTo(B);
            assertThat(consent.number()).isGreaterThan(2).isEqualTo(a.journal.highestTerm());
            assertThat(a.journal.alone()).isFalse();
        }

        @Test
        void aLeaderAloneDoesNotConsentWhenItsServerEnds() {
            Scenario a = Scenario.leadingAlone().loseServer();

            assertThat(a.told().pact().consent()).isNull();
            assertThat(a.journal.alone()).isTrue();
        }

        @Test
        void aLeaderThatIsAboutToBeAloneClearsThatBeforeItConsents() {
            Scenario a = Scenario.leadingBoth();
            a.silence(1_450, false);
            a.server.answering = false;
            a.silence(100, false);
            long op = ((State.Change.Numbered) a.leads().change()).op();
            a.on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));
            assertThat(a.journal.alone()).isTrue();

            a.loseServer();

            boolean consented = a.told().pact().consent() != null;
            assertThat(consented && a.journal.alone()).isFalse();
        }

        @Test
        void aFollowerConsentsWhenItJoinsLeavesOrLosesItsStore() {
            Scenario joined = Scenario.following();
            Scenario left = Scenario.inSync().on(new Event.StopAsked(Scenario.inSync().now));
            Scenario lost = Scenario.inSync().loseServer();

            for (Scenario a : List.of(joined, left, lost)) {
                Consent consent = Objects.requireNonNull(a.report().pact().consent());
                assertThat(consent.who()).isEqualTo(B);
                assertThat(consent.number()).isEqualTo(2);
            }
        }

        @Test
        void aFollowerWhoseContentIsReplacedIsNotInSyncAndConsents() {
            Scenario a = Scenario.inSync();
            a.on(new Event.CopyFailed(a.now, a.copy(), Event.CopyProblem.LEADER, "cut"));
            a.advance(200);

            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.RESYNC));

            assertThat(a.report().pact().inSync()).isFalse();
            assertThat(a.report().pact().progress()).isZero();
            Consent consent = Objects.requireNonNull(a.report().pact().consent());
            assertThat(consent.number()).isEqualTo(2);
            assertThat(consent.counter()).isGreaterThan(a.follows().sync().ask());
        }

        @Test
        void aNodeWithoutAStoreConsentsToAPeerThatHoldsWhatWasCommitted() {
            Scenario a = Scenario.joining().loseServer().forget();

            a.hear(claiming(new Term(2, B, 100), AHEAD, 99));
            assertThat(a.report().pact().consent()).isNull();

            a.hear(claiming(new Term(3, B, 101), AHEAD, 100));
            Consent consent = Objects.requireNonNull(a.report().pact().consent());
            assertThat(consent.endSeq()).isEqualTo(Consent.UNKNOWN);
        }

        @Test
        void aNodeThatKnowsNothingOfItsStreamReadsItBeforeItConsents() {
            Scenario a = starting(settings(A), Journal.blank(A), 20);
            PeerSays claim = claiming(new Term(1, B, 1), TermHistory.EMPTY, 0);
            a.server.answering = false;
            a.connect().advance(5_000).hear(claim);
            assertThat(a.report().pact().consent()).isNull();

            a.server.answering = true;
            long op = ((State.Starting) a.state).op();
            a.on(new Event.StoreFailed(a.now, op, false, "timed out"));
            a.advance(500).hear(claim);
            assertThat(a.report().pact().consent()).isNull();
            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void aNodeWithoutAStoreDoesNotConsentWhileItHasTheSoleRight() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100).withAlone(true), 100);
            a.connect().loseServer().forget();

            a.hear(claiming(new Term(3, B, 101), AHEAD, 100));

            assertThat(a.report().pact().consent()).isNull();
        }

        @Test
        void aNodeWhoseServerIsDownAsksItsPeerWhetherItClaims() {
            Scenario a = Scenario.joining().loseServer().forget();

            a.advance(600);
            assertThat(a.did(Action.AskPeer.class)).isTrue();

            a.forget().advance(600);
            assertThat(a.did(Action.AskPeer.class)).isTrue();
        }

        @Test
        void aNodeKeepsItsVoteWhileItsServerCreatesTheStream() {
            Scenario a = starting(designated(A), Journal.blank(A), 0);
            a.server.answering = false;
            a.connect();
            a.on(new Event.StoreFailed(a.now, a.state.memory().counter(), true, "no stream"));
            PeerSays claim = claiming(new Term(1, B, 1), TermHistory.EMPTY, 0);

            a.hear(claim);
            assertThat(a.report().pact().consent()).isNull();

            a.advance(500).hear(claim);
            assertThat(a.report().pact().consent()).isNotNull();
        }

        @Test
        void theRestartedAgentOfALeaderConsentsWhileItsServerIsDown() {
            Scenario a = Scenario.leadingBoth().restarted(settings(A));
            a.server.up = false;
            a.hear(claiming(new Term(3, B, 101), a.journal.history(), 100));
            assertThat(a.report().pact().consent()).isNull();
            a.advance(500);

            a.hear(claiming(new Term(3, B, 101), a.journal.history(), 100));

            assertThat(a.report().pact().consent()).isNotNull();
        }

        @Test
        void aPeerWhoseServerNeverAnsweredDoesNotKeepThisNodeWaiting() {
            Scenario a = Scenario.joining();

            a.hear(says(Role.STARTING).withoutStore());

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }
    }

    /// Rule K2.
    @Nested
    class Counters {

        @Test
        void anOlderReportOfTheSameProcessChangesNothing() {
            Scenario a = Scenario.joining();
            a.on(new Event.PeerHeard(a.now, joining(SHARED, 300).at(500)));

            a.on(new Event.PeerHeard(a.now, joining(SHARED, 10).at(499)));
            a.on(new Event.PeerHeard(a.now, joining(SHARED, 10).at(500)));

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aReportOfAnEndedProcessChangesNothing() {
            Scenario a = Scenario.joining();
            a.hear(joining(SHARED, 300).process("b1"));
            a.hear(joining(SHARED, 300).process("b2"));

            a.hear(joining(SHARED, 10).process("b1"));

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aProcessWithLowerNumbersIsAnEndedOne() {
            Scenario a = Scenario.following();
            long session = a.copy();

            a.hear(joining(SHARED, 100).process("b0"));

            assertThat(a.copy()).isEqualTo(session);
        }

        @Test
        void aProcessThatGoesOnTalkingHasNotEnded() {
            Scenario a = Scenario.following();
            a.hear(joining(SHARED, 100).highest(2).process("b0"));
            assertThat(a.role()).isNotEqualTo(Role.FOLLOWING);

            for (int i = 0; i < 8; i++) {
                a.hear(a.leader()).advance(250);
            }

            assertThat(a.follows().session().leaderProcess()).isEqualTo("b1");
        }

        @Test
        void aNodeWhoseStateWasLostIsHeardOnceItsFormerProcessIsSilent() {
            Scenario a = Scenario.following();
            Report blank = joining(TermHistory.EMPTY, 0).pair(null).process("b2").at(7);

            a.on(new Event.PeerHeard(a.now, blank));
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
            a.advance(1_600);
            a.on(new Event.PeerHeard(a.now, blank));

            assertThat(a.role()).isNotEqualTo(Role.FOLLOWING);
        }

        @Test
        void aConsentOlderThanTheAnsweredRequestIsIgnored() {
            Scenario a = Scenario.leadingBoth();

            a.hear(a.follower().asking(900).inSync().consenting(2, A, 100, 899));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void aConsentNewerThanTheAnsweredRequestIsTheRightToBeAlone() {
            Scenario a = Scenario.leadingBoth();

            a.hear(a.follower().consenting(2, A, 100, 901));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(a.journal.alone()).isTrue();
            assertThat(a.leads().term().number()).isEqualTo(2);
        }

        @Test
        void anAnswerToAnOlderRequestIsIgnored() {
            Scenario a = Scenario.following();

            a.hear(a.leader().telling(a.follows().sync().ask() - 1));

            assertThat(a.follows().sync().granted()).isFalse();
        }

        @Test
        void anAnswerFromBeforeTheLastConsentIsIgnored() {
            Scenario a = Scenario.inSync();
            long answered = a.follows().sync().ask();
            a.hear(a.leader().telling(answered).askingToLeave());

            a.hear(a.leader().telling(answered));

            assertThat(a.follows().sync().granted()).isFalse();
        }

        @Test
        void aNewProcessStartsItsCountersAnew() {
            Scenario a = Scenario.leadingBoth();

            a.hear(a.follower().process("b2").consenting(2, A, 100, 8).asking(9));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
            assertThat(a.told().pact().told()).isEqualTo(9);
            assertThat(a.actions(Action.Persist.class))
                    .anyMatch(persist -> persist.journal().alone());
        }
    }

    /// Rule K4.
    @Nested
    class WhilePromoting {

        @Test
        void anAttemptThatIsNotCertainYetIsDroppedWhenTheLeaderIsHeard() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
            assertThat(a.role()).isEqualTo(Role.PROMOTING);

            a.on(new Event.PeerLink(a.now, Peer.Link.UP)).hear(a.leader());

            assertThat(a.role()).isNotIn(Role.PROMOTING, Role.LEADING);
        }

        @Test
        void anAttemptThatIsNotCertainYetIsDroppedWhenItsGrantIsWithdrawn() {
            Scenario a = HandoverRulesTest.inSyncButNotTailing();
            a.server.answering = false;
            a.on(HandoverRulesTest.grant(a, a.request(), new Term(5, A, 101)));
            long request = a.request();

            a.on(new Event.WithdrawHeard(a.now, request, a.peer(), 5));

            assertThat(a.answer(request)).isEqualTo(new Answer.Done());
            assertThat(a.role()).isNotIn(Role.PROMOTING, Role.LEADING);
        }

        @Test
        void aCertainPromotionSaysSo() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            a.on(HandoverRulesTest.grant(a, a.request(), new Term(5, A, 101)));
            assertThat(a.did(Action.OpenOwn.class)).isTrue();
            long request = a.request();

            a.on(new Event.WithdrawHeard(a.now, request, a.peer(), 5));

            assertThat(a.answer(request)).isInstanceOf(Answer.Refused.class);
            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void theRepeatedClaimMovesAboveANumberThatThePeerHasPromised() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 90));

            a.hear(joining(SHARED, 90).highest(6));

            assertThat(Objects.requireNonNull(a.report().claim()).number()).isEqualTo(7);
        }

        @Test
        void aClaimIsDroppedWhenThePeerLeads() {
            Scenario a = starting(settings(A), journal(A, SHARED, 90), 100).connect();
            a.hear(joining(SHARED, 90));
            Term term = new Term(9, B, 91);

            a.hear(leading(term, history(new Term(1, A, 1), term), 95));

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }
    }
}
