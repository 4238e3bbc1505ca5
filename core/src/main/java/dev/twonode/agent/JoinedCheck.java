package dev.twonode.agent;

import dev.twonode.messaging.JoinedServers;
import dev.twonode.messaging.Messaging;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks at every contact whether the two servers are one, or pass messages to each other: such a
/// pair would hear its own requests, so it is refused.
final class JoinedCheck implements AutoCloseable {

    private final Messaging own;
    private final Messaging peer;
    private final Duration patience;
    private final Consumer<String> misconfigured;
    private @Nullable Thread looking;

    /// @param patience how long to look at a time; interest needs a moment to spread
    /// @param misconfigured told why the two cannot be a pair
    JoinedCheck(Messaging own, Messaging peer, Duration patience, Consumer<String> misconfigured) {
        this.own = own;
        this.peer = peer;
        this.patience = patience;
        this.misconfigured = misconfigured;
    }

    /// One of the two connections stands anew.
    synchronized void look() {
        close();
        looking = Thread.ofVirtual().name("joined").start(this::find);
    }

    private void find() {
        try {
            JoinedServers.find(own, peer, patience).ifPresent(misconfigured);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        Thread before = looking;
        if (before != null) {
            before.interrupt();
        }
    }
}
