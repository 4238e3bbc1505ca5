package dev.twonode.testing;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A watch that remembers every event in the order in which it came. When its connection ends, or
/// kine ends the watch because its client fell behind, it goes on behind the last revision that it
/// was told of, as any etcd client does.
public final class EtcdWatch implements AutoCloseable {

    private final Watch watches;
    private final String prefix;
    private Watch.Watcher watcher;
    private long next;
    private int reopened;
    private boolean closed;
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
        this.watches = watches;
        this.prefix = prefix;
        this.next = fromRevision;
        synchronized (this) {
            watcher = begin();
        }
    }

    private Watch.Watcher begin() {
        WatchOption option =
                WatchOption.builder()
                        .isPrefix(true)
                        .withRevision(next)
                        .withCreateNotify(true)
                        .build();
        return watches.watch(
                EtcdClient.bytes(prefix), option, Watch.listener(this::heard, this::failed));
    }

    private synchronized void heard(WatchResponse response) {
        open = true;
        if (next == 0) {
            next = response.getHeader().getRevision() + 1;
        }
        for (WatchEvent event : response.getEvents()) {
            Event told =
                    new Event(
                            EtcdClient.entry(event.getKeyValue()),
                            event.getEventType() == WatchEvent.EventType.DELETE);
            events.add(told);
            next = told.revision() + 1;
        }
    }

    private synchronized void failed(Throwable failure) {
        if (failure instanceof CompactedException compacted) {
            compactedAt = compacted.getCompactedRevision();
        } else if (isEndedWithoutReason(failure) && !closed) {
            reopened++;
            watcher = begin();
            return;
        }
        failures.add(failure.toString());
    }

    /// kine ends a watch without a reason when more than 200 events wait for its client. For a
    /// watch that ends so jetcd makes up a reason of its own, a revision of the future, which kine
    /// never gives.
    private static boolean isEndedWithoutReason(Throwable failure) {
        return failure instanceof EtcdException told
                && told.getErrorCode() == ErrorCode.OUT_OF_RANGE
                && String.valueOf(told.getMessage()).contains("future revision");
    }

    /// Does something while nothing is heard.
    synchronized void unheard(Unheard during) throws InterruptedException {
        during.happen();
    }

    /// What happens unheard.
    interface Unheard {
        void happen() throws InterruptedException;
    }

    /// How often kine ended the watch because its client fell behind.
    public synchronized int reopened() {
        return reopened;
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
    public synchronized void close() {
        closed = true;
        watcher.close();
    }
}
