package dev.twonode.protocol;

import static dev.twonode.protocol.Scenario.A;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Rule K2 for what is not a report, progress, grants and their withdrawal, and for what nobody of
/// the pair can have said.
class MessageRulesTest {

    private static final long HIGHEST = Long.MAX_VALUE;
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

    @Test
    void aCounterThatNoProcessGetsToDeafensNobodyForLong() {
        Scenario a = Scenario.following();
        a.on(new Event.PeerHeard(a.now, a.leader().at(HIGHEST)));
        a.hear(a.leader().highest(7));
        assertThat(highestKnown(a)).as("older than what is known").isEqualTo(2);

        a.now += Timing.DEFAULT.doubt();
        a.forget().hear(a.leader().highest(7));
        assertThat(a.did(Action.AskPeer.class)).isTrue();
        a.hearAnswer(a.leader().highest(7));
        assertThat(highestKnown(a)).isEqualTo(7);

        a.hear(a.leader().highest(8));
        assertThat(highestKnown(a)).as("what comes then counts").isEqualTo(8);
    }

    private static long highestKnown(Scenario a) {
        return a.state.memory().highestKnown();
    }

    @Test
    void anAnswerThatIsALittleOlderThanWhatIsKnownIsNoNews() {
        Scenario a = Scenario.following();
        a.on(new Event.PeerHeard(a.now, a.leader().at(11_000)));
        a.tick();

        a.on(
                new Event.PeerHeard(
                        a.now, a.leader().telling(a.follows().sync().ask()).at(1_500), a.now));

        assertThat(a.follows().sync().granted()).isFalse();
    }

    @Test
    void aTermThatNoPairGetsToIsNobodys() {
        Scenario a = Scenario.following();
        long before = a.journal.highestTerm();

        a.hear(a.leader().highest(HIGHEST));
        a.hear(PeerSays.claiming(new Term(HIGHEST, Scenario.B, 101), a.journal.history(), 100));
        a.on(new Event.WithdrawHeard(a.now, a.request(), a.peer(), HIGHEST));
        a.on(HandoverRulesTest.grant(a, a.request(), new Term(HIGHEST, A, 101)));
        a.loseServer().connect();

        assertThat(a.journal.highestTerm()).isLessThan(before + 10);
    }

    @Test
    void aRequestFromTheFutureKeepsNobodyFromBeingInSync() {
        Scenario a = Scenario.leadingAlone();
        a.hear(a.follower().asking(HIGHEST));

        a.hear(a.follower().asking(900));

        assertThat(a.state.memory().answeredAsk()).isEqualTo(900);
    }
}
