package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rules H1 and G2: a leader whose server answers, and stores none of its clients' writes.
class ReadOnlyRulesTest {

    /// The server of a, which leads, has stored nothing for that long.
    private static Scenario refusing(Scenario a, long lasted) {
        return a.on(new Event.WritesRefused(a.now, refusal(a.leads().term(), lasted)));
    }

    private static Refusal refusal(Term term, long lasted) {
        return new Refusal(term, "insufficient resources", lasted);
    }

    /// Only clients of the follower's gateway write, and it tells what they meet.
    private static Scenario told(Scenario a, Refusal refusal) {
        return a.hear(a.follower().asking(902).refused(refusal));
    }

    /// a leads term 2 with b in sync, which holds what a wrote in it.
    private static Scenario leadingWithWrites() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.advance(Timing.DEFAULT.heartbeat());
        return a.hear(a.follower().asking(901)).forget();
    }

    @Test
    void aLeaderThatCanStoreNothingHandsOverToItsFollower() {
        Scenario a = refusing(leadingWithWrites(), Timing.DEFAULT.peerTimeout());

        assertThat(a.state.reason()).isEqualTo(Reason.STORE_READONLY);
        assertThat(a.newest(Action.Grant.class).term()).isEqualTo(new Term(3, B, 121));
    }

    @Test
    void aLeaderWhoseServerTakesNoBarrierEitherResignsWithNothingToLose() {
        Scenario a = leadingWithWrites();
        a.server.answering = false;
        refusing(a, Timing.DEFAULT.peerTimeout());
        long op = a.newest(Action.FenceOwn.class).op();

        a.on(new Event.StoreFailed(a.now, op, false, "no answer"));

        assertThat(a.did(Action.Grant.class)).isFalse();
        Report told = a.newest(Action.Tell.class).report();
        assertThat(told.leads()).isFalse();
        assertThat(told.store().usable()).isFalse();
        assertThat(a.journal.alone()).isFalse();
    }

    @Test
    void aLeaderThatStoresAgainInTimeLeadsOn() {
        assertThat(refusing(leadingWithWrites(), Timing.DEFAULT.peerTimeout() - 1).role())
                .isEqualTo(Role.LEADING);
    }

    @Test
    void whatWasRefusedInAnEarlierTermSaysNothing() {
        Scenario a = leadingWithWrites();

        a.on(new Event.WritesRefused(a.now, refusal(new Term(1, A, 1), 10_000)));
        told(a, refusal(new Term(1, A, 1), 10_000));

        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void whatWasRefusedInATermOfTheOtherNodeSaysNothing() {
        Scenario a = leadingWithWrites();

        told(a, refusal(new Term(2, B, 101), 10_000));

        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aLeaderIsToldByItsFollowerThatItStoresNothing() {
        Scenario a = leadingWithWrites();
        Term term = a.leads().term();

        told(a, refusal(term, Timing.DEFAULT.peerTimeout() - 1));
        assertThat(a.role()).isEqualTo(Role.LEADING);
        told(a, refusal(term, Timing.DEFAULT.peerTimeout()));

        assertThat(a.state.reason()).isEqualTo(Reason.STORE_READONLY);
        assertThat(a.newest(Action.Grant.class).term()).isEqualTo(new Term(3, B, 121));
    }

    @Test
    void anOldWordOfTheFollowersMovesNoLeader() {
        Scenario a = leadingWithWrites();
        Report old = a.follower().refused(refusal(a.leads().term(), 10_000)).at(1);

        a.on(new Event.PeerHeard(a.now, old));

        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aFollowerTellsWhatItsClientsMeetForAsLongAsTheyDo() {
        Scenario b = Scenario.inSync();
        Refusal met = refusal(b.follows().term(), 700);

        b.on(new Event.WritesRefused(b.now, met)).advance(Timing.DEFAULT.heartbeat());
        assertThat(b.newest(Action.Tell.class).report().refusal()).isEqualTo(met);
        b.advance(2 * Timing.DEFAULT.heartbeat());

        assertThat(b.newest(Action.Tell.class).report().refusal()).isNull();
    }

    @Test
    void twoNodesThatCanStoreNothingDoNotPassTheLeadToAndFro() {
        assertThat(refusing(Scenario.leadingBoth(), 10_000).role()).isEqualTo(Role.LEADING);
        Scenario a = Scenario.leadingBoth();
        assertThat(told(a, refusal(a.leads().term(), 10_000)).role()).isEqualTo(Role.LEADING);
    }

    @Test
    void aLeaderThatCanStoreNothingKeepsTheSoleRight() {
        Scenario a = Scenario.leadingAlone();
        a.server.fill(120, "w");
        a.advance(Timing.DEFAULT.heartbeat());

        assertThat(refusing(a, 10_000).leads().mode()).isEqualTo(State.Mode.ALONE);
    }

    @Test
    void nobodyThatCanStoreNothingHandsOverToAFollowerThatIsNotHeard() {
        Scenario a = leadingWithWrites();
        a.now += Timing.DEFAULT.peerTimeout();

        assertThat(refusing(a, 10_000).role()).isEqualTo(Role.LEADING);
    }
}
