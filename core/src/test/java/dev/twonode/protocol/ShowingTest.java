package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static dev.twonode.protocol.Scenario.SHARED;
import static dev.twonode.protocol.Scenario.journal;
import static dev.twonode.protocol.Scenario.settings;
import static dev.twonode.protocol.Scenario.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Showing.Place;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rules C1, C2, C4, and what other rules say about showing.
class ShowingTest {

    private static final Showing.Policy STOP = new Showing.Policy(true, 0);

    @Nested
    class Leader {

        @Test
        void showsUpToWhatTheFollowerHas() {
            Scenario a = Scenario.leadingBoth();
            a.server.fill(120, "w");
            a.tick().hear(a.followerOf(a.leads().term()));
            a.on(new Event.ProgressHeard(a.now, a.peer(), new Term(2, A, 101), 110));

            Showing.Leader shown = leader(a);

            assertThat(shown.place()).isEqualTo(Place.OWN);
            assertThat(shown.serverId()).isEqualTo(a.server.id());
            assertThat(shown.term()).isEqualTo(new Term(2, A, 101));
            assertThat(shown.takesRequests()).isTrue();
            assertThat(shown.commit()).isEqualTo(120);
        }

        @Test
        void showsNothingOfWhatOnlyItHas() {
            Scenario a = Scenario.leadingBoth();
            a.server.fill(120, "w");
            a.on(new Event.SequenceSeen(a.now, 2, 120));

            assertThat(leader(a).commit()).isEqualTo(100);

            a.on(new Event.ProgressHeard(a.now, a.peer(), new Term(2, A, 101), 120));
            assertThat(leader(a).commit()).isEqualTo(120);
        }

        @Test
        void aloneShowsWhatAGatewaySawAtOnce() {
            Scenario a = Scenario.leadingAlone();
            a.server.fill(120, "w");

            a.on(new Event.SequenceSeen(a.now, 2, 117));

            assertThat(leader(a).commit()).isEqualTo(117);
        }

        @Test
        void aloneTellsAPeerThatAsksWhatWasSeenSince() {
            Scenario a = Scenario.leadingAlone();
            Report before = a.report();

            a.on(new Event.SequenceSeen(a.now, 2, 117));

            assertThat(a.report().store().commitSeq()).isEqualTo(117);
            assertThat(a.report().sender().counter()).isGreaterThan(before.sender().counter());
        }

        @Test
        void believesNoSightOfAnotherTerm() {
            Scenario a = Scenario.leadingAlone();

            a.on(new Event.SequenceSeen(a.now, 1, 117));

            assertThat(leader(a).commit()).isEqualTo(100);
        }

        @Test
        void aloneWithAFollowerAboutToBeInSyncShowsNothingBeyondItsTarget() {
            Scenario a = Scenario.leadingAlone();
            PeerSays behind = PeerSays.following(a.leads().term(), a.journal.history(), 90);
            a.hear(behind.asking(900));
            a.server.fill(120, "w");

            a.on(new Event.SequenceSeen(a.now, 2, 120));

            assertThat(leader(a).commit()).isEqualTo(100);
        }

        @Test
        void unheardShowsNothingFromOneHeartbeatBeforeTheTimeOut() {
            Scenario a = Scenario.leadingBoth();
            long heard = a.now;
            Timing timing = Timing.DEFAULT;
            a.advance(timing.heartbeat());

            Showing.Leader shown = leader(a);

            assertThat(shown.shows(heard + timing.peerTimeout() - timing.heartbeat() - 1)).isTrue();
            assertThat(shown.shows(heard + timing.peerTimeout() - timing.heartbeat())).isFalse();
        }

        @Test
        void thatDidNotRunShowsNothingUntilItHearsThePeer() {
            Scenario a = Scenario.leadingBoth();

            a.sleep(Timing.DEFAULT.pause() + 1);
            assertThat(leader(a).shows(a.now)).isFalse();

            a.hearAnswer(a.follower()).hear(a.follower());
            assertThat(leader(a).shows(a.now)).isTrue();
        }

