package dev.twonode.protocol;

import static dev.twonode.protocol.HandoverRulesTest.grant;
import static dev.twonode.protocol.HandoverRulesTest.inSyncButNotTailing;
import static dev.twonode.protocol.HandoverRulesTest.order;
import static dev.twonode.protocol.PeerSays.leading;
import static dev.twonode.protocol.PeerSays.says;
import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Rule H1: a follower is given the lead.
class TakeoverRulesTest {

    @Test
    void aNodeInSyncTakesTheGrantAndTheGiverStartsInSync() {
        Scenario a = Scenario.inSync();

        a.on(grant(a, 9, new Term(5, A, 101)));

        assertThat(a.leads().term()).isEqualTo(new Term(5, A, 101));
        assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
        assertThat(a.journal.alone()).isFalse();
        assertThat(a.answer(9)).isEqualTo(new Answer.Led(new Term(5, A, 101)));
        assertThat(a.told().pact().told()).isEqualTo(5_000);
    }

    @Test
    void aFollowerThatTailsOpensBehindTheFenceThatItHas() {
        Scenario a = Scenario.inSync();
        Reading.Face fence = a.server.face;

        a.on(grant(a, 9, new Term(5, A, 101)));

        assertThat(order(a)).containsExactly("StopCopy", "Persist", "OpenOwn", "Reply");
        assertThat(a.newest(Action.OpenOwn.class).mark())
                .isEqualTo(((Reading.Face.Fenced) fence).mark());
        assertThat(a.journal.history().last()).contains(new Term(5, A, 101));
        assertThat(a.journal.highestTerm()).isEqualTo(5);
    }

    @Test
    void aFollowerThatDoesNotTailTakesItsOwnBarrierFirst() {
        Scenario a = inSyncButNotTailing();

        a.on(grant(a, 9, new Term(5, A, 101)));

        assertThat(order(a)).containsExactly("StopCopy", "FenceOwn", "Persist", "OpenOwn", "Reply");
        assertThat(a.leads().term()).isEqualTo(new Term(5, A, 101));
    }

    @Test
    void aGrantedFollowerWhoseFenceMovedUnreadOpensBehindTheOneThatItFinds() {
        Scenario a = Scenario.inSync();
        a.server.fence(new Mark(7, A));

        a.on(grant(a, 9, new Term(5, A, 101)));
        assertThat(a.role()).isEqualTo(Role.PROMOTING);
        a.tick();

        assertThat(a.leads().term()).isEqualTo(new Term(5, A, 101));
    }

