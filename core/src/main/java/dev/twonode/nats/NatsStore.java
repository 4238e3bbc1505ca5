package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import dev.twonode.replication.Face;
import dev.twonode.replication.ServerVersion;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;

/// A KV bucket's stream on the server of one link. Each call runs on the session that is up when it
/// begins, and feeds, appenders and snapshots end with theirs.
public final class NatsStore implements Store {

    private final NatsLink link;
    private final JetStreamApi api;
    private final StreamShape name;
    private final KnownConfig known;
    private final Fence fence;

    /// @param link the connection to the server
    /// @param bucket the KV bucket's name, such as `kine`
    /// @param timeout bound of one request
    public NatsStore(NatsLink link, String bucket, Duration timeout) {
        this(link, new StreamShape(bucket, KINE_HISTORY, 1), new KnownConfig(bucket), timeout);
    }

    private NatsStore(NatsLink link, StreamShape name, KnownConfig known, Duration timeout) {
        this.link = link;
        this.api = new JetStreamApi(link, timeout);
        this.name = name;
        this.known = known;
        this.fence = new Fence(api, name.bucket(), known);
    }

    /// The same stream, for calls that may take longer or have to be quicker.
    public NatsStore within(Duration timeout) {
        return new NatsStore(link, name, known, timeout);
    }

    @Override
    public Optional<StreamFacts> inspect() throws StoreException {
        return fence.inspect(api.session());
    }

    @Override
    public StreamFacts createFenced(Mark mark, String session, int perSubject)
            throws StoreException {
        Session on = api.session();
        if (fence.inspect(on).isPresent()) {
            throw new StoreException(
                    Kind.REFUSED, "the stream " + name.stream() + " exists already");
        }
        StreamShape shape = new StreamShape(name.bucket(), perSubject, 1);
        ObjectNode wanted = shape.fenced(mark, session);
        JsonNode answer = api.call(on, "STREAM.CREATE." + name.stream(), wanted);
        Fence.verify(wanted, answer.path("config"));
        return StreamReading.facts(name.bucket(), on.server().id(), answer);
    }

    @Override
    public StreamFacts fence(Mark mark, String session, Care care) throws StoreException {
        return fence.close(api.session(), mark, session, care);
    }

    @Override
    public StreamFacts open(Mark expected) throws StoreException {
        return fence.open(api.session(), expected);
    }

    @Override
    public Optional<StoredMessage> read(long sequence) throws StoreException {
        return message(Json.object().put("seq", sequence));
    }

    /// Asks for all of them at once: one way there and back instead of one for each.
    @Override
    public List<StoredMessage> read(long from, long to) throws StoreException {
        String verb = "STREAM.MSG.GET." + name.stream();
        List<ObjectNode> requests =
                LongStream.rangeClosed(from, to)
                        .mapToObj(sequence -> Json.object().put("seq", sequence))
                        .toList();
        List<StoredMessage> found = new ArrayList<>();
        for (JsonNode answer : api.exchange(api.session(), verb, requests)) {
            found(verb, answer).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public Optional<StoredMessage> next(long fromSequence) throws StoreException {
        return message(
                Json.object().put("seq", Math.max(1, fromSequence)).put("next_by_subj", ">"));
    }

    @Override
    public Optional<StoredMessage> newest(String subject) throws StoreException {
        return message(Json.object().put("last_by_subj", subject));
    }

    private Optional<StoredMessage> message(ObjectNode request) throws StoreException {
        String verb = "STREAM.MSG.GET." + name.stream();
        return found(verb, api.exchange(api.session(), verb, request));
    }

    private static Optional<StoredMessage> found(String verb, JsonNode answer)
            throws StoreException {
        if (JetStreamApi.code(answer) == JetStreamApi.MESSAGE_NOT_FOUND) {
            return Optional.empty();
        }
        JsonNode message = JetStreamApi.checked(verb, answer).path("message");
        return Optional.of(StreamReading.message(message));
    }

    @Override
    public SortedSet<Long> deleted() throws StoreException {
        JsonNode info =
                api.call(
                        api.session(),
                        "STREAM.INFO." + name.stream(),
                        Json.object().put("deleted_details", true));
        SortedSet<Long> deleted = new TreeSet<>();
        info.path("state").path("deleted").forEach(sequence -> deleted.add(sequence.asLong()));
        return deleted;
    }

    @Override
    public void expectCopy() {
        api.expectLine();
    }

    @Override
    public Feed feed(long fromSequence) throws StoreException {
        return NatsFeed.open(api, name.stream(), fromSequence);
    }

    @Override
    public Appender appender(String session, long lastSeq, String echo) throws StoreException {
        return NatsAppender.open(api, name, session, lastSeq, echo);
    }

    @Override
    public void leap(String session, long from, long to) throws StoreException {
        Session on = api.session();
        if (!ServerVersion.parse(on.server().version()).forcesBatches()) {
            Store.super.leap(session, from, to);
            return;
        }
        long last = new Leap(api, fence, name).run(on, session, from, to);
        if (last < to) {
            Store.super.leap(session, last + 1, to);
        }
    }

    @Override
    public void startAt(long firstSeq) throws StoreException {
        Session on = api.session();
        StreamFacts before = fence.existing(on);
        if (!(before.face() instanceof Face.Fenced)) {
            throw new StoreException(
                    Kind.REFUSED, "only a fenced stream may be emptied: " + name.stream());
        }
        if (firstSeq <= before.lastSeq()) {
            throw new StoreException(
                    Kind.REFUSED,
                    "sequence " + before.lastSeq() + " is given out; " + firstSeq + " is too low");
        }
        api.call(on, "STREAM.PURGE." + name.stream(), Json.object().put("seq", firstSeq));
        StreamFacts after = fence.existing(on);
        if (after.lastSeq() != firstSeq - 1 || !after.isEmpty()) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "after the purge the stream stands at "
                            + after.lastSeq()
                            + ", not at "
                            + (firstSeq - 1));
        }
    }

    @Override
    public Snapshot snapshot() throws StoreException {
        Session on = api.session();
        return NatsSnapshot.open(api, on, name, fence.existing(on));
    }

    @Override
    public StreamFacts restore(Snapshot source, Mark mark, String session) throws StoreException {
        Session on = api.session();
        if (fence.inspect(on).isPresent()) {
            throw new StoreException(
                    Kind.REFUSED, "the stream " + name.stream() + " exists already");
        }
        try (Session busy = api.beside(on)) {
            return new Restore(api, busy, name.bucket()).run(source, mark, session);
        }
    }

    @Override
    public void delete() throws StoreException {
        api.call(api.session(), "STREAM.DELETE." + name.stream(), Json.object());
    }

    @Override
    public String serverVersion() throws StoreException {
        return api.session().server().version();
    }
}
