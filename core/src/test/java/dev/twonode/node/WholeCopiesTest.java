package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.logging.HeardLog;
import dev.twonode.protocol.Action;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.TermHistory;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.Verdict;
import dev.twonode.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// What is told of copies of everything.
class WholeCopiesTest {

    private static final Compared.Why WHY = new Compared.Why(true, "lost");

    private final List<String> history = new CopyOnWriteArrayList<>();
    private final WholeCopies copies =
            new WholeCopies((term, words) -> history.add(term + ": " + words), Clock.system());

    private static Report leader() {
        return LeaderReports.of("server");
    }

    private static Action.Compare asked(TermHistory own, long committed) {
        Mark mark = new Mark(2, new NodeName("b"));
        return new Action.Compare(1, leader(), own, committed, Action.Trust.HISTORIES, mark);
    }

    private static Optional<Compared.Why> why(Verdict found) {
        return new Compared(asked(LeaderReports.TERMS, 17), found).why();
    }

    private void awaitHistory(int lines) {
        Await.await("a history", Duration.ofSeconds(20), () -> history.size() == lines);
    }

    @Test
    void anEmptyStreamOfANodeThatHadMessagesWasLost() {
        String lost =
                "the own stream was lost, which was of term 2 and held at least all"
                        + " up to sequence 17";

        assertThat(why(new Verdict.Prefix(1, 30))).contains(new Compared.Why(true, lost));
        assertThat(why(new Verdict.SnapshotCheaper(1, 30, 9)))
                .contains(new Compared.Why(true, lost));
    }

    @Test
    void theFirstCopyOfANewNodeIsNoLoss() {
        assertThat(new Compared(asked(TermHistory.EMPTY, 0), new Verdict.Prefix(1, 30)).why())
                .contains(new Compared.Why(false, "this node had no stream of this pair yet"));
    }

    @Test
    void aStreamThatIsOnlyBehindIsNoneToBeCopiedWholeUnlessThatIsQuicker() {
        assertThat(why(new Verdict.Prefix(18, 30))).isEmpty();
        assertThat(why(new Verdict.Prefix(1, 0))).isEmpty();
        assertThat(why(new Verdict.SnapshotCheaper(18, 30, 9)))
                .contains(
                        new Compared.Why(
                                false,
                                "that is quicker than the 30 sequences that are missing here"));
    }

    @Test
    void whatIsNotTheLeadersIsNamed() {
        assertThat(why(new Verdict.Differs("holds 3 messages, the leader 4")))
                .contains(
                        new Compared.Why(
                                true,
                                "the own stream is no part of the leader's: holds 3 messages, the"
                                        + " leader 4"));
        assertThat(why(new Verdict.Orphans(2, 7, 8, 12, 4)))
                .contains(
                        new Compared.Why(
                                true,
                                "4 messages of sequences 8 to 12 are only here; they are exported"
                                        + " first"));
    }

    @Test
    void theBeginningAndTheEndAreLoggedAndStandInTheHistory() {
        try (HeardLog log = new HeardLog()) {
            copies.begin(leader(), WHY);
            copies.end(41, () -> 40);

            awaitHistory(2);
            assertThat(history.getFirst()).isEqualTo("2: copies everything from a: lost");
            assertThat(history.getLast())
                    .matches(
                            "2: has copied everything from a in .* s: 40 messages up to sequence"
                                    + " 41");
            assertThat(log.messages())
                    .anyMatch(line -> line.contains("event=whole-copy-begun term=2"))
                    .anyMatch(line -> line.contains("event=whole-copy-ended term=2 messages=40"));
        }
    }

    @Test
    void aCopyThatIsTriedAgainIsOneCopy() {
        copies.begin(leader(), WHY);
        copies.begin(leader(), Compared.CUT_OFF);
        copies.end(41, () -> 40);
        copies.end(42, () -> 41);
        awaitHistory(2);

        copies.begin(leader(), WHY);

        assertThat(history).hasSize(3);
    }

    @Test
    void theEndIsToldAlsoWhereTheMessagesCannotBeCounted() {
        copies.begin(leader(), WHY);

        copies.end(
                41,
                () -> {
                    throw new StoreException(StoreException.Kind.UNREACHABLE, "gone");
                });

        awaitHistory(2);
        assertThat(history.getLast()).endsWith("unknown messages up to sequence 41");
    }
}