    @Test
    void aGrantedFollowerWhoseStreamThePeerFencedDoesNotOpenIt() {
        Scenario a = Scenario.inSync();
        a.server.fence(new Mark(2, B));

        a.on(grant(a, 9, new Term(5, A, 101))).tick();

        assertThat(a.server.isOpen()).isFalse();
        assertThat(a.role()).isNotIn(Role.PROMOTING, Role.LEADING);
        assertThat(a.answer(9)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void aGrantOfAnotherProcessIsRefused() {
        refuses(Scenario.inSync(), "b0", new Term(5, A, 101));
    }

    @Test
    void aGrantThatLeavesAGapIsRefused() {
        refuses(Scenario.inSync(), "b1", new Term(5, A, 102));
    }

    @Test
    void aGrantToAnotherNodeIsRefused() {
        refuses(Scenario.inSync(), "b1", new Term(5, B, 101));
    }

    @Test
    void aGrantOfAUsedNumberIsRefused() {
        refuses(Scenario.inSync(), "b1", new Term(2, A, 101));
    }

    @Test
    void aGrantToAFollowerThatIsNotInSyncIsRefused() {
        refuses(Scenario.following(), "b1", new Term(5, A, 101));
    }

    @Test
    void aGrantToANodeThatDoesNotFollowIsRefused() {
        refuses(Scenario.joining(), "b1", new Term(5, A, 101));
    }

    private static void refuses(Scenario a, String process, Term term) {
        Role before = a.role();

        a.on(grant(a, 9, process, term));

        assertThat(a.answer(9)).isInstanceOf(Answer.Refused.class);
        assertThat(a.role()).isEqualTo(before);
        assertThat(a.did(Action.OpenOwn.class)).isFalse();
    }

    /// a was granted term 5 by b, whose heartbeats say that it follows.
    static Scenario followedByItsGiver(Scenario a, long millis) {
        for (long end = a.now + millis; a.now < end; ) {
            a.hear(PeerSays.following(new Term(5, A, 101), a.journal.history(), 100)).tick();
        }
        return a;
    }

    private static Scenario grantedWithAServerThatDoesNotOpen() {
        Scenario a = Scenario.inSync();
        a.server.opens = false;
        return a.on(grant(a, 9, new Term(5, A, 101)));
    }

    /// Rules G5 and T4: the giver leads again.
    @Test
    void aNodeWhoseServerDoesNotOpenTheStreamLeavesTheLeadToItsPeer() {
        Scenario a = followedByItsGiver(grantedWithAServerThatDoesNotOpen(), 1_400);
        assertThat(a.role()).isEqualTo(Role.PROMOTING);

        followedByItsGiver(a, 200);

        assertThat(a.state.reason()).isEqualTo(Reason.CANNOT_OPEN);
        assertThat(a.answer(9)).isInstanceOf(Answer.Refused.class);
        assertThat(a.told().store().usable()).isFalse();
        a.hear(PeerSays.claiming(new Term(6, B, 101), a.journal.history(), 100));
        assertThat(Objects.requireNonNull(a.told().pact().consent()).number()).isEqualTo(6);
        Term others = new Term(6, B, 101);
        a.hear(leading(others, a.journal.history().with(others), 100));
        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    /// What it opens late it shows nobody: its peer may have led on meanwhile (rule C4).
    @Test
    void aNodeWhoseServerDoesNotOpenTheStreamGoesOnTryingWhenNobodyElseIsThere() {
        Scenario gone = grantedWithAServerThatDoesNotOpen().silence(5_000, false);
        assertThat(gone.role()).isEqualTo(Role.PROMOTING);

        gone.server.opens = true;
        gone.tick();
        assertThat(gone.leads().term()).isEqualTo(new Term(5, A, 101));
        Showing showing = Showing.of(gone.state, Timing.DEFAULT, Showing.Policy.DEFAULT);
        assertThat(((Showing.Leader) showing).shows(gone.now)).isFalse();

        Scenario stopped = grantedWithAServerThatDoesNotOpen();
        for (int i = 0; i < 100; i++) {
            stopped.hear(says(Role.STOPPED).holding(stopped.journal.history(), 100)).tick();
        }
        assertThat(stopped.role()).isEqualTo(Role.PROMOTING);
    }

    /// The giver heard nothing of it and led on (rules K3, C2). What this node opened then it would
    /// show, since its peer is heard.
    @Test
    void aNodeThatIsLateToOpenAndHearsThatItsGiverLedOnFollowsIt() {
        Scenario a = grantedWithAServerThatDoesNotOpen().silence(3_000, false);
        Term others = new Term(6, B, 101);
        TermHistory theirs = a.journal.history().without(5).with(others);

        a.hear(leading(others, theirs, 120).alone());
        a.server.opens = true;
        a.tick();

        assertThat(a.server.isOpen()).isFalse();
        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.answer(9)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void soDoesOneThatWaitsForItsBarrier() {
        Scenario a = inSyncButNotTailing();
        a.server.answering = false;
        a.on(grant(a, 9, new Term(5, A, 101))).silence(3_000, false);
        a.server.answering = true;
        Term others = new Term(6, B, 101);

        a.hear(leading(others, a.journal.history().with(others), 120).alone());

        assertThat(a.did(Action.OpenOwn.class)).isFalse();
        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void aNodeThatIsLateToOpenDoesNotOpenBesideAGiverThatCameBackWithTheSoleRight() {
        Scenario a = grantedWithAServerThatDoesNotOpen().silence(3_000, false);
        Term others = new Term(6, B, 101);
        TermHistory theirs = a.journal.history().without(5).with(others);

        a.hear(PeerSays.joining(theirs, 120).process("b2").alone());
        a.server.opens = true;
        a.tick();

        assertThat(a.server.isOpen()).isFalse();
        assertThat(a.role()).isEqualTo(Role.JOINING);
    }

    /// It was said before the grant.
    @Test
    void aLateHeartbeatOfTheTermThatTheGiverEndedKeepsNobodyFromOpening() {
        Scenario a = grantedWithAServerThatDoesNotOpen();

        a.hear(a.leader());
        a.server.opens = true;
        a.tick();

        assertThat(a.leads().term()).isEqualTo(new Term(5, A, 101));
    }

    /// Both took the sole right while they were cut off from each other (rules G5, A4).
    @Test
    void aNodeWithTheSoleRightThatIsLateToOpenDoesNotOpenBesideALeader() {
        for (long number : List.of(3L, 4L)) {
            Scenario a = Scenario.inSync();
            a.server.opens = false;
            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED)).silence(3_000, false);
            Term others = new Term(number, B, 101);
            TermHistory theirs = a.journal.history().without(3).with(others);

            a.hear(leading(others, theirs, 120).alone());
            a.server.opens = true;
            a.tick();

            assertThat(a.server.isOpen()).isFalse();
            assertThat(a.role()).isEqualTo(Role.FOLLOWING);
            assertThat(a.journal.alone()).isFalse();
        }
    }

    @Test
    void aNodeWithTheSoleRightOpensBesideALeaderOfAnOlderTerm() {
        Scenario a = Scenario.inSync();
        a.server.opens = false;
        a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));

        a.hear(a.leader());
        a.server.opens = true;
        a.tick();

        assertThat(a.leads().term()).isEqualTo(new Term(3, A, 101));
    }

    @Test
    void aNodeWithTheSoleRightGoesOnTryingToOpenTheStream() {
        Scenario a = Scenario.inSync();
        a.server.opens = false;
        a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));
        for (int i = 0; i < 100; i++) {
            a.hear(PeerSays.joining(Scenario.SHARED, 100)).tick();
        }