        /// Meanwhile the other node may have fenced this stream and led on.
        @Test
        void aloneThatDidNotRunShowsNothingUntilItsStreamWasRead() {
            Scenario a = Scenario.leadingAlone();
            a.server.answering = false;

            a.sleep(Timing.DEFAULT.pause() + 1);
            assertThat(leader(a).shows(a.now)).isFalse();

            a.server.answering = true;
            a.on(
                    new Event.StoreAnswered(
                            a.now, a.newest(Action.ReadOwn.class).op(), a.now, a.server.reading()));
            assertThat(leader(a).shows(a.now)).isTrue();
        }

        @Test
        void thatWentAloneShowsAgain() {
            Scenario a = Scenario.leadingBoth().silence(1_800, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(leader(a).shows(a.now)).isTrue();
        }

        @Test
        void thatWentAloneUnheardShowsNothingIfThePairWantsItSo() {
            Scenario a = Scenario.leadingBoth().silence(1_800, false);

            assertThat(leader(a, STOP).shows(a.now)).isFalse();
        }

        @Test
        void thatLostItsFollowerSaysWhetherItStopped() {
            Scenario a = Scenario.leadingBothOrNothing();
            assertThat(isStopped(a, STOP)).isFalse();

            a.silence(1_800, false);

            assertThat(a.leads().mode()).isEqualTo(State.Mode.BOTH);
            assertThat(leader(a, STOP).shows(a.now)).isFalse();
            assertThat(isStopped(a, STOP)).isTrue();
            assertThat(isStopped(a, Showing.Policy.DEFAULT)).isFalse();
        }

        private boolean isStopped(Scenario a, Showing.Policy policy) {
            return Showing.isStoppedAlone(a.leads(), Timing.DEFAULT, policy);
        }

        @Test
        void whoseFollowerLeftShowsWhateverThePairWants() {
            Scenario a = Scenario.leadingBoth();
            a.hear(a.follower().consenting(2, A, 100, a.nextPeerCounter()));

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(leader(a, STOP).shows(a.now)).isTrue();
        }

        @Test
        void thatTookOverShowsWhateverThePairWants() {
            Scenario a = Scenario.inSync();
            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));

            assertThat(leader(a, STOP).shows(a.now)).isTrue();
        }

        /// Its agent says that it does not lead, so nobody is cut off.
        @Test
        void thatWentAloneBesideAPeerWithoutAStoreShowsWhateverThePairWants() {
            Journal sole = journal(A, SHARED, 100).withAlone(true);
            Scenario a = starting(settings(A), sole, 100).connect();
            a.hear(PeerSays.says(Role.STARTING).withoutStore());

            assertThat(a.leads().mode()).isEqualTo(State.Mode.ALONE);
            assertThat(leader(a, STOP).shows(a.now)).isTrue();
        }

        @Test
        void thatHandsOverTakesNoRequestsAndShowsWhatIsOnBoth() {
            Scenario a = Scenario.leadingBoth();
            a.gatewaysAnswer = false;

            a.on(new Event.StepDownAsked(a.now, 1));

            assertThat(leader(a).takesRequests()).isFalse();
            assertThat(leader(a).shows(a.now)).isTrue();
            assertThat(leader(a).commit()).isEqualTo(100);
        }

