package dev.twonode.cli.faults;

import dev.twonode.testing.EtcdClient;
import dev.twonode.testing.EtcdWatch;
import dev.twonode.testing.EtcdWatch.Event;
import java.util.ArrayList;
import java.util.List;

/// Watches all keys through one kine and remembers all events. Resumed, it goes on behind the last
/// revision that it was told of.
final class KineWatcher implements AutoCloseable {

    private final EtcdClient etcd;
    private final String prefix;
    private final List<Event> past = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private EtcdWatch watch;

    KineWatcher(EtcdClient etcd, String prefix) {
        this.etcd = etcd;
        this.prefix = prefix;
        this.watch = etcd.watch(prefix, 0).awaitOpen();
    }

    synchronized void resume() {
        watch.close();
        past.addAll(watch.events());
        failures.addAll(watch.failures());
        long last = past.isEmpty() ? 0 : past.getLast().revision();
        watch = etcd.watch(prefix, last + 1).awaitOpen();
    }

    /// All events since the first watch.
    synchronized List<Event> events() {
        List<Event> all = new ArrayList<>(past);
        all.addAll(watch.events());
        return all;
    }

    /// Why a watch ended that nobody closed.
    synchronized List<String> failures() {
        List<String> all = new ArrayList<>(failures);
        all.addAll(watch.failures());
        return all;
    }

    /// Revision of the last event.
    synchronized long lastRevision() {
        List<Event> events = watch.events();
        return !events.isEmpty()
                ? events.getLast().revision()
                : past.isEmpty() ? 0 : past.getLast().revision();
    }

    @Override
    public synchronized void close() {
        watch.close();
    }
}
