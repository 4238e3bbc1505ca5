package dev.twonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reading;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Timing;
import dev.twonode.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// In which order things are told and done.
class DriverOrderTest {

    private final Inbox inbox = new Inbox();
    private final Clock clock = Clock.system();
    private final List<String> trace = new CopyOnWriteArrayList<>();
    private final AtomicReference<NodeDriver> driver = new AtomicReference<>();
    private final AtomicReference<Report> askedMeanwhile = new AtomicReference<>();
    private final AtomicReference<@Nullable List<String>> beforeTheBeat = new AtomicReference<>();
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private final List<Boolean> heldAtChanges = new CopyOnWriteArrayList<>();
    private final List<List<String>> doneAtChanges = new CopyOnWriteArrayList<>();
    private boolean diskFull;

    @Test
    void whatRestsOnTheJournalIsToldOnceThatIsOnTheDiskAndBeforeAnythingElse() throws Exception {
        run();

        assertThat(trace)
                .containsExactly("holds STARTING", "read", "persist", "holds JOINING", "fence");
    }

    @Test
    void whatRestsOnALostJournalIsNeverTold() throws Exception {
        diskFull = true;
        run();

        assertThat(trace).contains("persist").contains("holds WAITING").doesNotContain("fence");
        assertThat(trace.subList(trace.indexOf("persist"), trace.size()))
                .startsWith("persist", "holds WAITING");
    }

    /// Whoever is told of a change may look at the state at once, from any thread.
    @Test
    void aChangeIsToldOnceTheStateShowsIt() throws Exception {
        run();

        assertThat(changes).containsExactly("STARTING to JOINING");
        assertThat(heldAtChanges).containsOnly(true);
    }

    /// Clients wait while a lead changes hands; whoever reads the log does not.
    @Test
    void aChangeIsToldBehindWhatFollowsFromIt() throws Exception {
        run();

        assertThat(doneAtChanges).containsExactly(List.of("read", "persist", "fence"));
    }

    @Test
    void aChangeThatRestsOnALostJournalIsNeverTold() throws Exception {
        diskFull = true;
        run();

        assertThat(changes).containsExactly("STARTING to WAITING");
        assertThat(heldAtChanges).containsOnly(true);
    }

    /// A disk that hangs is found out by the counter that stands still.
    @Test
    void whoAsksWhileTheJournalIsWrittenHearsNothingNew() throws Exception {
        run();

        assertThat(askedMeanwhile.get().standing().alone()).isTrue();
        assertThat(askedMeanwhile.get().role()).isEqualTo(Role.STARTING);
        assertThat(driver.get().report().standing().alone()).isFalse();
    }

    /// The monotonic clock stands still while a machine sleeps.
    @Test
    void aSleepOfTheMachineIsNoticedBeforeAnythingThatWaitedMeanwhile() throws Exception {
        AtomicReference<Instant> wall = new AtomicReference<>(Instant.EPOCH);
        NodeName name = new NodeName("a");
        Settings settings = new Settings(name, "p", "pair", true, false, false, Timing.DEFAULT);
        driver.set(
                new NodeDriver(
                        settings,
                        Journal.blank(name),
                        inbox,
                        new Traced(),
                        new StoppedClock(wall),
                        new Told()));
        inbox.post(new Event.OwnConnected(0));

        wall.set(Instant.EPOCH.plusSeconds(60));
        driver.get().turn();

        assertThat(trace).contains("read");
        assertThat(beforeTheBeat.get()).isNotNull().doesNotContain("read");
    }

    private record StoppedClock(AtomicReference<Instant> shown) implements Clock {
        @Override
        public long millis() {
            return 1_000;
        }

        @Override
        public Instant wall() {
            return shown.get();
        }
    }

    /// A node whose stream bears the peer's fence ends its sole right, then fences.
    private void run() throws InterruptedException {
        NodeName name = new NodeName("a");
        Settings settings = new Settings(name, "p", "pair", true, false, false, Timing.DEFAULT);
        Journal journal = Journal.blank(name).withPairId("pair").withAlone(true);
        driver.set(new NodeDriver(settings, journal, inbox, new Traced(), clock, new Told()));
        Thread thread = Thread.ofPlatform().start(driver.get()::run);
        inbox.post(new Event.OwnConnected(clock.millis()));
        Await.await(
                "it is done",
                Duration.ofSeconds(10),
                () -> trace.contains(diskFull ? "holds WAITING" : "fence"));
        thread.interrupt();
        thread.join();
    }

    private final class Traced implements NodeDriver.Actions {

        @Override
        public void persist(Journal journal) throws StateFolderException {
            trace.add("persist");
            askedMeanwhile.set(driver.get().report());
            if (diskFull) {
                throw new StateFolderException(
                        StateFolderException.Kind.UNUSABLE, "full", "make room", null);
            }
        }

        @Override
        public void start(Action action) {
            switch (action) {
                case Action.ReadOwn read -> {
                    trace.add("read");
                    Reading.Face face = new Reading.Face.Fenced(new Mark(3, new NodeName("b")));
                    Reading reading = new Reading("s", Instant.EPOCH, face, 0, 0, 0L);
                    long now = clock.millis();
                    inbox.post(new Event.StoreAnswered(now, read.op(), now, reading));
                }
                case Action.FenceOwn _ -> trace.add("fence");
                default -> {}
            }
        }
    }

    private final class Told implements NodeDriver.Transitions {

        @Override
        public void changed(State before, State after) {
            changes.add(before.role() + " to " + after.role());
            heldAtChanges.add(driver.get().state().role() == after.role());
            doneAtChanges.add(trace.stream().filter(it -> !it.startsWith("holds")).toList());
        }

        @Override
        public void beat(State state) {
            beforeTheBeat.compareAndSet(null, List.copyOf(trace));
        }

        @Override
        public void holds(State state) {
            Optional<String> last =
                    trace.isEmpty() ? Optional.empty() : Optional.of(trace.getLast());
            String now = "holds " + state.role();
            if (!last.equals(Optional.of(now))) {
                trace.add(now);
            }
        }
    }
}
