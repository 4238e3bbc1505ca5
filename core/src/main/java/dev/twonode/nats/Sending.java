package dev.twonode.nats;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import io.nats.client.Connection;

/// Hands messages to a connection. A server's `max_payload` may be lowered while it runs: what is
/// longer is not sent, as if the connection were down, and that is told.
final class Sending {

    private static final Log LOG = Log.of(Sending.class);
    private static final RateLimit TOLD = RateLimit.untilCleared();

    private Sending() {}

    /// Publishes without an answer.
    ///
    /// @return whether the connection took it
    static boolean publish(Connection connection, String subject, byte[] body) {
        try {
            connection.publish(subject, body);
            return true;
        } catch (IllegalStateException e) {
            return false;
        } catch (IllegalArgumentException e) {
            LOG.errorOnce(
                    TOLD,
                    ("%s takes no messages of %d bytes; raise its max_payload of %d (1MB is the"
                                    + " default) and restart it")
                            .formatted(
                                    connection.getConnectedUrl(),
                                    body.length,
                                    connection.getMaxPayload()));
            return false;
        }
    }
}
