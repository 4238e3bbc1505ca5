package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.node.Clock;
import dev.twonode.node.EventLog;
import dev.twonode.node.StateFolder;
import dev.twonode.node.StateFolderException;
import dev.twonode.protocol.Follower;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Leadership;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Term;
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

    private final State starting =
            new Leadership(
                            new Settings(
                                    NODE,
                                    "process",
                                    "pair",
                                    true,
                                    false,
                                    false,
                                    new Timing(250, 1500, 1000, 10, 3)))
                    .start(Journal.blank(NODE), 0);
    private final State stopped =
            new State.Stopped(starting.memory(), Reason.STOPPING, starting.memory().now());
    private final State joining =
            new State.Joining(starting.memory(), Reason.FIRST_READ, starting.memory().now(), 0);

    private State waiting(String detail) {
        return new State.Waiting(starting.memory(), Reason.EXPORT_FAILED, 0, detail, 0);
    }

    private State following(boolean inSync) {
        return new State.Following(
                starting.memory(),
                Reason.PEER_LEADS,
                new Term(1, NODE, 1),
                new State.Session(1, "b1", "sb", "sa", State.Stage.TAILING, null, 0),
                new State.Sync(1, inSync, 0));
    }

    private State leading() {
        return new State.Leading(
                starting.memory(),
                Reason.GRANTED,
                new Term(1, NODE, 1),
                State.Mode.ALONE,
                new Follower("", "", 0, 0, 0, 0, 0, 0, false),
                new State.Change.None());
    }

    /// What is written of such a story, and its states as they stand in the history.
    private List<String> history(State... story) throws StateFolderException {
        try (StateFolder folder = StateFolder.open(root.resolve("state"))) {
            Recent recent =
                    new Recent(NODE, new EventLog(folder), Clock.system(), told::incrementAndGet);
            for (int i = 1; i < story.length; i++) {
                recent.changed(story[i - 1], story[i]);
            }
            recent.close();
            return EventLog.read(folder.path()).entries().stream().map(EventLog.Entry::to).toList();
        }
    }

    @Test
    void whatAWaitingNodeTriesAgainIsWrittenDownOnce() throws Exception {
        State full = waiting("No space left");
        State late = following(false);

        assertThat(
                        history(
                                joining,
                                late,
                                full,
                                joining,
                                late,
                                full,
                                joining,
                                late,
                                full,
                                joining,
                                late,
                                waiting("Read-only file system")))
                .containsExactly("Following", "Waiting", "Joining", "Following", "Waiting");
        assertThat(told).hasValue(11);
    }

    @Test
    void aNodeThatWasWellMeanwhileHasAnotherStory() throws Exception {
        State full = waiting("No space left");
        State well = following(true);

        assertThat(history(joining, full, joining, well, joining, full, joining))
                .containsExactly(
                        "Waiting", "Joining", "Following", "Joining", "Waiting", "Joining");
    }

    @Test
    void aLeaderThatLosesItsServerIsAWarningAndOneThatHandsOverIsNone() {
        assertThat(Recent.isTrouble(leading(), joining)).isTrue();
        assertThat(Recent.isTrouble(leading(), stopped)).isFalse();
        assertThat(Recent.isTrouble(starting, joining)).isFalse();
        assertThat(Recent.isTrouble(joining, waiting("no space"))).isTrue();
    }

    @Test
    void theLineOfAChangeBeginsWithWhatTheNodeDoesNow() {
        assertThat(Recent.line(leading())).isEqualTo("leads alone: the leader handed over");
        assertThat(Recent.line(following(true))).isEqualTo("follows: the peer leads");
        assertThat(Recent.line(waiting("full"))).startsWith("waits: orphans");
        assertThat(Recent.line(stopped)).isEqualTo("ends: the agent was asked to stop");
    }

    @Test
    void everyChangeIsInTheHistoryWhenItIsClosed() throws Exception {
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
