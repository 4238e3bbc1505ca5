package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules G1 to G5: when a peer is gone, and what follows.
class GoneRulesTest {

    private static Scenario killed(Scenario a) {
        return a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
    }

    /// Rule G1.
    @Nested
    class Silence {

        @Test
        void theProofIsLookedForAtTwoThirdsOfTheTimeOut() {
            Scenario a = Scenario.inSync();
            a.advance(950);
            assertThat(a.did(Action.AskPeer.class)).isFalse();

            a.advance(50);

            assertThat(a.did(Action.AskPeer.class)).isTrue();
            assertThat(a.actions(Action.ReadOwn.class).getLast()).isNotNull();
        }

        @Test
        void silenceWithoutAnUnansweredRequestIsNoProof() {
            assertThat(Scenario.inSync().advance(5_000).role()).isEqualTo(Role.FOLLOWING);
            assertThat(Scenario.leadingBoth().advance(5_000).leads().mode())
                    .isEqualTo(State.Mode.BOTH);
        }

        @Test
        void silenceWithoutAnAnswerOfTheOwnServerIsNoProof() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;

            a.silence(3_000, false);

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void anAnswerOfTheOwnServerFromBeforeTheDoubtIsNoProof() {
            Scenario a = Scenario.leadingBoth().silence(900, false);
            a.server.answering = false;

            a.silence(600, false);

            assertThat(a.leads().change()).isEqualTo(new State.Change.None());
        }

        @Test
        void aRequestFromBeforeTheDoubtIsNoProof() {
            Scenario a = Scenario.inSync();
            a.on(new Event.PeerUnanswered(a.now, a.now, false));

            a.advance(5_000);

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void anAnswerByEitherPathIsASignOfLife() {
            Scenario a = Scenario.inSync();
            a.silence(1_400, false);

            a.hear(a.leader()).silence(1_400, false);

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void anAnswerThatSaysNoMoreThanWasKnownIsNoSignOfLife() {
            Scenario a = Scenario.inSync();
            Report hung = a.leader().telling(a.follows().sync().ask()).at(a.peer().counter());
            a.on(new Event.PeerHeard(a.now, hung));

            for (int i = 0; i < 40 && a.role() == Role.FOLLOWING; i++) {
                a.tick();
                if (a.did(Action.AskPeer.class)) {
                    a.on(new Event.PeerHeard(a.now, hung, a.now));
                }
            }

            assertThat(a.state.reason()).isEqualTo(Reason.PEER_AGENT_SILENT);
        }

        @Test
        void provenSilenceOfTheTimeOutIsEnough() {
            Scenario a = Scenario.inSync();
            a.silence(1_450, false);
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);

            a.silence(100, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(a.state.reason()).isEqualTo(Reason.PEER_SILENT);
        }
    }

    /// Rule G2.
    @Nested
    class Proofs {

        @Test
        void aLeaderWhoseServerEndedIsFollowedAtOnce() {
            Scenario a = Scenario.inSync();

            a.hear(PeerSays.joining(SHARED, 100).withoutStore());

            assertThat(a.role()).isEqualTo(Role.LEADING);
            assertThat(a.state.reason()).isEqualTo(Reason.PEER_RESIGNED);
        }

        @Test
        void aRefusedDialIsAProofUntilTheFollowerCanUseIt() {
            Scenario a = Scenario.inSync();
            a.on(new Event.StoreFailed(a.now, 999, false, "timed out"));
            killed(a);
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);

            a.advance(Timing.DEFAULT.heartbeat() + Scenario.TICK);

            assertThat(a.role()).isEqualTo(Role.LEADING);
            assertThat(a.state.reason()).isEqualTo(Reason.PEER_KILLED);
        }

        @Test
        void aLeaderResignsAtOnceWhenItsServerEnds() {
            Scenario a = Scenario.leadingBoth();
            long before = a.now;

            a.loseServer();

            assertThat(a.now).isEqualTo(before);
            assertThat(a.told().role()).isEqualTo(Role.JOINING);
            assertThat(a.told().store().usable()).isFalse();
            assertThat(a.told().pact().consent()).isNotNull();
        }

        @Test
        void aLeaderResignsWhenItsServerDoesNotAnswerForAThirdOfTheTimeOut() {
            Scenario a = Scenario.leadingBoth();
            PeerSays follower = a.follower().asking(900).inSync();
            a.server.answering = false;
            for (int i = 0; i < 16; i++) {
                a.hear(follower).tick();
            }

            assertThat(a.state.reason()).isEqualTo(Reason.STORE_DOWN);
            assertThat(a.told().pact().consent()).isNotNull();
        }

        @Test
        void aRefusedDialBehindEndedConnectionsIsProof() {
            Scenario a = killed(Scenario.inSync());

            assertThat(a.role()).isEqualTo(Role.LEADING);
            assertThat(a.state.reason()).isEqualTo(Reason.PEER_KILLED);
        }

        @Test
        void aLostConnectionAloneIsNoProof() {
            Scenario a = Scenario.inSync();

            a.on(new Event.PeerLink(a.now, Peer.Link.DOWN));

            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }
    }

