package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule K2 for what is not a report: progress, grants and their withdrawal.
class MessageRulesTest {

    private static final Term LED = new Term(2, A, 101);
    private static final Term GRANTED = new Term(5, A, 101);

    /// a leads up to 120, and b said in its newest report that it has 110.
    private Scenario leading() {
        Scenario a = Scenario.leadingBoth();
        a.server.fill(120, "w");
        a.tick();
        a.on(
                new Event.PeerHeard(
                        a.now,
                        PeerSays.following(LED, a.journal.history(), 110).inSync().at(5_000)));
        return a;
    }

    private void progress(Scenario a, String pair, long counter, Term term) {
        a.on(new Event.ProgressHeard(a.now, Scenario.peer(pair, "b1", counter), term, 120));
    }

    @Test
    void progressThatIsOlderThanTheNewestReportChangesNothing() {
        Scenario a = leading();

        progress(a, Scenario.PAIR, 4_999, LED);

        assertThat(a.leads().follower().progress()).isEqualTo(110);
    }

    @Test
    void progressOfAnotherPairOrAnotherTermOfThatNumberChangesNothing() {
        Scenario a = leading();

        progress(a, "another", 5_001, LED);
        progress(a, Scenario.PAIR, 5_001, new Term(2, A, 90));

        assertThat(a.leads().follower().progress()).isEqualTo(110);
    }

    @Test
    void newerProgressOfThePairsTermCounts() {
        Scenario a = leading();

        progress(a, Scenario.PAIR, 5_001, LED);

        assertThat(a.leads().follower().progress()).isEqualTo(120);
    }

    @Test
    void aGrantFromBeforeItsSenderLedOnChangesNothing() {
        Scenario a = Scenario.inSync();
        long request = a.request();
        Event late = HandoverRulesTest.grant(a, request, GRANTED);
        a.hear(a.leader().telling(a.follows().sync().ask()));

        a.on(late);

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
        assertThat(a.did(Action.Reply.class)).isFalse();
    }

    @Test
    void aGrantMayBeOvertakenByReportsOfItsHandover() {
        Scenario a = Scenario.inSync();
        Event grant = HandoverRulesTest.grant(a, a.request(), GRANTED);
        a.hear(
                PeerSays.says(Role.HANDING_OVER)
                        .holding(a.leader().at(1).standing().history(), 100));

        a.on(grant);

        assertThat(a.leads().term()).isEqualTo(GRANTED);
    }

    @Test
    void aGrantOfAnotherPairChangesNothing() {
        Scenario a = Scenario.inSync();

        a.on(
                HandoverRulesTest.grant(
                        a, a.request(), Scenario.peer("another", "b1", 5_000), GRANTED));

        assertThat(a.role()).isEqualTo(Role.FOLLOWING);
    }

    @Test
    void aWithdrawalOfAnotherPairOrAnEndedProcessChangesNothing() {
        Scenario a = Scenario.inSync();
        Journal before = a.journal;
        long counter = a.nextPeerCounter();
        a.on(
                new Event.WithdrawHeard(
                        a.now, a.request(), Scenario.peer("another", "b1", counter), 2));
        a.hear(a.leader().process("b2"));
        a.forget();

        a.on(
                new Event.WithdrawHeard(
                        a.now, a.request(), Scenario.peer(Scenario.PAIR, "b1", counter), 2));

        assertThat(a.journal.history()).isEqualTo(before.history());
        assertThat(a.did(Action.Reply.class)).isFalse();
    }
}
