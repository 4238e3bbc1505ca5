package dev.twonode.node;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Leadership;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The thread that decides: takes one event after the other, steps the machine, and has the actions
/// carried out in order. Writing the journal is the one thing done on this thread, because nothing
/// may follow from a promise that is not on the disk; a disk that stalls makes the node silent,
/// which is what it is.
public final class NodeDriver {

    /// Ticks in a heartbeat.
    private static final int TICKS = 5;

    private final Leadership machine;
    private final Inbox inbox;
    private final Actions actions;
    private final Clock clock;
    private final Transitions transitions;
    private final long tick;

    /// What the disk may hold: the last record that was written, and those that failed since.
    private final Set<Journal> onDisk = new LinkedHashSet<>();

    private State present;
    private volatile State state;
    private volatile boolean halted;
    private long lastTick;
    private Instant lastWall;

    /// What the driver has carried out. The runner of a real node, and of tests.
    public interface Actions {

        /// Forces the journal to disk.
        void persist(Journal journal) throws StateFolderException;

        /// Starts an action; its result comes back through the inbox.
        void start(Action action);
    }

    /// Told what happens, on the driver's thread.
    public interface Transitions {

        /// The state changed in a way that people want to know of. What they see now shows it.
        void changed(State before, State after);

        /// What the node may do now. What rests on the journal is told once that is on the disk;
        /// what must end before the stream is closed is told before.
        void holds(State state);

        /// Comes at every tick: who does not hear it knows that this thread is stuck. Must not
        /// block.
        void beat(State state);
    }

    /// @param journal the durable record as it was read
    public NodeDriver(
            Settings settings,
            Journal journal,
            Inbox inbox,
            Actions actions,
            Clock clock,
            Transitions transitions) {
        this.machine = new Leadership(settings);
        this.inbox = inbox;
        this.actions = actions;
        this.clock = clock;
        this.transitions = transitions;
        this.tick = Math.max(1, settings.timing().heartbeat() / TICKS);
        this.lastTick = clock.millis();
        this.lastWall = clock.wall();
        this.onDisk.add(journal);
        this.present = machine.start(journal, lastTick);
        this.state = present;
    }

    /// The state after the newest transition whose promises are on the disk, for any thread: what
    /// anybody is told must survive the power (rules K1, A3, T1).
    public State state() {
        return state;
    }

    /// The report that describes that state, for any thread.
    public Report report() {
        return machine.report(state);
    }

    /// Runs until the machine halts or the thread is interrupted.
    public void run() {
        lastTick = clock.millis();
        lastWall = clock.wall();
        try {
            while (!halted) {
                long wait = Math.max(0, lastTick + tick - clock.millis());
                turn(inbox.take(Duration.ofMillis(wait)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Does what is due now and waits for nothing. For a caller with a clock of its own instead of
    /// [#run].
    ///
    /// @return whether there was an event
    public boolean turn() throws InterruptedException {
        Optional<Event> event = inbox.take(Duration.ZERO);
        turn(event);
        return event.isPresent();
    }

    private void turn(Optional<Event> event) {
        long now = clock.millis();
        Instant wall = clock.wall();
        long gap = Math.max(now - lastTick, Duration.between(lastWall, wall).toMillis());
        if (gap >= tick) {
            lastTick = now;
            lastWall = wall;
            step(new Event.Ticked(now, Math.max(0, gap - tick)));
            transitions.beat(state);
        }
        event.ifPresent(this::step);
    }

    private void step(Event event) {
        if (halted) {
            return;
        }
        State before = present;
        Transition transition = machine.step(before, event);
        present = transition.state();
        carryOut(transition);
    }

    /// People are told behind everything that others wait for.
    private void carryOut(Transition transition) {
        State before = state;
        int promises = promises(transition);
        if (promises == 0) {
            hold(transition.state());
        }
        for (Action action : transition.actions()) {
            if (action instanceof Action.Persist(Journal journal)) {
                if (!persist(journal)) {
                    return;
                }
                if (--promises == 0) {
                    hold(transition.state());
                }
            } else {
                if (action instanceof Action.Halt) {
                    halted = true;
                }
                actions.start(action);
            }
        }
        if (isChange(before, state)) {
            transitions.changed(before, state);
        }
    }

    /// Forces a journal to disk. When that fails, the machine decides anew, and nothing that was to
    /// follow may.
    private boolean persist(Journal journal) {
        try {
            actions.persist(journal);
            onDisk.clear();
            onDisk.add(journal);
            return true;
        } catch (StateFolderException e) {
            onDisk.add(journal);
            String why = String.valueOf(e.getMessage());
            step(new Event.JournalFailed(clock.millis(), why, List.copyOf(onDisk)));
            return false;
        }
    }

    private void hold(State durable) {
        state = durable;
        transitions.holds(durable);
    }

    private static int promises(Transition transition) {
        return (int)
                transition.actions().stream().filter(it -> it instanceof Action.Persist).count();
    }

    /// Another number alone is news only of a node that leads or follows under it.
    private static boolean isChange(State before, State after) {
        return before.role() != after.role()
                || before.reason() != after.reason()
                || (StateNames.isInTerm(after) && StateNames.term(before) != StateNames.term(after))
                || !StateNames.of(before).equals(StateNames.of(after));
    }
}
