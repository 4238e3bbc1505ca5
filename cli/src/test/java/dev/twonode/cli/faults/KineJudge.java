package dev.twonode.cli.faults;

import dev.twonode.cli.faults.KineLedger.Told;
import dev.twonode.cli.faults.KineLedger.Write;
import dev.twonode.testing.EtcdClient.Entry;
import dev.twonode.testing.EtcdClient.Listing;
import dev.twonode.testing.EtcdWatch.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares what writers were told with what watchers and readers saw.
final class KineJudge {

    private final List<Event> events;
    private final List<Write> writes;
    private final List<String> complaints = new ArrayList<>();

    /// @param events what a watcher was told, from the first write on
    KineJudge(List<Event> events, List<Write> writes) {
        this.events = events;
        this.writes = writes;
    }

    List<String> complaints() {
        return complaints;
    }

    /// Each event was told once and in order, and comes from a write that was asked for and not
    /// refused; each write that was acknowledged was told.
    void judgeEvents() {
        long before = 0;
        Map<Long, Event> byRevision = new HashMap<>();
        for (Event event : events) {
            if (event.revision() <= before) {
                complaints.add("told at " + event.revision() + " after " + before + ": " + event);
            }
            before = event.revision();
            byRevision.put(event.revision(), event);
        }
        Set<Long> explained = new HashSet<>();
        for (Write write : writes) {
            if (write.told() == Told.DONE) {
                judgeDone(write, byRevision.get(write.revision()));
                explained.add(write.revision());
            }
        }
        judgeOthers(explained);
    }

    private void judgeDone(Write write, @Nullable Event event) {
        if (event == null
                || !event.entry().key().equals(write.key())
                || event.deleted() != write.removes()
                || !(write.removes() || event.entry().value().equals(write.value()))) {
            complaints.add("acknowledged " + write + ", told " + event);
        }
    }

    /// Events that nobody was told the revision of: writes whose outcome stayed unknown, once each,
    /// and ends of leases.
    private void judgeOthers(Set<Long> explained) {
        Set<String> unknown = new HashSet<>();
        Set<String> leased = leased();
        for (Write write : writes) {
            if (write.told() == Told.UNKNOWN) {
                unknown.add(write.key() + " " + write.value());
            }
        }
        for (Event event : events) {
            Entry entry = event.entry();
            String what = entry.key() + " " + (event.deleted() ? null : entry.value());
            boolean known =
                    explained.contains(event.revision())
                            || unknown.remove(what)
                            || (event.deleted() && leased.remove(entry.key()));
            if (!known) {
                complaints.add("nobody wrote, or it was refused: " + event);
            }
        }
    }

    /// Another watcher was told the very same.
    void judgeSame(List<Event> others) {
        for (int i = 0; i < Math.max(events.size(), others.size()); i++) {
            Event one = i < events.size() ? events.get(i) : null;
            Event other = i < others.size() ? others.get(i) : null;
            if (one == null || other == null || !isSame(one, other)) {
                complaints.add("watchers differ at event " + i + ": " + one + ", " + other);
                return;
            }
        }
    }

    private static boolean isSame(Event one, Event other) {
        return one.revision() == other.revision()
                && one.deleted() == other.deleted()
                && one.entry().key().equals(other.entry().key())
                && (one.deleted() || one.entry().value().equals(other.entry().value()));
    }

    /// A range holds what the events up to its revision have left. Keys whose leases have run out
    /// are missing from ranges of earlier revisions too: kine hides them by the clock.
    ///
    /// @param who which kine answered
    /// @param revision the revision that was asked for
    void judgeListing(String who, long revision, Listing listing) {
        Map<String, Entry> expected = new TreeMap<>();
        for (Event event : events) {
            if (event.revision() <= revision) {
                if (event.deleted()) {
                    expected.remove(event.entry().key());
                } else {
                    expected.put(event.entry().key(), event.entry());
                }
            }
        }
        Set<String> leased = leased();
        expected.keySet().removeAll(leased);
        for (Entry found : listing.entries()) {
            if (leased.contains(found.key())) {
                continue;
            }
            Entry entry = expected.remove(found.key());
            boolean same =
                    entry != null
                            && entry.value().equals(found.value())
                            && entry.revision() == found.revision()
                            && entry.created() == found.created();
            if (!same) {
                complaints.add(
                        "%s at %d lists %s, told was %s".formatted(who, revision, found, entry));
            }
        }
        expected.values().forEach(it -> complaints.add(who + " at " + revision + " lacks " + it));
    }

    private Set<String> leased() {
        Set<String> leased = new HashSet<>();
        writes.stream().filter(Write::leased).map(Write::key).forEach(leased::add);
        return leased;
    }

    /// Leased keys that are still there.
    Set<String> leasedLeft() {
        Set<String> leased = leased();
        Set<String> left = new HashSet<>();
        for (Event event : events) {
            String key = event.entry().key();
            if (leased.contains(key)) {
                if (event.deleted()) {
                    left.remove(key);
                } else {
                    left.add(key);
                }
            }
        }
        return left;
    }
}
