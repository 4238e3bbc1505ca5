package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private final Pipeline pipeline = new Pipeline(10, Duration.ofMinutes(1));

    /// One that gives up soon, for tests in which nothing is acknowledged.
    private final Pipeline impatient = new Pipeline(10, Duration.ofMillis(50));

    @Test
    void nothingIsDurableBeforeItIsAcknowledged() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.enter(12, 1, true);
        assertThat(pipeline.durable()).isEqualTo(10);
        assertThat(pipeline.acknowledge(11)).isTrue();
        assertThat(pipeline.durable()).isEqualTo(11);
    }

    @Test
    void acknowledgementOutOfTurnIsNoticed() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.enter(12, 1, true);
        assertThat(pipeline.acknowledge(12)).isFalse();
        assertThat(pipeline.acknowledge(13)).isFalse();
    }

    @Test
    void sequenceThatDoesNotFollowIsRefused() {
        StoreException refusal =
                catchThrowableOfType(StoreException.class, () -> pipeline.enter(12, 1, true));
        assertThat(refusal.kind()).isEqualTo(Kind.WRONG_SEQUENCE);
    }

    @Test
    void placeholdersAndWhatFollowsThemCountOnlyOnceTheyArePurged() throws StoreException {
        pipeline.placeholders(11, 12);
        for (long sequence = 11; sequence <= 13; sequence++) {
            pipeline.enter(sequence, 1, true);
            assertThat(pipeline.acknowledge(sequence)).isTrue();
        }
        assertThat(pipeline.durable()).isEqualTo(10);
        assertThat(pipeline.beginPurge()).isTrue();
        assertThat(pipeline.beginPurge()).as("one purge at a time").isFalse();
        pipeline.purged();
        assertThat(pipeline.flush()).isEqualTo(13);
    }

    @Test
    void purgeOfTheFirstPartOfALongGapLeavesTheRestUncounted() throws StoreException {
        pipeline.placeholders(11, 10_010);
        for (long sequence = 11; sequence <= 4_010; sequence++) {
            pipeline.enter(sequence, 1, true);
            pipeline.acknowledge(sequence);
        }
        assertThat(pipeline.beginPurge()).isTrue();
        pipeline.purged();
        assertThat(pipeline.durable()).isEqualTo(4_010);
        pipeline.enter(4_011, 1, true);
        pipeline.acknowledge(4_011);
        assertThat(pipeline.durable()).isEqualTo(4_010);
    }

    @Test
    void silenceFailsThePipelineAsUnknown() throws StoreException {
        impatient.enter(11, 1, true);
        StoreException failure = catchThrowableOfType(StoreException.class, impatient::flush);
        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(catchThrowableOfType(StoreException.class, impatient::durable).kind())
                .isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void firstFailureIsTheOneThatIsTold() {
        pipeline.fail(new StoreException(Kind.WRONG_SEQUENCE, "first"));
        pipeline.fail(new StoreException(Kind.UNREACHABLE, "second"));
        StoreException failure = catchThrowableOfType(StoreException.class, pipeline::durable);
        assertThat(failure.kind()).isEqualTo(Kind.WRONG_SEQUENCE);
    }

    @Test
    void waitingForWhatIsNotSentEndsWithThePatience() throws StoreException {
        assertThat(pipeline.awaitDurable(10, Duration.ofMillis(1))).isEqualTo(10);
    }

    @Test
    void fullPipelineFailsInsteadOfWaitingForEver() {
        StoreException failure =
                catchThrowableOfType(StoreException.class, () -> enterMany(100_000));
        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void oneAcknowledgementSpeaksForAllBeforeIt() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.acknowledge(11);
        assertThat(pipeline.enter(12, 1, false)).isFalse();
        assertThat(pipeline.enter(13, 1, false)).isFalse();
        assertThat(pipeline.enter(14, 1, true)).isTrue();
        assertThat(pipeline.acknowledge(13)).as("was not asked for").isFalse();
        assertThat(pipeline.acknowledge(14)).isTrue();
        assertThat(pipeline.flush()).isEqualTo(14);
    }

    @Test
    void acknowledgementOfTheFirstIsAskedForSoThatItsRefusalSaysWhy() throws StoreException {
        assertThat(pipeline.enter(11, 1, false)).isTrue();
    }

    /// nats-server 2.15 does not answer when it could not write to its disk, and refuses what
    /// follows.
    @Test
    void firstMessageThatWasNeitherStoredNorRefusedIsToldAsThat() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.enter(12, 1, true);

        pipeline.refuse(12, 10, new StoreException(Kind.WRONG_SEQUENCE, "wrong last sequence: 10"));

        StoreException failure = catchThrowableOfType(StoreException.class, pipeline::durable);
        assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
        assertThat(failure.getMessage()).contains("neither stored nor refused 11");
    }

    @Test
    void refusalOfTheFirstMessageIsToldAsItIs() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.refuse(11, 9, new StoreException(Kind.WRONG_SEQUENCE, "wrong last sequence: 9"));
        assertThat(catchThrowableOfType(StoreException.class, pipeline::durable).kind())
                .isEqualTo(Kind.WRONG_SEQUENCE);
    }

    @Test
    void refusalBehindAStreamThatOthersMovedOnIsToldAsItIs() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.enter(12, 1, true);
        pipeline.refuse(12, 15, new StoreException(Kind.WRONG_SEQUENCE, "wrong last sequence: 15"));
        assertThat(catchThrowableOfType(StoreException.class, pipeline::durable).kind())
                .isEqualTo(Kind.WRONG_SEQUENCE);
    }

    /// The one behind those that are acknowledged need not have asked for an answer.
    @Test
    void refusalInTheMiddleIsToldAsItIs() throws StoreException {
        pipeline.enter(11, 1, true);
        pipeline.acknowledge(11);
        pipeline.enter(12, 1, false);
        pipeline.enter(13, 1, true);
        pipeline.refuse(13, 11, new StoreException(Kind.WRONG_SEQUENCE, "wrong last sequence: 11"));
        assertThat(catchThrowableOfType(StoreException.class, pipeline::durable).kind())
                .isEqualTo(Kind.WRONG_SEQUENCE);
    }

    @Test
    void longRunIsAcknowledgedEveryFewMessages() throws StoreException {
        long asked = 0;
        for (int i = 11; i <= 110; i++) {
            asked += pipeline.enter(i, 1, false) ? 1 : 0;
        }
        assertThat(asked).isEqualTo(7);
    }

    @Test
    void largeMessagesAreAcknowledgedEachAndNoneWaitsForEver() throws StoreException {
        assertThat(pipeline.enter(11, 60_000_000, false)).isTrue();
        pipeline.acknowledge(11);
        assertThat(pipeline.enter(12, 1, false)).isFalse();
        assertThat(pipeline.enter(13, 60_000_000, false)).isTrue();
        assertThat(pipeline.acknowledge(13)).isTrue();
    }

    private void enterMany(int count) throws StoreException {
        for (int i = 1; i <= count; i++) {
            impatient.enter(10 + i, 1, true);
        }
    }
}
