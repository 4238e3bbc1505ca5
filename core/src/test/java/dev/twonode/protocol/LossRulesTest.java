package dev.twonode.protocol;

import static dev.twonode.protocol.PeerSays.joining;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.history;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules J1 to J3: a promotion that cannot prove that nothing is missing.
class LossRulesTest {

    private static final long AHEAD = 50;

    /// a is in sync with a leader that acknowledges what the follower does not have yet.
    private static Scenario inSyncWithAHastyLeader() {
        Scenario a = Scenario.inSync();
        return a.hear(a.leader().telling(a.follows().sync().ask()).ahead(AHEAD)).forget();
    }

    private static Scenario killed(Scenario a) {
        return a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
    }

    private static List<String> inOrder(Scenario a) {
        return a.actions().stream()
                .filter(it ->
                        it instanceof Action.Persist
                                || it instanceof Action.JumpOwn
                                || it instanceof Action.OpenOwn
                                || it instanceof Action.AnnounceLoss)
                .map(it -> it.getClass().getSimpleName())
                .toList();
    }

    private static Jump jumped(Scenario a) {
        return Objects.requireNonNull(a.journal.jump());
    }

    /// Wins the contest with this peer, which consents.
    private static Scenario wins(Scenario a, PeerSays loser) {
        a.hear(loser);
        Term claim = ((State.Phase.Claiming) ((State.Promoting) a.state).phase()).claim();
        return a.hear(loser.consenting(claim.number(), A, 0, a.nextPeerCounter()));
    }

    /// Rule J1.
    @Nested
    class Jumping {

        @Test
        void afterAHastyLeaderTheStreamGoesOnBeyondWhatItMayHaveAcknowledged() {
            Scenario a = killed(inSyncWithAHastyLeader());

            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(100 + AHEAD + 2);
            assertThat(a.leads().term()).isEqualTo(new Term(3, A, 101));
            assertThat(a.leads().memory().commit()).isEqualTo(152);
            assertThat(jumped(a)).isEqualTo(new Jump(3, 101, 152, true, Jump.Stage.DONE));
            assertThat(jumped(a).last()).isEqualTo(100 + AHEAD);
        }

        @Test
        void theJumpIsJournalledBeforeItIsMadeAndMadeBeforeTheStreamIsOpened() {
            Scenario a = killed(inSyncWithAHastyLeader());

            assertThat(inOrder(a))
                    .containsExactly(
                            "Persist", "Persist", "JumpOwn", "OpenOwn", "Persist", "AnnounceLoss");
            Journal before = a.actions(Action.Persist.class).get(1).journal();
            assertThat(Objects.requireNonNull(before.jump()).stage())
                    .isEqualTo(Jump.Stage.UNDER_WAY);
            assertThat(before.alone()).isTrue();
        }

        @Test
        void whoHoldsAllThatWasShownDoesNotJump() {
            assertThat(killed(Scenario.inSync()).did(Action.JumpOwn.class)).isFalse();
            assertThat(Scenario.leadingAlone().journal.jump()).isNull();
        }

        @Test
        void whoCopiedTheRestOfASilentLeadersStreamDoesNotJump() {
            Scenario a = inSyncWithAHastyLeader().silence(1_600, true);
            a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 120));
            a.server.fill(120, "m");
            a.on(new Event.Drained(a.now, a.newest(Action.Drain.class).op(), 120));

