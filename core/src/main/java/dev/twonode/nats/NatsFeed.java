package dev.twonode.nats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.gateway.wire.Frame;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import io.nats.client.NUID;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ordered consumer that pulls. Batches are asked for while half of the last one is still to
/// come, so that neither a pause arises nor more than two batches are ever in memory.
///
/// Consumer sequences are consecutive whatever was deleted; a jump in them means loss. Heartbeats
/// that stop mean a lost consumer, stream or server.
final class NatsFeed implements Store.Feed {

    private static final int BATCH = 4096;
    private static final int BATCH_BYTES = 4 * 1024 * 1024;
    private static final Duration EXPIRY = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration SUSPICION = HEARTBEAT.multipliedBy(2);
    private static final Duration SILENCE = HEARTBEAT.multipliedBy(4);
    private static final Duration FORGET_AFTER = Duration.ofSeconds(30);
    private static final String SID = "1";
    private static final byte[] NONE = {};
    private static final int HEARTBEAT_STATUS = 100;
    private static final int EXPIRED_STATUS = 408;
    private static final String OVERSIZE = "Message Size Exceeds MaxBytes";

    /// All of a batch has come and bytes are left: its regular end.
    private static final String COMPLETED = "Batch Completed";

    private final JetStreamApi api;
    private final Session session;
    private final String stream;
    private final String consumer;
    private final String inbox;
    private final CopyLine line;
    private final long fromSequence;
    private long delivered;
    private long outstanding;
    private boolean progressed = true;
    private boolean suspicious;
    private long lastHeard = System.nanoTime();

    private NatsFeed(JetStreamApi api, Session session, String stream, long fromSequence)
            throws StoreException {
        this.api = api;
        this.session = session;
        this.stream = stream;
        this.fromSequence = fromSequence;
        this.consumer = "twonode-" + NUID.nextGlobal();
        this.inbox = session.connection().createInbox();
        this.line = api.lineBeside(session);
    }

    static NatsFeed open(JetStreamApi api, String stream, long fromSequence) throws StoreException {
        NatsFeed feed = new NatsFeed(api, api.session(), stream, fromSequence);
        try {
            feed.line.subscribe(feed.inbox, SID);
            feed.create();
            feed.ask();
        } catch (StoreException | RuntimeException e) {
            feed.close();
            throw e;
        }
        return feed;
    }

    @Override
    public List<StoredMessage> poll(Duration patience) throws StoreException {
        List<StoredMessage> arrived = new ArrayList<>();
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toNanos();
        while (arrived.isEmpty() && left > 0) {
            long wait = Math.min(left, HEARTBEAT.toNanos());
            take(receive(Duration.ofNanos(wait)), arrived);
            left = deadline - System.nanoTime();
        }
        while (!arrived.isEmpty() && arrived.size() < BATCH) {
            Frame.Message message = receive(Duration.ZERO);
            if (message == null) {
                break;
            }
            take(message, arrived);
        }
        return arrived;
    }

    @Override
    public void close() {
        line.close();
        session.sayLast(
                () -> session.connection().publish("$JS.API.CONSUMER.DELETE." + path(), null));
    }

    private String path() {
        return stream + "." + consumer;
    }

    private void create() throws StoreException {
        ObjectNode request = Json.object().put("stream_name", stream);
        request.putObject("config")
                .put("name", consumer)
                .put("deliver_policy", "by_start_sequence")
                .put("opt_start_seq", Math.max(1, fromSequence))
                .put("ack_policy", "none")
                .put("max_deliver", 1)
                .put("replay_policy", "instant")
                .put("num_replicas", 1)
                .put("mem_storage", true)
                .put("inactive_threshold", FORGET_AFTER.toNanos());
        api.call(session, "CONSUMER.CREATE." + path(), request);
    }

    /// Asks for another batch. A message too large for a batch is asked for alone.
    private void ask() throws StoreException {
        ObjectNode request =
                Json.object()
                        .put("batch", progressed ? BATCH : 1)
                        .put("expires", EXPIRY.toNanos())
                        .put("idle_heartbeat", HEARTBEAT.toNanos());
        if (progressed) {
            request.put("max_bytes", BATCH_BYTES);
        }
        line.publish("$JS.API.CONSUMER.MSG.NEXT." + path(), inbox, NONE, Json.bytes(request));
        line.flush();
        outstanding += progressed ? BATCH : 1;
    }

    private Frame.@Nullable Message receive(Duration wait) throws StoreException {
        Frame.Message message = line.next(wait);
        if (message != null) {
            lastHeard = System.nanoTime();
            suspicious = false;
        } else if (!wait.isZero()) {
            silent(Duration.ofNanos(System.nanoTime() - lastHeard));
        }
        return message;
    }

    /// Looks at a silence. A batch whose bytes are used up to the last one ends without a word, so
    /// before the consumer is given up it is asked once more.
    private void silent(Duration silence) throws StoreException {
        if (silence.compareTo(SILENCE) > 0) {
            throw new StoreException(
                    Kind.UNKNOWN,
                    "nothing heard of the consumer on "
                            + stream
                            + " for "
                            + SILENCE.toMillis()
                            + " ms");
        }
        if (silence.compareTo(SUSPICION) > 0 && !suspicious) {
            suspicious = true;
            outstanding = 0;
            ask();
        }
    }

    private void take(Frame.@Nullable Message message, List<StoredMessage> into)
            throws StoreException {
        if (message == null) {
            return;
        }
        int status = message.status();
        if (status != 0) {
            ended(message, status);
        } else {
            into.add(data(message));
            progressed = true;
            outstanding--;
        }
        if (outstanding <= BATCH / 2) {
            ask();
        }
    }

    /// A message without content says that a batch has ended, or that the server is still there.
    private void ended(Frame.Message message, int status) throws StoreException {
        if (status == HEARTBEAT_STATUS) {
            return;
        }
        String text = message.statusText();
        String unfilled = message.header("Nats-Pending-Messages");
        boolean oversize = OVERSIZE.equalsIgnoreCase(text);
        boolean regular = oversize || COMPLETED.equalsIgnoreCase(text) || status == EXPIRED_STATUS;
        if (unfilled == null || !regular) {
            throw new StoreException(Kind.UNKNOWN, "the consumer on " + stream + " ended: " + text);
        }
        outstanding -= Long.parseLong(unfilled);
        if (oversize) {
            progressed = false;
        }
    }

    private StoredMessage data(Frame.Message message) throws StoreException {
        Place place = Place.of(String.valueOf(message.reply()));
        delivered++;
        if (place.delivery() != delivered) {
            throw new StoreException(
                    Kind.UNKNOWN,
                    "messages of " + stream + " were lost on the way, before " + place.sequence());
        }
        if (place.sequence() < fromSequence) {
            throw new StoreException(
                    Kind.WRONG_SEQUENCE,
                    stream + " ends before " + fromSequence + ", at which reading was to start");
        }
        return new StoredMessage(
                place.sequence(),
                CopyLine.fromWire(message.subject()),
                StreamReading.headers(message.headerBlock()),
                message.payload(),
                place.time());
    }
}
