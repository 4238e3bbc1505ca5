package dev.twonode.cli.rig;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A connection to one node's server, made again by itself whenever it breaks.
public interface Line extends AutoCloseable {

    /// Sends a request. The future fails with [NotDelivered] when certainly nobody got it, else
    /// when no answer came in time or before the connection broke.
    CompletableFuture<byte[]> request(String subject, Map<String, String> headers, byte[] body);

    /// Hands every message of a subject to `heard`, also after the connection was made again.
    void listen(String subject, Consumer<byte[]> heard);

    @Override
    void close();

    /// There is no connection, or the server says that nobody listens to the subject: nothing was
    /// done.
    final class NotDelivered extends Exception {

        private static final long serialVersionUID = 1L;

        public NotDelivered(String why) {
            super(why);
        }
    }
}
