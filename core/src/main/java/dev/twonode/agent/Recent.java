package dev.twonode.agent;

import static dev.twonode.logging.Field.field;

import dev.twonode.logging.Log;
import dev.twonode.node.Clock;
import dev.twonode.node.EventLog;
import dev.twonode.node.StateFolderException;
import dev.twonode.node.StateNames;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Writes down every change of state: one log line, one line in the event history, and the newest
/// few in memory for reports.
final class Recent {

    private static final Log LOG = Log.of(Recent.class);
    private static final int KEPT = 20;

    private final NodeName node;
    private final EventLog file;
    private final Clock clock;
    private final Runnable changed;
    private final Deque<EventLog.Entry> entries = new ArrayDeque<>();
    private Instant since;

    /// @param changed run after every change
    Recent(NodeName node, EventLog file, Clock clock, Runnable changed) {
        this.node = node;
        this.file = file;
        this.clock = clock;
        this.changed = changed;
        this.since = clock.wall();
    }

    synchronized List<EventLog.Entry> newest() {
        return List.copyOf(entries);
    }

    /// When the present state was entered.
    synchronized Instant since() {
        return since;
    }

    /// Remembers a change of state.
    void changed(State before, State after) {
        EventLog.Entry entry =
                new EventLog.Entry(
                        clock.wall(),
                        node,
                        StateNames.term(after),
                        StateNames.of(before),
                        StateNames.of(after),
                        after.reason().words());
        synchronized (this) {
            since = entry.time();
            entries.add(entry);
            if (entries.size() > KEPT) {
                entries.remove();
            }
        }
        LOG.info(
                after.reason().words(),
                field("event", "transition"),
                field("term", entry.term()),
                field("from", entry.from()),
                field("to", entry.to()),
                field("reason", after.reason()));
        try {
            file.append(entry);
        } catch (StateFolderException e) {
            LOG.warn("the event history was not written: " + e.getMessage());
        }
        changed.run();
    }
}
