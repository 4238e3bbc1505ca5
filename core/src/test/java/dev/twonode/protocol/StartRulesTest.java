package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.claiming;
import static dev.twonode.protocol.PeerSays.joining;
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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules S1 to S4: what a node does before it knows who leads.
class StartRulesTest {

    private static final Journal ALONE = journal(A, SHARED, 100).withAlone(true);

    /// Rule S1.
    @Nested
    class FirstLook {

        @Test
        void theStreamIsReadThenFenced() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100), 100).connect();

            List<Action> own =
                    a.actions().stream()
                            .filter(it ->
                                    it instanceof Action.ReadOwn || it instanceof Action.FenceOwn)
                            .toList();
            assertThat(own).hasExactlyElementsOfTypes(Action.ReadOwn.class, Action.FenceOwn.class);
            assertThat(a.server.isOpen()).isFalse();
        }

        @Test
        void aPeerThatIsReachedIsAskedAtOnce() {
            Scenario a = Scenario.joining();
            assertThat(a.did(Action.AskPeer.class)).isFalse();

            a.on(new Event.PeerLink(a.now, Peer.Link.UP));

            assertThat(a.did(Action.AskPeer.class)).isTrue();
        }

        @Test
        void aReadingThatFailedWhileThePeerIsLookedForIsRepeated() {
            Scenario a = Scenario.joining();

            a.on(new Event.StoreFailed(a.now, 77, false, "no answer"));
            assertThat(a.report().store().usable()).isFalse();

            a.advance(Timing.DEFAULT.heartbeat());
            assertThat(a.report().store().usable()).isTrue();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aForeignMarkEndsTheSoleRightBeforeItIsOverwritten() {
            Scenario a = starting(settings(A), ALONE, 100);
            a.server.fence(new Mark(5, B));
            a.journalWritable = false;

            a.connect();

            assertThat(a.server.face).isEqualTo(new Reading.Face.Fenced(new Mark(5, B)));
            a.journalWritable = true;
            a.advance(10_100);
            assertThat(a.journal.alone()).isFalse();
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
        }

        /// Numbers are journalled before they are used (rule T1).
        @Test
        void anOwnMarkThatTheJournalDoesNotKnowEndsTheSoleRightOfAnOlderJournal() {
            Scenario a = starting(settings(A), ALONE, 100);
            a.server.fence(new Mark(ALONE.highestTerm() + 1, A));

            a.connect().advance(10_100);

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.journal.highestTerm()).isEqualTo(ALONE.highestTerm() + 1);
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
            assertThat(a.role()).isEqualTo(Role.WAITING);
        }

        @Test
        void anOwnMarkWithoutAJournalIsNoFirstStart() {
            Scenario a = starting(designated(A), Journal.blank(A), 0);
            a.server.fence(new Mark(7, A));

            a.connect().advance(10_100);

            assertThat(a.did(Action.OpenOwn.class)).isFalse();
            assertThat(a.role()).isEqualTo(Role.WAITING);
        }

        @Test
        void anOwnMarkOfAKnownNumberLeavesTheSoleRightAsItIs() {
            Scenario a = starting(settings(A), ALONE, 100);
            a.server.fence(new Mark(ALONE.highestTerm(), A));

            a.connect().advance(2_000);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }

        @Test
        void aForeignMarkThatWasSeenIsOverwrittenAtOnce() {
            Scenario a = starting(settings(A), ALONE, 100);
            a.server.fence(new Mark(5, B));

            a.connect();

            assertThat(a.actions(Action.FenceOwn.class)).hasSize(1);
            assertThat(a.newest(Action.FenceOwn.class).care()).isEqualTo(Care.NONE);
            assertThat(a.server.reading().fencedByOther(A)).isFalse();
        }

        @Test
        void aForeignMarkSetWhileTheConnectionWasDownCountsToo() {
            Scenario a = starting(settings(A), ALONE, 100).connect();
            a.loseServer();
            a.server.start();
            a.server.fence(new Mark(5, B));

            a.connect().advance(2_000);

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aForeignMarkSetWhileItJoinsCountsToo() {
            Scenario a = starting(settings(A), ALONE, 100).connect();
            a.server.fence(new Mark(5, B));

            a.on(new Event.StreamChanged(a.now)).advance(2_000);

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aForeignMarkSetBetweenTheLookAndTheFenceIsNotSweptAwayUnseen() {
            Scenario a = starting(settings(A), ALONE, 100);
            fencedByThePeerJustBeforeTheOwnFence(a);

            a.connect();
            assertThat(a.journal.alone()).isFalse();

            a.advance(2_000);
            assertThat(a.journal.alone()).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.server.face).isInstanceOf(Reading.Face.Fenced.class);
            assertThat(a.server.reading().fencedByOther(A)).isFalse();
        }

        @Test
        void aForeignMarkSetBeforeTheBarrierOfAPromotionEndsIt() {
            Scenario a = starting(settings(A), ALONE, 100).connect();
            fencedByThePeerJustBeforeTheOwnFence(a);

            a.advance(5_000);

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
        }

        private static void fencedByThePeerJustBeforeTheOwnFence(Scenario a) {
            boolean[] done = {false};
            a.watcher =
                    (_, step) -> {
                        if (!done[0]
                                && step.actions().stream()
                                        .anyMatch(Action.FenceOwn.class::isInstance)) {
                            done[0] = true;
                            a.server.fence(new Mark(5, B));
                        }
                    };
        }

        @Test
        void anAgentThatStopsBeforeItLookedLeavesTheFenceAsItIs() {
            Scenario a = starting(settings(A), ALONE, 100);
            a.server.fence(new Mark(5, B));
            a.server.answering = false;
            a.connect();

            a.on(new Event.StopAsked(a.now));

            assertThat(a.did(Action.FenceOwn.class)).isFalse();
            assertThat(a.did(Action.Halt.class)).isTrue();
        }

        @Test
        void aMissingStreamIsCreatedFenced() {
            Scenario a = starting(settings(A), Journal.blank(A), 0);
            a.server.exists = false;

            a.connect();

            assertThat(a.server.exists).isTrue();
            assertThat(a.server.isOpen()).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aFailedReadingIsTriedAgain() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100), 100);
            a.server.up = false;
            a.connect();
            a.server.up = true;

            a.tick();

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aStreamEditedByHandWaitsForItsOwner() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100), 100);
            a.server.face = new Reading.Face.Foreign("three replicas");
            a.connect();
            assertThat(a.state.reason()).isEqualTo(Reason.STREAM_EDITED);

            a.server.face = new Reading.Face.Open();
            a.advance(10_100);

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }
    }

    /// Rule S2.
    @Nested
    class WithContact {

        @Test
        void theWinnerOpensOnlyBehindTheLosersConsent() {
            Scenario a = starting(settings(A), ALONE, 100).connect();
            a.hear(joining(SHARED, 90)).forget();

            a.hear(joining(SHARED, 90)).hear(joining(SHARED, 90));

            assertThat(a.did(Action.OpenOwn.class)).isFalse();
        }

        @Test
        void nobodyIsMetBeforeTheOwnStreamIsFenced() {
            Scenario a = starting(settings(A), journal(A, SHARED, 100), 100);
            a.server.answering = false;
            a.connect();

            a.hear(claiming(new Term(5, B, 201), SHARED, 200));

            assertThat(a.report().pact().consent()).isNull();
        }

        @Test
        void aClaimIsNotWaitedForWithoutContact() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 90));

            a.advance(1_600);

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.state.reason()).isEqualTo(Reason.ATTEMPT_DROPPED);
        }
    }

    /// Rule S3.
    @Nested
    class WithoutContact {

        @Test
        void theNodeWithTheSoleRightLeadsAfterOneTry() {
            Scenario a = starting(settings(A), ALONE, 100).connect();
            a.advance(950);
            assertThat(a.role()).isEqualTo(Role.JOINING);

            a.advance(50);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }

        @Test
        void aNodeWithoutTheSoleRightWaitsAloud() {
            Scenario a = Scenario.joining();
            a.advance(9_950);
            assertThat(a.role()).isEqualTo(Role.JOINING);

            a.advance(50);

            assertThat(a.role()).isEqualTo(Role.WAITING);
            assertThat(a.state.reason()).isEqualTo(Reason.NO_PROOF);
        }

        @Test
        void contactEndsTheWait() {
            Scenario a = Scenario.joining().advance(10_000);

            a.hear(joining(SHARED, 90));

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void theDesignatedNodeLeadsAtThePairsVeryFirstStart() {
            Scenario a = starting(designated(A), Journal.blank(A), 0).connect();

            a.advance(3_000);

            assertThat(a.leads().term()).isEqualTo(new Term(1, A, 1));
            assertThat(a.actions(Action.Persist.class).getFirst().journal().alone()).isTrue();
        }

        @Test
        void anotherNodeOrANonEmptyStreamOrAnEarlierPromiseIsNoFirstStart() {
            Scenario other = starting(settings(A), Journal.blank(A), 0).connect();
            Scenario full = starting(designated(A), Journal.blank(A), 5).connect();
            Scenario bound =
                    starting(designated(A), Journal.blank(A).withPairId("p").withHighestTerm(1), 0)
                            .connect();

            for (Scenario it : List.of(other, full, bound)) {
                it.advance(11_000);
                assertThat(it.role()).isEqualTo(Role.WAITING);
            }
        }

        @Test
        void theSeedsLooserRuleIsAForcedPromotionOfTheDesignatedNodeThatLedLast() {
            Settings loose = new Settings(A, "a1", "pair", true, true, false, Timing.DEFAULT);
            Scenario a = starting(loose, journal(A, SHARED, 100), 100).connect();
            Scenario followed =
                    starting(loose, journal(A, history(new Term(1, B, 1)), 100), 100).connect();

            assertThat(a.advance(10_000).role()).isEqualTo(Role.LEADING);
            assertThat(followed.advance(10_000).role()).isEqualTo(Role.WAITING);
        }

        @Test
        void aPeerWithoutAStoreIsContactEnoughForTheSoleRight() {
            Scenario a = starting(settings(A), ALONE, 100).connect();

            a.hear(says(Role.STARTING).withoutStore());

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void noTriesMeanToWaitForThePeerForEver() {
            Timing patient = new Timing(250, 1_500, 1_000, 0, 0);
            Settings settings = new Settings(A, "a1", "pair", true, false, false, patient);
            Scenario a = starting(settings, Journal.blank(A), 0).connect();

            a.advance(60_000);

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }
    }

    /// Rule S4.
    @Nested
    class LostData {

        @Test
        void aStoreThatLostCommittedDataNeverLeadsWithoutContact() {
            Scenario a = starting(settings(A), ALONE, 90).connect();

            a.advance(3_000);

            assertThat(a.role()).isEqualTo(Role.WAITING);
            assertThat(((State.Waiting) a.state).detail()).contains("lost committed data");
        }

        @Test
        void norWhereAJumpThatWasCutOffGaveUpOtherRevisions() {
            Jump jump = new Jump(1, 101, 200, true, Jump.Stage.UNDER_WAY);
            Scenario lost = starting(settings(A), ALONE.withJump(jump), 90).connect();
            Scenario cutOff = starting(settings(A), ALONE.withJump(jump), 100).connect();

            lost.advance(3_000);
            cutOff.advance(3_000);

            assertThat(lost.role()).isEqualTo(Role.WAITING);
            assertThat(cutOff.role()).isEqualTo(Role.LEADING);
        }

        /// The commit sequence as such is journalled once a second only.
        @Test
        void whatASilentFollowerLeavesSafeIsJournalledWithTheRight() {
            Scenario a = Scenario.leadingBoth();
            a.server.fill(120, "n");

            while (a.leads().mode() == State.Mode.BOTH) {
                a.silence(Scenario.TICK, false);
            }

            assertThat(a.journal.commitSeq()).isEqualTo(120);
        }

        @Test
        void whatALeavingFollowerLeavesSafeIsJournalledWithTheRight() {
            Scenario a = Scenario.leadingBoth();
            Term term = a.leads().term();
            a.server.fill(120, "n");
            a.on(new Event.SequenceSeen(a.now, term.number(), 120));

            a.hear(
                    PeerSays.following(term, a.journal.history(), 100)
                            .consenting(term.number(), A, 100, 902));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(a.journal.commitSeq()).isEqualTo(120);
        }

        @Test
        void whatAFailoverMakesSafeIsJournalledWithTheRight() {
            Scenario a = Scenario.inSync();
            a.server.fill(110, "n");
            a.on(new Event.Copied(a.now, a.copy(), 110, 0));

            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));

            assertThat(a.role()).isEqualTo(Role.LEADING);
            assertThat(a.journal.commitSeq()).isEqualTo(110);
        }

        @Test
        void itRanksByWhatItStillHolds() {
            TermHistory terms = history(new Term(1, A, 1), new Term(4, A, 80));
            Scenario a = starting(settings(A), journal(A, terms, 100), 60).connect();

            assertThat(a.report().standing().position()).isEqualTo(new Position(1, 60));
        }

        /// A follower hears from its leader what was committed, and does not journal it.
        @Test
        void aFollowerWithoutAStoreConsentsToNobodyWhoLacksWhatItHeardWasCommitted() {
            Scenario a = Scenario.following();
            a.server.fill(120, "n");
            a.on(new Event.Copied(a.now, a.copy(), 120, 0));
            a.hear(a.leader().committed(115));
            a.loseServer();
            TermHistory terms = history(new Term(1, A, 1), new Term(2, B, 101));

            a.hear(claiming(new Term(3, B, 111), terms, 110).process("b2"));

            Consent given = a.report().pact().consent();
            assertThat(given == null || given.number() < 3).isTrue();
        }

        @Test
        void itClaimsNothingOfAPeerWhoseStoreMayHoldMore() {
            Scenario a = starting(settings(A), ALONE, 90).connect();

            a.hear(says(Role.STARTING).withoutStore());
            assertThat(a.role()).isEqualTo(Role.JOINING);

            a.hear(PeerSays.joining(SHARED, 80));
            assertThat(a.report().claim()).isNotNull();
        }
    }
}
