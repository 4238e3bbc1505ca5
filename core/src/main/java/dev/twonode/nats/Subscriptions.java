package dev.twonode.nats;

import dev.twonode.logging.Log;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a link hears, session after session. Each subscription has a dispatcher, and so a thread,
/// of its own.
final class Subscriptions {

    private static final Log LOG = Log.of(Subscriptions.class);

    private final Map<Subscriber, Dispatcher> entries = new LinkedHashMap<>();
    private final Set<Subscriber> wanted = new LinkedHashSet<>();
    private @Nullable Session session;

    Messaging.Subscription add(String subject, Consumer<Incoming> handler) {
        Subscriber entry = new Subscriber(subject, handler);
        synchronized (this) {
            wanted.add(entry);
            Session up = session;
            if (up != null && !up.isOver()) {
                subscribe(up.connection(), entry);
                flush(up);
            }
        }
        return () -> remove(entry);
    }

    /// Subscribes everything on a new session, and returns when the server knows.
    synchronized void attach(Session up) {
        session = up;
        wanted.forEach(entry -> subscribe(up.connection(), entry));
        flush(up);
    }

    /// Subscribes once more what the server refused on a session, if that is still the one.
    synchronized void renew(Session refused, String subject) {
        if (session != refused || refused.isOver()) {
            return;
        }
        for (Subscriber entry : wanted) {
            Dispatcher dispatcher = entries.get(entry);
            if (dispatcher != null && entry.subject().equals(subject)) {
                refused.sayLast(() -> dispatcher.unsubscribe(subject).subscribe(subject));
            }
        }
    }

    synchronized void detach() {
        session = null;
        entries.clear();
    }

    private synchronized void remove(Subscriber entry) {
        wanted.remove(entry);
        Dispatcher dispatcher = entries.remove(entry);
        Session up = session;
        if (dispatcher != null && up != null) {
            up.sayLast(() -> up.connection().closeDispatcher(dispatcher));
        }
    }

    private void subscribe(Connection connection, Subscriber entry) {
        try {
            Dispatcher dispatcher =
                    connection.createDispatcher(
                            message -> entry.handle(new Received(connection, message)));
            dispatcher.subscribe(entry.subject());
            entries.put(entry, dispatcher);
        } catch (IllegalStateException e) {
            LOG.debug("the connection ended while subscribing: " + e.getMessage());
        }
    }

    private static void flush(Session up) {
        try {
            up.connection().flush(up.connection().getOptions().getConnectionTimeout());
        } catch (TimeoutException | IllegalStateException e) {
            LOG.debug("the connection ended while subscribing: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Received(Connection connection, Message message) implements Incoming {

        @Override
        public String subject() {
            return message.getSubject();
        }

        @Override
        public byte[] body() {
            return message.getData();
        }

        @Override
        public boolean wantsAnswer() {
            return message.getReplyTo() != null;
        }

        @Override
        public void respond(byte[] answer) {
            String replyTo = message.getReplyTo();
            if (replyTo != null) {
                Sending.publish(connection, replyTo, answer);
            }
        }
    }
}
