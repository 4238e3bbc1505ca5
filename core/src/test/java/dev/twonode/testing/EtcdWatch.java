package dev.twonode.testing;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A watch that remembers every event in the order in which it came. When its connection ends, it
/// goes on behind the last revision that it was told of, as any etcd client does.
public final class EtcdWatch implements AutoCloseable {

    private final Watch.Watcher watcher;
    private final List<Event> events = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long compactedAt;
    private boolean open;

    /// One event.
    ///
    /// @param deleted whether the key was removed; its entry then has the revision of that
    public record Event(EtcdClient.Entry entry, boolean deleted) {

        public long revision() {
            return entry.revision();
        }
    }

    EtcdWatch(Watch watches, String prefix, long fromRevision) {
        WatchOption option =
                WatchOption.builder()
                        .isPrefix(true)
                        .withRevision(fromRevision)
                        .withCreateNotify(true)
                        .build();
        watcher =
                watches.watch(
                        EtcdClient.bytes(prefix),
                        option,
                        Watch.listener(this::heard, this::failed));
    }

    private synchronized void heard(WatchResponse response) {
        open = true;
        for (WatchEvent event : response.getEvents()) {
            events.add(
                    new Event(
                            EtcdClient.entry(event.getKeyValue()),
                            event.getEventType() == WatchEvent.EventType.DELETE));
        }
    }

    private synchronized void failed(Throwable failure) {
        if (failure instanceof CompactedException compacted) {
            compactedAt = compacted.getCompactedRevision();
        }
        failures.add(failure.toString());
    }

    /// Waits until kine has accepted the watch: what is written from then on is told.
    public EtcdWatch awaitOpen() {
        Await.await("the watch is open", Duration.ofSeconds(20), this::isOpen);
        return this;
    }

    private synchronized boolean isOpen() {
        return open;
    }

    /// What was told so far.
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /// Why the watch ended, empty while it goes on.
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /// The revision up to which all was compacted when the watch began, 0 when it was not told so.
    public synchronized long compactedAt() {
        return compactedAt;
    }

    @Override
    public void close() {
        watcher.close();
    }
}
