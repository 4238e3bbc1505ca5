package dev.twonode.agent;

import dev.twonode.messaging.Messaging;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Publishes the state on the own server at every change and once a second.
final class StatusPublisher implements AutoCloseable {

    private final Messaging own;
    private final Subjects subjects;
    private final Supplier<byte[]> state;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;

    StatusPublisher(Messaging own, Subjects subjects, Supplier<byte[]> state) {
        this.own = own;
        this.subjects = subjects;
        this.state = state;
        this.thread = Thread.ofVirtual().name("status").unstarted(this::publishAlways);
    }

    void start() {
        thread.start();
    }

    /// Something changed.
    void now() {
        changes.release();
    }

    private void publishAlways() {
        try {
            while (true) {
                if (changes.tryAcquire(1, TimeUnit.SECONDS)) {
                    changes.drainPermits();
                }
                publish();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish() {
        byte[] body = state.get();
        own.publish(subjects.of(Subjects.STATUS), body);
        own.publish(subjects.plain(Subjects.STATUS), body);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
