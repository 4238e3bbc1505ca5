package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StreamFacts;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A snapshot as the server sends it: chunks that are acknowledged one by one as they are taken,
/// then an empty message. What the chunks contain is the servers' affair.
final class NatsSnapshot implements Store.Snapshot {

    private static final int CHUNK = 128 * 1024;
    private static final int WINDOW = 8 * 1024 * 1024;

    /// The server gives up after 5 seconds without an acknowledgement.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final int END_OF_FILE = 204;

    private final Session session;
    private final Subscription subscription;
    private final StreamFacts facts;
    private final String manifest;
    private boolean ended;

    private NatsSnapshot(
            Session session, Subscription subscription, StreamFacts facts, String manifest) {
        this.session = session;
        this.subscription = subscription;
        this.facts = facts;
        this.manifest = manifest;
    }

    /// @param seen a reading of the stream just before; a snapshot does not say when it was created
    static NatsSnapshot open(JetStreamApi api, Session on, StreamShape name, StreamFacts seen)
            throws StoreException {
        Subscription subscription;
        String inbox = on.connection().createInbox();
        try {
            subscription = on.connection().subscribe(inbox);
            subscription.setPendingLimits(0, 0);
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNREACHABLE, "the connection ended", e);
        }
        try {
            JsonNode answer = api.call(on, "STREAM.SNAPSHOT." + name.stream(), request(inbox));
            ObjectNode manifest = Json.object();
            manifest.set("config", answer.path("config"));
            manifest.set("state", answer.path("state"));
            StreamFacts facts =
                    StreamReading.facts(name.bucket(), on.server().id(), seen.created(), manifest);
            return new NatsSnapshot(on, subscription, facts, manifest.toString());
        } catch (StoreException e) {
            drop(on, subscription);
            throw e;
        }
    }

    private static ObjectNode request(String inbox) {
        return Json.object()
                .put("deliver_subject", inbox)
                .put("no_consumers", true)
                .put("chunk_size", CHUNK)
                .put("window_size", WINDOW)
                .put("jsck", false);
    }

    @Override
    public StreamFacts facts() {
        return facts;
    }

    @Override
    public String manifest() {
        return manifest;
    }

    @Override
    public Optional<byte[]> next() throws StoreException {
        if (ended) {
            return Optional.empty();
        }
        Message message = receive();
        byte[] chunk = message.getData();
        if (chunk.length == 0) {
            end(message);
            return Optional.empty();
        }
        String acknowledge = message.getReplyTo();
        if (acknowledge != null) {
            try {
                session.connection().publish(acknowledge, null);
            } catch (IllegalStateException e) {
                throw brokeOff("the connection ended", e);
            }
        }
        return Optional.of(chunk);
    }

    @Override
    public void close() {
        drop(session, subscription);
    }

    /// An empty message ends the snapshot, well or not.
    private void end(Message message) throws StoreException {
        if (message.isStatusMessage() && message.getStatus().getCode() != END_OF_FILE) {
            throw brokeOff(message.getStatus().getMessageWithCode(), null);
        }
        ended = true;
    }

    private Message receive() throws StoreException {
        try {
            Message message = subscription.nextMessage(SILENCE);
            if (message == null) {
                throw brokeOff("no more of it came", null);
            }
            return message;
        } catch (IllegalStateException e) {
            throw brokeOff("the connection ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNKNOWN, "interrupted while taking a snapshot", e);
        }
    }

    private StoreException brokeOff(String why, @Nullable Exception cause) {
        Kind kind = session.isOver() ? Kind.UNREACHABLE : Kind.UNKNOWN;
        String what = "the snapshot broke off: " + why;
        return cause == null
                ? new StoreException(kind, what)
                : new StoreException(kind, what, cause);
    }

    private static void drop(Session on, Subscription subscription) {
        on.sayLast(() -> {
            if (subscription.isActive()) {
                subscription.unsubscribe();
            }
        });
    }
}