    /// Rule G3.
    @Nested
    class SilentAgent {

        private Scenario fencing(Scenario a) {
            return a.silence(1_600, true);
        }

        @Test
        void theLeadersStreamIsFencedBeforeAnythingIsOpened() {
            Scenario a = fencing(Scenario.inSync());

            assertThat(a.newest(Action.FencePeer.class).mark()).isEqualTo(new Mark(2, A));
            assertThat(a.did(Action.StopCopy.class)).isTrue();
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
        }

        @Test
        void itIsDrainedToTheBarrierFirst() {
            Scenario a = fencing(Scenario.inSync());

            a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 130));
            assertThat(a.newest(Action.Drain.class).barrier()).isEqualTo(130);
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
            a.server.fill(130, "rest");
            a.on(new Event.Drained(a.now, a.newest(Action.Drain.class).op(), 130));

            assertThat(a.leads().term().startSeq()).isEqualTo(131);
        }

        @Test
        void aFollowerThatWasNotInSyncMayPromoteOnceItHasDrained() {
            Scenario a = fencing(Scenario.following());
            a.on(new Event.PeerFenced(a.now, a.newest(Action.FencePeer.class).op(), 130));
            a.server.fill(130, "rest");
            a.on(new Event.Drained(a.now, a.newest(Action.Drain.class).op(), 130));

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void aFollowerThatWasNotInSyncGivesUpWithoutTheBarrierOrTheRest() {
            Scenario a = fencing(Scenario.following());
            a.on(new Event.PeerNotFenced(a.now, a.newest(Action.FencePeer.class).op(), "gone"));
            assertThat(a.role()).isEqualTo(Role.JOINING);

            Scenario b = fencing(Scenario.following());
            b.on(new Event.PeerFenced(b.now, b.newest(Action.FencePeer.class).op(), 130));
            b.on(new Event.NotDrained(b.now, b.newest(Action.Drain.class).op(), "gone"));
            assertThat(b.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void aFollowerInSyncGoesOnWithoutThem() {
            Scenario a = fencing(Scenario.inSync());
            a.on(new Event.PeerNotFenced(a.now, a.newest(Action.FencePeer.class).op(), "gone"));
            assertThat(a.role()).isEqualTo(Role.LEADING);

            Scenario b = fencing(Scenario.inSync());
            b.on(new Event.PeerFenced(b.now, b.newest(Action.FencePeer.class).op(), 130));
            b.on(new Event.NotDrained(b.now, b.newest(Action.Drain.class).op(), "gone"));
            assertThat(b.role()).isEqualTo(Role.LEADING);
        }
    }

    /// Rule G4.
    @Nested
    class ForeignFence {

        @Test
        void aForeignMarkEndsTheTermAndTheSoleRightAndIsNotReopened() {
            Scenario a = Scenario.leadingAlone();
            a.server.fence(new Mark(3, B));

            a.on(new Event.StreamChanged(a.now));
            a.advance(3_000);

            assertThat(a.journal.alone()).isFalse();
            assertThat(a.did(Action.OpenOwn.class)).isFalse();
            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void itIsSeenWithoutAnAdvisoryToo() {
            Scenario a = Scenario.leadingAlone();
            a.server.fence(new Mark(3, B));

            a.advance(300);

            assertThat(a.state.reason()).isEqualTo(Reason.FOREIGN_FENCE);
        }

        @Test
        void theSoleRightEndsDurablyBeforeTheMarkIsOverwritten() {
            Scenario a = Scenario.leadingAlone();
            a.server.fence(new Mark(3, B));
            a.journalWritable = false;

            a.advance(300);

            assertThat(a.role()).isEqualTo(Role.WAITING);
            assertThat(a.server.face).isEqualTo(new Reading.Face.Fenced(new Mark(3, B)));
        }

        @Test
        void aLeaderThatDidNotRunGoesAloneOnlyAfterItHeardThePeer() {
            Scenario a = Scenario.leadingBoth().sleep(600);
            a.silence(5_000, false);
            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);

            a.hearAnswer(a.follower().asking(900).inSync());
            a.hear(a.follower().asking(900).inSync()).silence(1_600, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }

        /// It may be about to lead, behind a disk that hangs.
        @Test
        void anAnswerAloneDoesNotSayThatThePeerDecidesAnything() {
            Scenario a = Scenario.leadingBoth().sleep(600);

            a.hearAnswer(a.follower().asking(900).inSync()).silence(5_000, true);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
        }

        @Test
        void anAnswerCountsAlsoWhenAHeartbeatHasBroughtTheSameBefore() {
            Scenario a = Scenario.leadingBoth().sleep(600);
            a.hear(a.follower().asking(900).inSync());
            Report same = a.follower().asking(900).inSync().at(a.nextPeerCounter() - 1);
            a.on(new Event.PeerHeard(a.now, same, a.now));

            a.hear(a.follower().asking(900).inSync()).silence(1_600, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
        }

        @Test
        void aLeaderAloneThatSleptTellsNobodyInSyncBeforeItHeardThePeer() {
            Scenario a = Scenario.leadingAlone();
            a.hear(a.follower()).sleep(600);

            a.hear(a.follower().asking(900));
            a.hearAnswer(a.follower().asking(900));
            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(a.journal.alone()).isTrue();

            a.hear(a.follower().asking(900));
            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
        }

        /// The grant may have been taken back meanwhile, behind silence (rule K3).
        @Test
        void whoSleptWhileItOpenedWithThePeersWordClosesAgain() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            Consent consent = new Consent(3, A, 100, a.nextPeerCounter());
            a.on(new Event.TakeoverHeard(a.now, 1, a.peer(), new Term(3, A, 101), consent));
            assertThat(((State.Promoting) a.state).isCertain()).isTrue();

            a.sleep(600);

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.newest(Action.FenceOwn.class).op()).isEqualTo(a.pendingOp());
            assertThat(a.answer(1)).isInstanceOf(Answer.Refused.class);
        }

        @Test
        void aLeaderThatSleptWhileItWentAloneStopsGoingAlone() {
            for (int answers = 0; answers < 2; answers++) {
                Scenario a = Scenario.leadingBoth();
                a.silence(1_400, false);
                a.server.answering = false;
                a.silence(200, false);
                assertThat(a.leads().change()).isInstanceOf(State.Change.Numbered.class);
                for (int i = 0; i < answers; i++) {
                    long op = a.pendingOp();
                    a.on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));
                    assertThat(a.leads().change()).isInstanceOf(State.Change.Confirming.class);
                }

                a.server.answering = true;
                long op = a.pendingOp();
                a.sleep(600).on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));
                a.silence(5_000, false);

                assertThat(a.journal.alone()).isFalse();
            }
        }

        @Test
        void whatWaitedWhileALeaderSleptIsNoAnswer() {
            Scenario a = Scenario.leadingBoth();
            long asked = a.now;
            a.sleep(600);
            assertThat(a.did(Action.AskPeer.class)).isTrue();

            a.hear(a.follower().asking(900).inSync());
            Report late = a.follower().asking(900).inSync().at(a.peer().counter());
            a.on(new Event.PeerHeard(a.now, late, asked)).silence(5_000, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
        }
    }

    /// Rule G3, on the side of the node whose stream was fenced.
    @Nested
    class FencedStream {

        private static final TermHistory MINE =
                Scenario.history(new Term(1, A, 1), new Term(2, A, 51), new Term(3, A, 81));

        /// b followed term 1 when it fenced this stream, which a had led with in terms 2 and 3.
        private Scenario fencedByFollower() {
            Journal journal = Scenario.journal(A, MINE, 100).withAlone(true);
            Scenario a = Scenario.starting(Scenario.settings(A), journal, 100);
            a.server.face = new Reading.Face.Fenced(new Mark(1, B));
            return a.connect();
        }

        private static PeerSays peer(long lastSeq, Term... terms) {
            return PeerSays.joining(Scenario.history(terms), lastSeq);
        }

        @Test
        void termsThatThePeerNeverHeardOfDoNotWinOverALeaderThatCopiedAllOfThem() {
            Scenario a = fencedByFollower();

            a.hear(peer(120, new Term(1, A, 1), new Term(2, B, 101)));

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.report().standing().position()).isEqualTo(new Position(1, 100));
        }

        /// Clients were shown what they did in a later term (rule C2).
        @Test
        void nobodyGoesBackToATermBelowThose() {
            Scenario a = fencedByFollower();
            Term term = new Term(2, B, 101);
            TermHistory terms = Scenario.history(new Term(1, A, 1), term);

            a.hear(PeerSays.leading(term, terms, 120));
            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(Showing.of(a.state, Timing.DEFAULT, Showing.Policy.DEFAULT))
                    .isEqualTo(new Showing.Nobody());

            Term above = new Term(4, B, 121);
            a.hear(PeerSays.leading(above, terms.with(above), 120));
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        /// It took the number that a's last term has, without having heard of that.
        @Test
        void aTermOfTheSameNumberThatStartsBeyondThemIsFollowed() {
            Scenario a = fencedByFollower();
            Term term = new Term(3, B, 101);

            a.hear(PeerSays.leading(term, Scenario.history(new Term(1, A, 1), term), 120));

            assertThat(a.follows().term()).isEqualTo(term);
            assertThat(Showing.of(a.state, Timing.DEFAULT, Showing.Policy.DEFAULT))
                    .isInstanceOfSatisfying(
                            Showing.Leader.class,
                            leader -> assertThat(leader.term()).isEqualTo(term));
        }

        @Test
        void theyDoAfterARestartNoMoreThanBefore() {
            Scenario a = fencedByFollower().restarted(Scenario.settings(A)).connect();

            a.hear(peer(120, new Term(1, A, 1), new Term(2, B, 101)));

            assertThat(a.role()).isEqualTo(Role.JOINING);
        }

        @Test
        void theyWinOverAPeerThatDidNotGetToTheEndOfTheFencedStream() {
            Scenario a = fencedByFollower();

            a.hear(peer(120, new Term(1, A, 1), new Term(2, B, 91)));

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        @Test
        void theyWinOverAPeerThatDidNotTakeTheLead() {
            Scenario a = fencedByFollower();

            a.hear(peer(90, new Term(1, A, 1)));

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }

        /// The peer has heard of them since.
        @Test
        void theyWinWhenTheFenceCameLate() {
            Scenario a = fencedByFollower();

            a.hear(PeerSays.joining(MINE, 95));

            assertThat(a.role()).isEqualTo(Role.PROMOTING);
        }
    }

    /// Rule G5.
    @Nested
    class Order {

        @Test
        void copyingStopsThenTheBarrierThenTheJournalThenTheStreamOpens() {
            Scenario a = killed(Scenario.inSync());

            List<String> order =
                    a.actions().stream()
                            .filter(it -> !(it instanceof Action.Tell))
                            .map(it -> it.getClass().getSimpleName())
                            .toList();
            assertThat(order)
                    .containsExactly("StopCopy", "Persist", "FenceOwn", "Persist", "OpenOwn");
            assertThat(a.journal.alone()).isTrue();
            assertThat(a.journal.history().last()).contains(a.leads().term());
        }

        @Test
        void anUnknownOpeningIsLookedAtAgainAndNeverTakenBack() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            killed(a);
            long barrier = a.newest(Action.FenceOwn.class).op();
            a.server.fence(a.newest(Action.FenceOwn.class).mark());
            a.on(new Event.StoreAnswered(a.now, barrier, a.now, a.server.reading()));
            long opening = a.newest(Action.OpenOwn.class).op();
            a.on(new Event.StoreFailed(a.now, opening, false, "timed out"));
            assertThat(a.role()).isEqualTo(Role.PROMOTING);

            a.server.answering = true;
            a.server.face = new Reading.Face.Open();
            a.tick();

            assertThat(a.role()).isEqualTo(Role.LEADING);
        }

        @Test
        void aPromotionWhoseServerEndsFencesAndKeepsItsRight() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            killed(a);
            a.server.fence(a.newest(Action.FenceOwn.class).mark());
            long op = a.newest(Action.FenceOwn.class).op();
            a.on(new Event.StoreAnswered(a.now, op, a.now, a.server.reading()));

            a.loseServer();

            assertThat(a.role()).isEqualTo(Role.JOINING);
            assertThat(a.journal.alone()).isTrue();
            assertThat(a.journal.history().last()).contains(new Term(3, A, 101));
        }

        @Test
        void anOrderToPromoteSaysWhatWouldBeLost() {
            Scenario a = Scenario.following();
            a.hear(PeerSays.leading(a.follows().term(), a.journal.history(), 150));
            a.advance(2_000);

            a.on(new Event.PromoteAsked(a.now, 5, false, null));

            assertThat(a.answer(5)).isEqualTo(new Answer.WouldLose(150, 100, 2_000));
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        }

        @Test
        void anOrderToPromoteNeedsForceAndTheNodesName() {
            Scenario a = Scenario.joining();
            a.on(new Event.PromoteAsked(a.now, 5, true, "b"));
            assertThat(a.answer(5)).isInstanceOf(Answer.WouldLose.class);

            a.on(new Event.PromoteAsked(a.now, 6, true, "a"));

            assertThat(a.answer(6)).isEqualTo(new Answer.Led(new Term(2, A, 101)));
        }

        @Test
        void anOrderToPromoteIsRefusedWhileThePeerLeadsAndAnswers() {
            Scenario a = Scenario.following();

            a.on(new Event.PromoteAsked(a.now, 5, true, "a"));

            assertThat(((Answer.Refused) a.answer(5)).code()).isEqualTo(Answer.Code.NOT_NEEDED);
        }
    }
}
