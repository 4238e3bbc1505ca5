package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final int HISTORY = 2;
    private static final Keys KEYS = new Keys("kine");

    private final StreamImage stream = new StreamImage(HISTORY);

    private void stored(long sequence, int key, long digest) {
        stream.add(sequence, new StreamImage.Entry(KEYS.subject(key), digest, 0));
    }

    private static Accepted write(long number, int key, long sequence, int reign) {
        return new Accepted(number, key, sequence, reign, number * 10, number * 10 + 1, number);
    }

    private Verdict verdict(List<WriteHistory.Reign> reigns, Accepted... writes) {
        return Verdict.of(
                new WriteHistory(1, 0, List.of(writes), Set.of(0), reigns, 0), stream, KEYS, 0);
    }

    private static WriteHistory.Reign reign(String node, long committed) {
        return new WriteHistory.Reign(node, 0, committed);
    }

    @Test
    void committedWritesThatAreThereAreAcknowledged() {
        stored(1, 0, 1);
        stored(2, 1, 2);

        Verdict verdict = verdict(List.of(reign("a", 2)), write(1, 0, 1, 0), write(2, 1, 2, 0));

        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(2);
    }

    @Test
    void aCommittedWriteThatIsMissingIsLost() {
        stored(2, 1, 2);

        Verdict verdict = verdict(List.of(reign("a", 2)), write(1, 0, 1, 0), write(2, 1, 2, 0));

        assertThat(verdict.isGood()).isFalse();
        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.complaints()).singleElement().asString().contains("write 1", "is gone");
    }

    @Test
    void aCommittedWriteUnderWhoseSequenceStandsSomethingElseIsChanged() {
        stored(1, 0, 99);

        Verdict verdict = verdict(List.of(reign("a", 1)), write(1, 0, 1, 0));

        assertThat(verdict.isGood()).isFalse();
        assertThat(verdict.changed()).isEqualTo(1);
    }

    @Test
    void whatWasPushedOutAfterTheNextLeaderHadItDidNotStayOnTheLostOne() {
        stored(3, 0, 3);
        stored(4, 0, 4);
        WriteHistory.Reign uncommitted = reign("a", 0);

        Verdict verdict =
                verdict(
                        List.of(uncommitted, reign("b", 4)),
                        write(1, 0, 1, 0),
                        write(3, 0, 3, 1),
                        write(4, 0, 4, 1));

        assertThat(verdict.onlyOnLostLeader()).isZero();
        assertThat(verdict.acknowledged()).isEqualTo(3);
    }

    @Test
    void whatTheNextLeaderWroteOverWasOnlyOnTheLostOne() {
        stored(2, 0, 2);
        stored(3, 0, 3);

        Verdict verdict =
                verdict(
                        List.of(reign("a", 0), reign("b", 3)),
                        write(1, 0, 2, 0),
                        write(2, 0, 2, 1),
                        write(3, 0, 3, 1));

        assertThat(verdict.onlyOnLostLeader()).isEqualTo(1);
        assertThat(verdict.isGood()).isTrue();
    }

    @Test
    void whatAnOvertakenLeaderAcceptedLateSaysNothingOfWhatOthersHeld() {
        stored(11, 0, 3);
        stored(12, 0, 4);

        Verdict verdict =
                verdict(
                        List.of(reign("b", 9), reign("a", 4), reign("b", 12)),
                        write(1, 0, 10, 0),
                        write(2, 1, 5, 1),
                        write(3, 0, 11, 2),
                        write(4, 0, 12, 2));

        assertThat(verdict.onlyOnLostLeader()).isEqualTo(1);
        assertThat(verdict.acknowledged()).isEqualTo(3);
        assertThat(verdict.isGood()).isTrue();
    }

    @Test
    void whatWasWrittenOverIsCountedEvenWhenItsSuccessorWasPushedOutUnconfirmed() {
        stored(3, 0, 3);
        stored(4, 0, 4);

        Verdict verdict =
                verdict(
                        List.of(reign("a", 0), reign("b", 4)),
                        write(1, 0, 2, 0),
                        write(2, 0, 2, 1),
                        write(3, 0, 3, 1),
                        write(4, 0, 4, 1));

        assertThat(verdict.onlyOnLostLeader()).isEqualTo(1);
        assertThat(verdict.isGood()).isTrue();
    }

    @Test
    void whatNewerWritesOfTheSameKeyPushedOutIsNotLost() {
        stored(2, 0, 2);
        stored(3, 0, 3);

        Verdict verdict =
                verdict(
                        List.of(reign("a", 3)),
                        write(1, 0, 1, 0),
                        write(2, 0, 2, 0),
                        write(3, 0, 3, 0));

        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(3);
    }

    @Test
    void fewerNewerWritesThanTheHistoryDoNotExcuseALoss() {
        stored(2, 0, 2);

        Verdict verdict = verdict(List.of(reign("a", 2)), write(1, 0, 1, 0), write(2, 0, 2, 0));

        assertThat(verdict.lost()).isEqualTo(1);
    }

    @Test
    void newerWritesThatSurvivedUnconfirmedPushOutAsWell() {
        stored(2, 0, 2);
        stored(3, 0, 3);

        Verdict verdict =
                verdict(
                        List.of(reign("a", 1), reign("b", 3)),
                        write(1, 0, 1, 0),
                        write(2, 0, 2, 0),
                        write(3, 0, 3, 1));

        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(3);
    }

    @Test
    void anUnconfirmedWriteOfALostLeaderIsCountedApart() {
        stored(1, 0, 1);
        stored(2, 2, 3);

        Verdict verdict =
                verdict(
                        List.of(reign("a", 1), reign("b", 2)),
                        write(1, 0, 1, 0),
                        write(2, 1, 2, 0),
                        write(3, 2, 2, 1));

        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(2);
        assertThat(verdict.onlyOnLostLeader()).isEqualTo(1);
    }

    @Test
    void anUnconfirmedWriteThatTheNewLeaderHasIsAcknowledged() {
        stored(1, 0, 1);

        Verdict verdict = verdict(List.of(reign("a", 0), reign("b", 1)), write(1, 0, 1, 0));

        assertThat(verdict.acknowledged()).isEqualTo(1);
        assertThat(verdict.onlyOnLostLeader()).isZero();
    }

    @Test
    void anUnconfirmedWriteOfThePresentLeaderIsPending() {
        stored(1, 0, 1);

        Verdict verdict = verdict(List.of(reign("a", 0)), write(1, 0, 1, 0));

        assertThat(verdict.pending()).isEqualTo(1);
        assertThat(verdict.acknowledged()).isZero();
    }

    @Test
    void aSequenceGivenTwiceToAcknowledgedWritesIsABrokenPromise() {
        stored(1, 1, 2);

        Verdict verdict =
                verdict(
                        List.of(reign("a", 1), reign("b", 1)),
                        write(1, 0, 1, 0),
                        write(2, 1, 1, 1));

        assertThat(verdict.isGood()).isFalse();
        assertThat(verdict.complaints()).anyMatch(text -> text.contains("write 1 and to write 2"));
    }

    @Test
    void aSequenceThatFallsIsABrokenPromise() {
        stored(1, 1, 2);
        stored(5, 0, 1);

        Verdict verdict = verdict(List.of(reign("a", 5)), write(1, 0, 5, 0), write(2, 1, 1, 0));

        assertThat(verdict.reordered()).isEqualTo(1);
        assertThat(verdict.isGood()).isFalse();
    }

    @Test
    void pausesAreMeasuredBetweenAcceptedWritesOfOneRunOfTheWriter() {
        stored(1, 0, 1);
        stored(2, 1, 2);
        stored(3, 2, 9);
        List<WriteHistory.Reign> reigns = List.of(reign("a", 3));
        List<Accepted> writes =
                List.of(
                        write(1, 0, 1, 0),
                        write(2, 1, 2, 0),
                        new Accepted(3, 2, 3, 0, 900, 1_000, 9));

        WriteHistory unbroken = new WriteHistory(1, 0, writes, Set.of(0), reigns, 0);
        WriteHistory restarted = new WriteHistory(1, 0, writes, Set.of(0, 2), reigns, 0);

        assertThat(Verdict.of(unbroken, stream, KEYS, 0).longestPause()).isEqualTo(979);
        assertThat(Verdict.of(unbroken, stream, KEYS, 500).longestPause()).isEqualTo(500);
        assertThat(Verdict.of(restarted, stream, KEYS, 0).longestPause()).isEqualTo(10);
        assertThat(Verdict.of(unbroken, stream, KEYS, 500).latency().getTotalCount()).isEqualTo(1);
    }
}