        assertThat(a.role()).isEqualTo(Role.PROMOTING);
        assertThat(a.journal.alone()).isTrue();
    }

    @Test
    void aNodeThatCouldNotOpenTheStreamTriesAgainWhenNobodyLeads() {
        Scenario a = followedByItsGiver(grantedWithAServerThatDoesNotOpen(), 1_600);
        a.on(new Event.StreamChanged(a.now)).advance(9_000);
        assertThat(a.state.reason()).isEqualTo(Reason.CANNOT_OPEN);

        a.server.opens = true;
        a.advance(1_500);

        assertThat(a.role()).isEqualTo(Role.JOINING);
        assertThat(a.told().store().usable()).isTrue();
    }

    @Test
    void whoeverGaveTheLeadToANodeThatCannotOpenLeadsAgain() {
        for (String giver : List.of("a", "b")) {
            Pair pair = new Pair((_, _) -> {});
            pair.startAgent(pair.a);
            pair.startAgent(pair.b);
            pair.advance(1_000);
            if (giver.equals("b")) {
                pair.ask(pair.a, new Event.StepDownAsked(pair.now, 1));
                pair.advance(1_000);
            }
            Pair.Node leader = pair.node(giver);
            pair.write(leader, 3);
            pair.advance(1_000);
            leader.peer().server.opens = false;

            pair.ask(leader, new Event.StepDownAsked(pair.now, 2));
            pair.advance(4_000);

            assertThat(pair.agent(leader).leads().mode()).as(giver).isEqualTo(State.Mode.BOTH);
            assertThat(pair.agent(leader).journal.jump()).as(giver).isNull();
            pair.write(leader, 3);
            pair.advance(1_000);
            assertThat(pair.a.server.messages).isEqualTo(pair.b.server.messages).hasSize(6);
        }
    }

    @Test
    void aPromisedPromotionWhoseServerEndsSaysNoAndFences() {
        Scenario a = Scenario.inSync();
        a.server.answering = false;
        a.on(grant(a, 9, new Term(5, A, 101)));

        a.loseServer();

        assertThat(a.answer(9)).isInstanceOf(Answer.Refused.class);
        assertThat(a.role()).isEqualTo(Role.JOINING);
    }
}
