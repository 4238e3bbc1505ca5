package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Mark;
import dev.twonode.simulation.FaultPlan;
import dev.twonode.simulation.SimulatedServer;
import dev.twonode.simulation.SimulatedStore;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which session a copy begins.
final class SessionsTest {

    private static final Mark MARK = TwoServers.MARK_B;

    private final Sessions sessions = new Sessions(new SplittableRandom(1));
    private final SimulatedStore store =
            new SimulatedStore(new SimulatedServer("own", Instant::now), FaultPlan.NONE);
    private Session present;

    @BeforeEach
    void fence() throws StoreException {
        present = sessions.start(MARK);
        sessions.fenced(present, store.createFenced(MARK, present.token(), Store.KINE_HISTORY));
    }

    @Test
    void aCopyBeginsForTheSessionForWhichTheStreamIsFenced() {
        assertThat(sessions.copying(MARK)).isEqualTo(present);
    }

    @Test
    void noTwoCopiesShareASession() {
        sessions.copying(MARK);

        assertThat(sessions.copying(MARK).token()).isNotEqualTo(present.token());
    }

    @Test
    void aCopyBehindAnotherMarkNeedsAFenceOfItsOwn() {
        Mark next = new Mark(MARK.term() + 1, MARK.by());

        assertThat(sessions.copying(next)).isNotEqualTo(present);
        assertThat(sessions.copying(MARK)).isNotEqualTo(present);
    }

    @Test
    void aStreamThatGotAnotherFaceIsFencedForNobody() {
        sessions.moving();

        assertThat(sessions.copying(MARK)).isNotEqualTo(present);
    }

    @Test
    void aFenceThatShowsAnothersMarkIsNoneToCopyBehind() throws StoreException {
        Session later = sessions.start(new Mark(MARK.term() + 1, MARK.by()));

        sessions.fenced(later, store.inspect().orElseThrow());

        assertThat(sessions.copying(later.mark())).isNotEqualTo(later);
    }
}
