package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Timing;
import dev.twonode.testing.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeDriverTest {

    private static final NodeName A = new NodeName("a");
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final AtomicInteger beats = new AtomicInteger();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private volatile boolean gettingStuck;
    private final Thread deciding = new Thread(driver()::run, "node");

    private final class Work implements NodeDriver.Actions {
        @Override
        public void persist(Journal journal) {
            hang();
        }

        @Override
        public void start(Action action) {
            hang();
        }

        private void hang() {
            if (gettingStuck) {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private final class Beats implements NodeDriver.Transitions {
        @Override
        public void changed(State before, State after) {}

        @Override
        public void holds(State state) {}

        @Override
        public void beat(State state) {
            beats.incrementAndGet();
        }
    }

    private NodeDriver driver() {
        return new NodeDriver(
                new Settings(A, "a1", "pair", true, false, false, Timing.DEFAULT),
                Journal.blank(A),
                new Inbox(),
                new Work(),
                Clock.system(),
                new Beats());
    }

    @AfterEach
    void endTheThread() throws InterruptedException {
        stuck.countDown();
        deciding.interrupt();
        deciding.join();
    }

    @Test
    void thePulseGoesOnWhileThereIsNothingToDo() {
        deciding.start();

        Await.await("many beats", BOUND, () -> beats.get() > 20);
    }

    @Test
    void aThreadThatIsStuckInAnActionHasNoPulse() {
        gettingStuck = true;
        deciding.start();
        Await.await("a stuck thread", BOUND, () -> deciding.getState() == Thread.State.WAITING);
        int last = beats.get();

        Await.holdsFor("no beat", Duration.ofMillis(500), () -> beats.get() == last);
        assertThat(deciding.getState()).isEqualTo(Thread.State.WAITING);
    }
}
