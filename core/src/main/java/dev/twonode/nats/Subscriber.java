package dev.twonode.nats;

import dev.twonode.logging.Log;
import dev.twonode.messaging.Incoming;
import java.util.function.Consumer;

/// Who hears a subject; two of the same subject and handler are still two.
final class Subscriber {

    private static final Log LOG = Log.of(Subscriber.class);

    private final String subject;
    private final Consumer<Incoming> handler;

    Subscriber(String subject, Consumer<Incoming> handler) {
        this.subject = subject;
        this.handler = handler;
    }

    String subject() {
        return subject;
    }

    /// Hands a message to the handler. One that it fails on does not keep the next from it.
    void handle(Incoming message) {
        try {
            handler.accept(message);
        } catch (RuntimeException e) {
            LOG.error("the handler of " + subject + " failed", e);
        }
    }
}
