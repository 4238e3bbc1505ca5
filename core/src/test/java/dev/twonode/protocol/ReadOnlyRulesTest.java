package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.B;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rules H1 and G2: a leader whose server answers, and stores none of its clients' writes.
class ReadOnlyRulesTest {

    /// The server of a, which leads term 2, has stored nothing for that long.
    private static Scenario refusing(Scenario a, long lasted) {
        return a.on(new Event.WritesRefused(a.now, 2, lasted));
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

        a.on(new Event.WritesRefused(a.now, 1, 10_000));

        assertThat(a.role()).isEqualTo(Role.LEADING);
    }

    @Test
    void twoNodesThatCanStoreNothingDoNotPassTheLeadToAndFro() {
        assertThat(refusing(Scenario.leadingBoth(), 10_000).role()).isEqualTo(Role.LEADING);
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