        @Test
        void thatResignedIsNobody() {
            Scenario a = Scenario.leadingBoth().loseServer();

            assertThat(shown(a, Showing.Policy.DEFAULT)).isEqualTo(new Showing.Nobody());
        }
    }

    @Nested
    class Follower {

        @Test
        void sendsRequestsToTheLeadersServer() {
            Scenario a = Scenario.inSync();

            Showing.Leader shown = leader(a);

            assertThat(shown.place()).isEqualTo(Place.PEER);
            assertThat(shown.term()).isEqualTo(new Term(2, B, 101));
            assertThat(shown.serverId()).isEqualTo(a.follows().session().leaderServer());
        }

        @Test
        void showsWhatItCopiedInThisTerm() {
            Scenario a = Scenario.inSync();

            a.on(new Event.Copied(a.now, a.copy(), 130, 0));

            assertThat(leader(a).commit()).isEqualTo(130);
        }

        @Test
        void thatDoesNotCopyShowsWhatTheLeaderAnnounced() {
            Scenario a = Scenario.joining();
            a.hear(a.leader().committed(95));

            assertThat(leader(a).commit()).isEqualTo(95);
        }

        @Test
        void letsRequestsWaitWhileItsLeaderHandsOver() {
            Scenario a = Scenario.inSync();
            TermHistory terms = Scenario.history(new Term(1, A, 1), new Term(2, B, 101));

            a.hear(PeerSays.says(Role.HANDING_OVER).holding(terms, 100));

            assertThat(leader(a).takesRequests()).isFalse();
        }

        @Test
        void thatIsBeingPromotedIsNobodyUntilItLeads() {
            Scenario a = Scenario.inSync();
            a.server.answering = false;
            a.on(new Event.PeerLink(a.now, Peer.Link.REFUSED));

            assertThat(shown(a, Showing.Policy.DEFAULT)).isEqualTo(new Showing.Nobody());
        }
    }

    @Test
    void aNodeWithoutAStoreServesItsClientsByTheLeaderThatItHears() {
        Scenario a = Scenario.joining().loseServer();
        Term term = new Term(2, B, 101);
        TermHistory terms = Scenario.history(new Term(1, A, 1), term);

        a.hear(PeerSays.leading(term, terms, 120).committed(115));

        Showing.Leader shown = leader(a);
        assertThat(shown.place()).isEqualTo(Place.PEER);
        assertThat(shown.term()).isEqualTo(term);
        assertThat(shown.commit()).isEqualTo(115);
        assertThat(shown.shows(a.now)).isTrue();
        assertThat(shown.shows(a.now + Timing.DEFAULT.peerTimeout())).isFalse();
    }

    @Test
    void aLeaderThatSleptThroughANewerTermIsNobody() {
        TermHistory newer = Scenario.history(new Term(1, A, 1), new Term(3, A, 101));
        Scenario a = starting(settings(A), journal(A, newer, 100), 100).connect().loseServer();
        Term slept = new Term(2, B, 101);

        a.hear(PeerSays.leading(slept, Scenario.history(new Term(1, A, 1), slept), 110));

        assertThat(shown(a, Showing.Policy.DEFAULT)).isEqualTo(new Showing.Nobody());
    }

    @Test
    void aLeaderOfATermWithTheNumberOfOnesOwnIsNobodyUntilTheContestIsDecided() {
        TermHistory own = Scenario.history(new Term(1, A, 1), new Term(2, A, 101));
        Scenario a = starting(settings(A), journal(A, own, 120), 120).connect().loseServer();
        Term others = new Term(2, B, 101);

        a.hear(PeerSays.leading(others, Scenario.history(new Term(1, A, 1), others), 110));

        assertThat(shown(a, Showing.Policy.DEFAULT)).isEqualTo(new Showing.Nobody());
    }

    @Test
    void aLeaderOfAnotherPairIsNobody() {
        Scenario a = Scenario.joining().loseServer();
        Term term = new Term(2, B, 101);

        a.hear(PeerSays.leading(term, Scenario.history(term), 120).pair("other"));

        assertThat(shown(a, Showing.Policy.DEFAULT)).isEqualTo(new Showing.Nobody());
    }

    @Test
    void aPolicyMayShowMoreThanIsOnBoth() {
        Scenario a = Scenario.leadingBoth();

        assertThat(leader(a, new Showing.Policy(false, 1_000)).commit()).isEqualTo(1_100);
    }

    @Test
    void onlyWhatMayBeShownIsNoOtherWay() {
        Scenario a = Scenario.leadingBoth();
        Showing before = leader(a);
        a.on(new Event.ProgressHeard(a.now, a.peer(), new Term(2, A, 101), 110));
        assertThat(leader(a).isSameWayAs(before)).isTrue();

        a.gatewaysAnswer = false;
        a.on(new Event.StepDownAsked(a.now, 1));
        assertThat(leader(a).isSameWayAs(before)).isFalse();
        assertThat(new Showing.Nobody().isSameWayAs(before)).isFalse();
        assertThat(new Showing.Nobody().isSameWayAs(new Showing.Nobody())).isTrue();
    }

    private static Showing shown(Scenario at, Showing.Policy policy) {
        return Showing.of(at.state, Timing.DEFAULT, policy);
    }

    private static Showing.Leader leader(Scenario at) {
        return leader(at, Showing.Policy.DEFAULT);
    }

    private static Showing.Leader leader(Scenario at, Showing.Policy policy) {
        return (Showing.Leader) shown(at, policy);
    }
}
