package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.replication.CopyProgress.Phase;
import dev.twonode.replication.CopyProgress.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final List<CopyProgress> told = new ArrayList<>();

    @Test
    void rateAndTimeLeftFollowFromWhatIsDone() {
        Pace pace = new Pace(Phase.RESYNCING, Unit.MESSAGES, 1000, told::add, nanos::get);
        nanos.set(2 * SECOND);
        pace.at(400);

        assertThat(told)
                .containsExactly(
                        new CopyProgress(Phase.RESYNCING, Unit.MESSAGES, 400, 1000, 200, 3000));
    }

    @Test
    void itIsToldTenTimesASecondAtMostAndAtTheEnd() {
        Pace pace = new Pace(Phase.TAILING, Unit.MESSAGES, 1000, told::add, nanos::get);
        for (int i = 1; i <= 1000; i++) {
            nanos.addAndGet(SECOND / 1000);
            pace.at(i);
        }

        assertThat(told).hasSize(10);
        assertThat(told.getLast())
                .isEqualTo(new CopyProgress(Phase.TAILING, Unit.MESSAGES, 1000, 1000, 1000, 0));
    }

    @Test
    void noTimePassedMeansNoRate() {
        new Pace(Phase.RESYNCING, Unit.MESSAGES, 5, told::add, nanos::get).at(5);
        new Pace(Phase.RESYNCING, Unit.MESSAGES, 0, told::add, nanos::get).at(0);

        assertThat(told)
                .containsExactly(
                        new CopyProgress(Phase.RESYNCING, Unit.MESSAGES, 5, 5, 0, 0),
                        new CopyProgress(Phase.RESYNCING, Unit.MESSAGES, 0, 0, 0, 0));
    }
}
