package dev.twonode.agent;

import dev.twonode.messaging.JoinedServers;
import dev.twonode.messaging.Messaging;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Looks at every contact whether the two servers are one, or pass messages to each other: such a
/// pair would hear its own requests, so it is refused.
final class JoinedCheck implements AutoCloseable {

    private final Messaging own;
    private final Messaging peer;
    private final Duration patience;
    private final Consumer<String> misconfigured;
    private final Semaphore contacts = new Semaphore(0);
    private volatile boolean closed;

    /// @param patience how long to look at a time; interest needs a moment to spread
    /// @param misconfigured told why the two cannot be a pair
    JoinedCheck(Messaging own, Messaging peer, Duration patience, Consumer<String> misconfigured) {
        this.own = own;
        this.peer = peer;
        this.patience = patience;
        this.misconfigured = misconfigured;
        Thread.ofVirtual().name("joined").start(this::lookAlways);
    }

    /// One of the two connections stands anew.
    void look() {
        contacts.release();
    }

    /// A look is never broken off by an interrupt: the client library drops what an interrupted
    /// thread sends, the end of its subscription too. One whose connection ended finds that out.
    private void lookAlways() {
        try {
            while (true) {
                contacts.acquire();
                contacts.drainPermits();
                if (closed) {
                    return;
                }
                JoinedServers.find(own, peer, patience).ifPresent(misconfigured);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        contacts.release();
    }
}
