package dev.twonode.nats;

import dev.twonode.messaging.ServerIdentity;
import io.nats.client.Connection;
import java.util.concurrent.CompletableFuture;

/// One connection from its first moment to its last. It is never revived: the client library's own
/// reconnecting is off, so what is in flight when it ends is known to be lost with it.
final class Session {

    private final Connection connection;
    private final ServerIdentity server;
    private final CompletableFuture<String> end;

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

    /// Completes with the reason when the connection has ended.
    CompletableFuture<String> end() {
        return end;
    }
}
