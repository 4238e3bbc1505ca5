package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.node.Clock;
import dev.twonode.node.EventLog;
import dev.twonode.node.StateFolder;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Leadership;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Timing;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is remembered of the changes of state.
class RecentTest {

    private static final NodeName NODE = new NodeName("a");

    @TempDir private Path root;

    private final AtomicInteger told = new AtomicInteger();

    @Test
    void everyChangeIsInTheHistoryWhenItIsClosed() throws Exception {
        Leadership machine =
                new Leadership(
                        new Settings(
                                NODE,
                                "process",
                                "pair",
                                true,
                                false,
                                false,
                                new Timing(250, 1500, 1000, 10, 3)));
        State starting = machine.start(Journal.blank(NODE), 0);
        State stopped = machine.step(starting, new Event.StopAsked(1)).state();
        try (StateFolder folder = StateFolder.open(root.resolve("state"))) {
            Recent recent =
                    new Recent(NODE, new EventLog(folder), Clock.system(), told::incrementAndGet);
            for (int i = 0; i < 30; i++) {
                recent.changed(starting, stopped);
                recent.changed(stopped, starting);
            }
            recent.close();

            List<EventLog.Entry> written = EventLog.read(folder.path()).entries();
            assertThat(written).hasSize(60);
            assertThat(written.subList(40, 60)).isEqualTo(recent.newest());
            assertThat(written.getFirst().to()).isEqualTo("Stopped");
            assertThat(written.getLast().to()).isEqualTo("Starting");
            assertThat(told).hasValue(60);
        }
    }
}