            assertThat(a.leads().term().startSeq()).isEqualTo(121);
            assertThat(a.did(Action.JumpOwn.class)).isFalse();
        }

        @Test
        void whoCouldNotCopyTheRestOfAHastyLeadersStreamJumps() {
            Scenario a = inSyncWithAHastyLeader().silence(1_600, true);
            long op = a.newest(Action.FencePeer.class).op();
            a.on(new Event.PeerNotFenced(a.now, op, "refused"));

            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(152);
        }

        @Test
        void whatACrashInterruptedIsTakenUpAgain() {
            Scenario a = inSyncWithAHastyLeader();
            killed(a);
            Scenario half = inSyncWithAHastyLeader();
            half.server.answering = true;
            half.watcher =
                    (_, step) -> {
                        if (step.actions().stream().anyMatch(Action.JumpOwn.class::isInstance)) {
                            half.server.answering = false;
                        }
                    };
            killed(half);
            assertThat(half.role()).isEqualTo(Role.PROMOTING);
            half.server.answering = true;
            half.server.fill(120, "given up");

            Scenario again = half.restarted(settings(A)).connect();
            again.advance(10 * Timing.DEFAULT.retry());

            assertThat(again.newest(Action.JumpOwn.class).to()).isEqualTo(152);
            assertThat(again.leads().term().startSeq()).isEqualTo(121);
            assertThat(jumped(again).from()).isEqualTo(101);
            assertThat(jumped(again).stage()).isEqualTo(Jump.Stage.DONE);
            assertThat(again.server.lastSeq()).isEqualTo(a.server.lastSeq());
        }

        @Test
        void anUnknownOutcomeIsTriedAgainAndAFarEndIsNotJumpedToTwice() {
            Scenario a = inSyncWithAHastyLeader();
            a.watcher =
                    (_, step) -> {
                        if (step.actions().stream().anyMatch(Action.JumpOwn.class::isInstance)) {
                            a.server.answering = false;
                        }
                    };
            killed(a);
            a.watcher = (_, _) -> {};
            a.server.answering = true;
            a.on(new Event.StoreFailed(a.now, a.pendingOp(), false, "timed out")).tick();

            assertThat(a.actions(Action.JumpOwn.class)).hasSize(2);
            assertThat(a.leads().memory().commit()).isEqualTo(152);
        }

        @Test
        void streamThatThePeerClosedMeanwhileIsNotOpened() {
            Scenario a = Objects.requireNonNull(Situations.states().get("Promoting, jumps"));
            a.server.answering = true;
            long op = a.pendingOp();
            Reading.Face foreign = new Reading.Face.Fenced(new Mark(9, B));
            Reading reading = new Reading(a.server.id(), a.server.created(), foreign, 1, 100, 100L);

            a.on(new Event.StoreAnswered(a.now, op, a.now, reading));

            assertThat(a.did(Action.OpenOwn.class)).isFalse();
            assertThat(a.journal.alone()).isFalse();
        }
    }

    /// Rule J2.
    @Nested
    class Bound {

        @Test
        void aForcedPromotionGoesBeyondTheHighestCeilingThatIsKnown() {
            Scenario a = Scenario.joining();
            a.on(new Event.PromoteAsked(a.now, a.request(), true, "a"));
            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(10_102);
            assertThat(jumped(a).bounded()).isFalse();

            Scenario b = Scenario.following();
            b.hear(b.leader().ceiling(25_000)).advance(1_600);
            b.on(new Event.PromoteAsked(b.now, b.request(), true, "a"));
            assertThat(b.newest(Action.JumpOwn.class).to()).isEqualTo(25_002);
        }

        @Test
        void aFollowerRemembersItsLeadersCeiling() {
            Scenario a = Scenario.following();

            a.hear(a.leader().ceiling(25_000));

            assertThat(a.journal.ceiling()).isEqualTo(25_000);
        }

        /// Rule S4.
        @Test
        void whoLostWhatWasCommittedGoesBeyondEitherCeiling() {
            Scenario own = starting(settings(A), journal(A, SHARED, 120), 100).connect();
            wins(own, joining(SHARED, 90));
            assertThat(own.newest(Action.JumpOwn.class).to()).isEqualTo(10_122);

            Scenario other = starting(settings(A), journal(A, SHARED, 100), 100).connect();
            wins(other, joining(SHARED, 90).committed(130).ceiling(10_130));
            assertThat(other.newest(Action.JumpOwn.class).to()).isEqualTo(10_132);
            assertThat(jumped(other)).isEqualTo(new Jump(2, 101, 10_132, true, Jump.Stage.DONE));
        }

        @Test
        void whatALoserCommittedBeyondTheForkIsGivenUp() {
            TermHistory mine = history(new Term(1, A, 1), new Term(3, A, 101));
            TermHistory theirs = history(new Term(1, A, 1), new Term(2, B, 101));
            Scenario a = starting(settings(A), journal(A, mine, 130), 130).connect();

            wins(a, joining(theirs, 125).committed(120));

            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(132);
            assertThat(jumped(a).from()).isEqualTo(101);
        }

        @Test
        void whatALoserHoldsAndNobodyWasShownIsNot() {
            TermHistory mine = history(new Term(1, B, 1), new Term(3, A, 101));
            TermHistory theirs = history(new Term(1, B, 1));
            Scenario a = starting(settings(A), journal(A, mine, 130), 130).connect();

            wins(a, joining(theirs, 125).committed(100));

            assertThat(a.leads().term().startSeq()).isEqualTo(131);
            assertThat(a.did(Action.JumpOwn.class)).isFalse();
        }

        /// The commit sequence that a restarted agent knows may be a second old.
        @Test
        void whatALoserWroteInATermThatNobodyElseKnowsMayAllHaveBeenShown() {
            TermHistory mine = history(new Term(1, A, 1), new Term(3, A, 101));
            TermHistory theirs = history(new Term(1, A, 1), new Term(2, B, 101));
            Scenario a = starting(settings(A), journal(A, mine, 130), 130).connect();

            wins(a, joining(theirs, 145).committed(100));

            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(147);
            assertThat(jumped(a).from()).isEqualTo(101);
        }

        @Test
        void howFarATermWentThatOnlyANodeWithoutAStoreKnowsItsCeilingSays() {
            TermHistory mine = history(new Term(1, A, 1), new Term(3, A, 101));
            TermHistory theirs = history(new Term(1, A, 1), new Term(2, B, 81));
            Scenario a = starting(settings(A), journal(A, mine, 130), 130).connect();

            wins(a, joining(theirs, 0).withoutStore().committed(90).ceiling(10_090));

            assertThat(jumped(a).from()).isEqualTo(81);
            assertThat(jumped(a).last()).isEqualTo(10_090);
        }

        @Test
        void aLeaderThatMeetsOneThatServedWithoutItGivesUpWhatThatOneShowed() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(120, "w");
            a.advance(300).forget();
            TermHistory theirs = history(new Term(1, A, 1), new Term(2, B, 101));
            PeerSays loser = joining(theirs, 105).committed(100);

            a.hear(loser);
            assertThat(a.role()).isEqualTo(Role.PROMOTING);
            assertThat(a.server.isOpen()).isFalse();

            wins(a, loser);
            assertThat(jumped(a).from()).isEqualTo(101);
            assertThat(jumped(a).last()).isGreaterThanOrEqualTo(105);
            a.hear(joining(theirs, 105).committed(100).highest(a.leads().term().number()));
            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void whoServedWithoutALeaderFollowsItOnlyOnceThatHasGivenUpWhatWasShown() {
            TermHistory mine = history(new Term(1, A, 1), new Term(2, A, 101));
            Scenario a = starting(settings(A), journal(A, mine, 100), 105).connect();
            Term term = new Term(3, B, 101);
            PeerSays leader = PeerSays.leading(term, history(new Term(1, A, 1), term), 300);

            a.hear(leader);
            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(Showing.of(a.state, Timing.DEFAULT, Showing.Policy.DEFAULT))
                    .isEqualTo(new Showing.Nobody());

            a.hear(leader.jumped(new Jump(3, 101, 200, true, Jump.Stage.DONE)));
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        /// A leader hears of what it has to give up only from one that claims nothing.
        @Test
        void aClaimIsDroppedWhenThePeerLeadsThoughItCannotBeFollowedYet() {
            Scenario a = Scenario.joining().hear(joining(SHARED, 90));
            Term term = new Term(9, B, 91);

            a.hear(PeerSays.leading(term, history(new Term(1, A, 1), term), 95));

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.report().claim()).isNull();
        }

        @Test
        void whatALoserHoldsMayHaveBeenShownByAHastyLeader() {
            TermHistory mine = history(new Term(1, B, 1), new Term(3, A, 101));
            TermHistory theirs = history(new Term(1, B, 1));
            Scenario a = starting(settings(A), journal(A, mine, 130), 130).connect();

            wins(a, joining(theirs, 145).committed(100).ahead(AHEAD));

            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(100 + AHEAD + 2);
        }

        @Test
        void aLoserWithTheSoleRightSaysThatAllItHoldsMayHaveBeenShown() {
            TermHistory terms = history(new Term(1, A, 1), new Term(2, A, 81));
            Scenario a = starting(settings(A), journal(A, terms, 90).withAlone(true), 100);
            a.connect();
            TermHistory further = history(new Term(1, A, 1), new Term(4, B, 81));

            a.hear(PeerSays.claiming(new Term(5, B, 201), further, 200));

            assertThat(a.toldConsent().number()).isEqualTo(5);
            assertThat(a.told().store().commitSeq()).isEqualTo(100);
        }

        @Test
        void nothingIsShownAboveTheCeilingAndANewOneIsJournalledInTime() {
            Scenario a = Scenario.leadingAlone();
            long ceiling = a.journal.ceiling();
            a.server.fill(60_000, "m");

            a.on(new Event.SequenceSeen(a.now, 2, 60_000));
            assertThat(a.leads().memory().commit()).isEqualTo(ceiling);

            a.advance(2_000);
            assertThat(a.leads().memory().commit()).isEqualTo(60_000);
            assertThat(a.journal.ceiling()).isGreaterThanOrEqualTo(65_000);
        }

        @Test
        void aHastyLeaderShowsNothingAboveItsCeiling() {
            Scenario a = Scenario.leadingBoth();
            Showing.Policy hasty = new Showing.Policy(false, 1_000_000);

            Showing showing = Showing.of(a.state, Timing.DEFAULT, hasty);

            assertThat(((Showing.Leader) showing).commit()).isEqualTo(a.journal.ceiling());
        }
    }

    /// Rule J3.
    @Nested
    class Telling {

        @Test
        void whoeverRestartsKineIsToldAgainUntilTheySayWhatBecameOfIt() {
            Scenario a = killed(inSyncWithAHastyLeader());
            Scenario again = a.restarted(settings(A)).connect();
            again.advance(10 * Timing.DEFAULT.retry());
            assertThat(again.newest(Action.AnnounceLoss.class).jump()).isEqualTo(jumped(a));

            again.on(new Event.LossTold(again.now, 3, true));
            assertThat(jumped(again).stage()).isEqualTo(Jump.Stage.RESTARTED);

            Scenario third = again.restarted(settings(A)).connect();
            third.advance(10 * Timing.DEFAULT.retry());
            assertThat(third.role()).isEqualTo(Role.LEADING);
            assertThat(third.did(Action.AnnounceLoss.class)).isFalse();
        }

        @Test
        void whatNobodyRestartedIsLeftToAnOperator() {
            Scenario a = killed(inSyncWithAHastyLeader());

            a.on(new Event.LossTold(a.now, 2, true));
            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.DONE);

            a.on(new Event.LossTold(a.now, 3, false));
            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.LEFT);
            assertThat(a.report().shown().jump()).isEqualTo(jumped(a));
        }

        @Test
        void whatIsLeftToAnOperatorIsSettledByOne() {
            Scenario a = killed(inSyncWithAHastyLeader());
            a.on(new Event.LossTold(a.now, 3, false));

            a.on(new Event.LossTold(a.now, 7, 2, true));
            assertThat(((Answer.Refused) a.answer(7)).code()).isEqualTo(Answer.Code.NOT_NEEDED);
            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.LEFT);

            a.on(new Event.LossTold(a.now, 8, 3, true));
            assertThat(a.answer(8)).isInstanceOf(Answer.Done.class);
            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.RESTARTED);

            a.on(new Event.LossTold(a.now, 9, 3, true));
            assertThat(a.answer(9)).isInstanceOf(Answer.Refused.class);
        }

        @Test
        void aHookThatFailsBehindAnOperatorsWordChangesNothing() {
            Scenario a = killed(inSyncWithAHastyLeader());
            a.on(new Event.LossTold(a.now, 8, 3, true));
            assertThat(a.answer(8)).isInstanceOf(Answer.Done.class);

            a.on(new Event.LossTold(a.now, 3, false));

            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.RESTARTED);
        }

        @Test
        void whatIsLeftToAnOperatorIsNotForgottenInLaterTerms() {
            Jump left = new Jump(1, 81, 101, true, Jump.Stage.LEFT);
            Scenario a = starting(settings(A), journal(A, SHARED, 100).withJump(left), 100);
            a.connect().hear(a.leader()).tick();
            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
            assertThat(jumped(a)).isEqualTo(left);

            Journal sole = journal(A, SHARED, 100).withAlone(true).withJump(left);
            Scenario alone = starting(settings(A), sole, 100);
            alone.connect().advance(10 * Timing.DEFAULT.retry());
            assertThat(alone.leads().term().number()).isGreaterThan(left.term());
            assertThat(jumped(alone)).isEqualTo(left);
        }

        @Test
        void aFollowersClientsHaveSeenTheSameRevisions() {
            Jump jump = new Jump(2, 81, 101, true, Jump.Stage.RESTARTED);
            Scenario a = Scenario.joining();
            a.hear(a.leader().jumped(jump)).tick();
            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));

            assertThat(a.newest(Action.AnnounceLoss.class).jump().last()).isEqualTo(99);
            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.DONE);
        }

        @Test
        void aNodeThatIsNewToThePairHasNoClientsThatDid() {
            Jump jump = new Jump(2, 81, 101, true, Jump.Stage.RESTARTED);
            Scenario a = starting(settings(A), Journal.blank(A), 0).connect();
            a.hear(a.leader().jumped(jump)).tick();
            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));

            assertThat(a.did(Action.AnnounceLoss.class)).isFalse();
            assertThat(jumped(a).stage()).isEqualTo(Jump.Stage.RESTARTED);
        }

        /// Its own clients were served with what the operator gave up.
        @Test
        void whoGaveUpItsContentOnTheOperatorsWordIsNotNewToThePair() {
            Settings stop = new Settings(A, "a1", "pair", false, false, true, Timing.DEFAULT);
            Jump jump = new Jump(2, 81, 101, true, Jump.Stage.RESTARTED);
            Scenario a = starting(stop, journal(A, SHARED, 100), 100).connect();
            a.hear(a.leader().jumped(jump)).tick();
            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.ORPHANS));
            a.on(new Event.RejoinAsked(a.now, 4, "b"));
            Scenario again = a.restarted(stop).connect();
            again.hear(again.leader().jumped(jump)).tick();
            again.on(new Event.Compared(again.now, again.copy(), Event.Comparison.ORPHANS));
            again.on(new Event.ResyncPrepared(again.now, again.copy(), 1));

            again.on(
                    new Event.StreamReplaced(
                            again.now, again.copy(), again.server.created(), 1, 100));

            assertThat(again.newest(Action.AnnounceLoss.class).jump().term()).isEqualTo(2);
            assertThat(jumped(again).stage()).isEqualTo(Jump.Stage.DONE);
        }

        /// Nothing was shown since it was begun.
        @Test
        void aJumpThatIsTakenUpAgainGoesNoFurtherForTheCeilingBehindIt() {
            Jump begun = new Jump(2, 91, 10_102, true, Jump.Stage.UNDER_WAY);
            Journal journal = journal(A, SHARED, 100).withJump(begun).withCommit(100, 20_102);
            Scenario a = starting(settings(A), journal, 90).connect();

            wins(a, joining(SHARED, 80));

            assertThat(a.newest(Action.JumpOwn.class).to()).isEqualTo(10_102);
        }

        @Test
        void aJumpThatWasOvertakenByAnotherLeaderMeansNothingAnyMore() {
            Jump begun = new Jump(2, 101, 160, true, Jump.Stage.UNDER_WAY);
            Scenario a =
                    starting(settings(A), journal(A, SHARED, 100).withJump(begun), 100).connect();
            a.hear(a.leader()).tick();
            a.on(new Event.Compared(a.now, a.copy(), Event.Comparison.PREFIX));

            assertThat(a.journal.jump()).isNull();
        }
    }
}
