package dev.twonode.nats;

import dev.twonode.messaging.ServerIdentity;
import io.nats.client.Connection;
import java.util.concurrent.CompletableFuture;

/// One connection from its first moment to its last. It is never revived: the client library's own
/// reconnecting is off, so what is in flight when it ends is known to be lost with it.
final class Session implements AutoCloseable {

    private final Connection connection;
    private final ServerIdentity server;
    private final CompletableFuture<String> end;
    private volatile CompletableFuture<Void> watching = CompletableFuture.completedFuture(null);

    Session(Connection connection, ServerIdentity server, CompletableFuture<String> end) {
        this.connection = connection;
        this.server = server;
        this.end = end;
    }

    Connection connection() {
        return connection;
    }

    ServerIdentity server() {
        return server;
    }

    boolean isOver() {
        return end.isDone();
    }

    /// Ends this session when another one ends.
    void endWith(Session other) {
        watching = other.end.thenAccept(_ -> close());
    }

    /// Sends what is left to say when a piece of work ends. An interrupt may have ended it, and the
    /// client library drops the messages of an interrupted thread.
    void sayLast(Runnable words) {
        if (isOver()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            words.run();
        } catch (IllegalStateException e) {
            return; // the connection has just ended, and everything on it
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Ends this session.
    @Override
    public void close() {
        watching.cancel(false);
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Completes with the reason when the connection has ended.
    CompletableFuture<String> end() {
        return end;
    }
}
