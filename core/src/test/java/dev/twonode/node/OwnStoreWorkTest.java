package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Care;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.RevisionJump;
import dev.twonode.replication.Sessions;
import dev.twonode.simulation.FaultPlan;
import dev.twonode.simulation.SimulatedServer;
import dev.twonode.simulation.SimulatedStore;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls on the own stream's face, in the order in which they were decided.
class OwnStoreWorkTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Inbox inbox = new Inbox();
    private final SimulatedServer server = new SimulatedServer("own", Instant::now);
    private final SimulatedStore store = new SimulatedStore(server, FaultPlan.NONE);
    private final OwnStoreWork work =
            new OwnStoreWork(
                    store,
                    new RevisionJump(store, "kine", Instant::now),
                    inbox,
                    Clock.system(),
                    new Sessions(new SplittableRandom(1)));

    @AfterEach
    void end() {
        work.close();
    }

    @Test
    void theStreamIsFencedOnlyOnceTheCopyHasEndedThatMayBeMovingTheFence() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        work.after(ended::await);
        work.fence(new Action.FenceOwn(7, new Mark(1, new NodeName("a")), Care.NONE));

        assertThat(inbox.take(Duration.ofMillis(200))).isEmpty();
        assertThat(server.facts()).isEmpty();

        ended.countDown();
        assertThat(inbox.take(BOUND))
                .containsInstanceOf(Event.StoreAnswered.class)
                .get()
                .extracting("op")
                .isEqualTo(7L);
    }
}
