package dev.twonode.nats;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.logging.Log;
import dev.twonode.messaging.Incoming;
import dev.twonode.messaging.Messaging;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a link hears on connections of its own, one for each subscription, session after session.
final class DirectSubscriptions {

    private static final Log LOG = Log.of(DirectSubscriptions.class);
    private static final String SID = "1";

    private final LineDial dial;
    private final ThreadFactory threads;
    private final Set<Subscriber> wanted = new LinkedHashSet<>();
    private final Map<Subscriber, CopyLine> lines = new LinkedHashMap<>();
    private @Nullable Session session;

    DirectSubscriptions(LineDial dial, ThreadFactory threads) {
        this.dial = dial;
        this.threads = threads;
    }

    synchronized Messaging.Subscription add(String subject, Consumer<Incoming> handler) {
        Subscriber entry = new Subscriber(subject, handler);
        wanted.add(entry);
        Session up = session;
        if (up != null && !up.isOver()) {
            begin(entry, up);
        }
        return () -> remove(entry);
    }

    synchronized void attach(Session up) {
        session = up;
        wanted.forEach(entry -> begin(entry, up));
    }

    synchronized void detach() {
        session = null;
        lines.clear();
    }

    private synchronized void remove(Subscriber entry) {
        wanted.remove(entry);
        CopyLine line = lines.remove(entry);
        if (line != null) {
            line.close();
        }
    }

    private void begin(Subscriber entry, Session up) {
        threads.newThread(() -> listen(entry, up)).start();
    }

    private void listen(Subscriber entry, Session up) {
        try (CopyLine line = dial.open(up)) {
            line.subscribe(entry.subject(), SID);
            if (register(entry, up, line)) {
                hear(entry, up, line);
            }
        } catch (StoreException e) {
            LOG.debug("not heard directly: " + entry.subject() + ": " + e.getMessage());
        }
    }

    private synchronized boolean register(Subscriber entry, Session up, CopyLine line) {
        boolean still = session == up && wanted.contains(entry);
        if (still) {
            lines.put(entry, line);
        }
        return still;
    }

    /// Whoever has heard something counts on hearing the rest as long as the session lasts: it ends
    /// with the connection.
    private void hear(Subscriber entry, Session up, CopyLine line) throws StoreException {
        try {
            while (true) {
                entry.handle(new Heard(line.next()));
            }
        } catch (StoreException e) {
            boolean lasting = e.kind() == Kind.REFUSED || up.isOver();
            if (!lasting && isRegistered(entry, line)) {
                up.close();
            }
            throw e;
        }
    }

    private synchronized boolean isRegistered(Subscriber entry, CopyLine line) {
        return lines.get(entry) == line;
    }

    private record Heard(Frame.Message message) implements Incoming {

        @Override
        public String subject() {
            return CopyLine.fromWire(message.subject());
        }

        @Override
        public byte[] body() {
            return message.payload();
        }

        /// Nobody asks on a subject that is heard directly.
        @Override
        public boolean wantsAnswer() {
            return false;
        }

        @Override
        public void respond(byte[] answer) {}
    }
}
