package dev.twonode.agent;

import static dev.twonode.logging.Field.field;

import dev.twonode.logging.Field;
import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.node.Clock;
import dev.twonode.node.EventLog;
import dev.twonode.node.StateFolderException;
import dev.twonode.node.StateNames;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Writes down every change of state: one log line, one line in the event history, and the newest
/// few in memory for reports. What a waiting node tries again and again is written down once.
///
/// The history is written by a thread of its own, and forced to the disk once nothing has changed
/// for a while. It is a record for people: neither the thread that decides nor the disk, which has
/// the journal and the server's own writes to force, must wait for it while the node changes.
final class Recent implements AutoCloseable {

    private static final Log LOG = Log.of(Recent.class);
    private static final int KEPT = 20;
    private static final Duration LAST_WRITES = Duration.ofSeconds(2);
    private static final Duration CALM = Duration.ofSeconds(1);

    private final RateLimit failures = RateLimit.untilCleared();
    private final RateLimit rounds = RateLimit.untilCleared();
    private final NodeName node;
    private final EventLog file;
    private final Clock clock;
    private final Runnable changed;
    private final Deque<EventLog.Entry> entries = new ArrayDeque<>();

    /// What the history lacks, in order; nothing stands for the end.
    private final BlockingQueue<Optional<EventLog.Entry>> unwritten = new LinkedBlockingQueue<>();

    private final Thread writing;
    private Instant since;
    private boolean trying;
    private volatile String state = "Starting";

    /// @param changed run after every change
    Recent(NodeName node, EventLog file, Clock clock, Runnable changed) {
        this.node = node;
        this.file = file;
        this.clock = clock;
        this.changed = changed;
        this.since = clock.wall();
        this.writing = Thread.ofVirtual().name("events").start(this::write);
    }

    synchronized List<EventLog.Entry> newest() {
        return List.copyOf(entries);
    }

    /// When the present state was entered.
    synchronized Instant since() {
        return since;
    }

    /// A node that waits does so until somebody acts, so its line says what to do.
    private static void log(EventLog.Entry entry, State after, boolean isTrouble, long withheld) {
        List<Field> fields = new ArrayList<>();
        fields.add(field("event", "transition"));
        fields.add(field("term", entry.term()));
        fields.add(field("from", entry.from()));
        fields.add(field("to", entry.to()));
        fields.add(field("reason", after.reason()));
        if (after instanceof State.Waiting waiting) {
            fields.add(field("next", Advice.next(waiting, "", "", Troubles.NONE)));
        }
        if (withheld > 0) {
            fields.add(field("withheld", withheld));
        }
        Field[] all = fields.toArray(new Field[0]);
        if (isTrouble) {
            LOG.warn(line(after), all);
        } else {
            LOG.info(line(after), all);
        }
    }

    /// What the node does now, and why.
    static String line(State after) {
        return StateNames.words(after) + ": " + after.reason().words();
    }

    /// A node that waits, and a leader that has lost the lead without giving it away.
    static boolean isTrouble(State before, State after) {
        return switch (after) {
            case State.Waiting _ -> true;
            case State.Starting _, State.Joining _, State.Following _, State.Promoting _ ->
                    before instanceof State.Leading;
            case State.Leading _, State.HandingOver _, State.Stopped _ -> false;
        };
    }

    /// Remembers a change of state. A node that waits and tries again passes through the same
    /// states each time: that is one condition, told once.
    void changed(State before, State after) {
        EventLog.Entry entry =
                new EventLog.Entry(
                        clock.wall(),
                        node,
                        StateNames.term(after),
                        StateNames.of(before),
                        StateNames.of(after),
                        after.reason().words());
        if (isWhole(before)) {
            rounds.clear();
            trying = false;
        }
        trying |= after instanceof State.Waiting;
        OptionalLong withheld = trying ? rounds.admit(cause(entry, after)) : OptionalLong.of(0);
        synchronized (this) {
            since = entry.time();
            state = entry.to();
            if (withheld.isPresent()) {
                remember(entry);
            }
        }
        changed.run();
        if (withheld.isPresent()) {
            unwritten.add(Optional.of(entry));
            log(entry, after, isTrouble(before, after), withheld.getAsLong());
        }
    }

    /// Whether a node has come so far that what comes next is another story.
    private static boolean isWhole(State state) {
        return state instanceof State.Leading
                || (state instanceof State.Following following && following.sync().granted());
    }

    private static String cause(EventLog.Entry entry, State after) {
        String detail =
                after instanceof State.Waiting waiting
                        ? waiting.detail().replaceAll("\\d+", "#")
                        : "";
        return List.of(entry.term(), entry.from(), entry.to(), after.reason(), detail).toString();
    }

    /// Remembers something that is no change of state.
    void note(long term, String words) {
        EventLog.Entry entry = new EventLog.Entry(clock.wall(), node, term, state, state, words);
        remember(entry);
        unwritten.add(Optional.of(entry));
    }

    private synchronized void remember(EventLog.Entry entry) {
        entries.add(entry);
        if (entries.size() > KEPT) {
            entries.remove();
        }
    }

    private void write() {
        try {
            Optional<EventLog.Entry> next = unwritten.take();
            while (next.isPresent()) {
                append(next.get());
                next = unwritten.poll(CALM.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    force();
                    next = unwritten.take();
                }
            }
            force();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(EventLog.Entry entry) {
        try {
            file.append(entry);
            failures.clear();
        } catch (StateFolderException e) {
            LOG.warnOnce(failures, "the event history was not written: " + e.getMessage());
        }
    }

    private void force() {
        try {
            file.force();
        } catch (StateFolderException e) {
            LOG.warnOnce(
                    failures, "the event history may not survive a power cut: " + e.getMessage());
        }
    }

    /// Returns when the history has everything.
    @Override
    public void close() {
        unwritten.add(Optional.empty());
        try {
            writing.join(LAST_WRITES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
