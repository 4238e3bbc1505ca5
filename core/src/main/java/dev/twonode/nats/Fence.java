package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Face;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StreamFacts;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// Turns a stream from one face to the other, in place.
final class Fence {

    /// A sequence that no stream reaches.
    private static final String IMPOSSIBLE = "18446744073709551615";

    private final JetStreamApi api;
    private final String bucket;
    private final String stream;
    private final KnownConfig known;

    Fence(JetStreamApi api, String bucket, KnownConfig known) {
        this.api = api;
        this.bucket = bucket;
        this.stream = "KV_" + bucket;
        this.known = known;
    }

    Optional<StreamFacts> inspect(Session on) throws StoreException {
        Optional<JsonNode> info = info(on);
        return info.isEmpty()
                ? Optional.empty()
                : Optional.of(StreamReading.facts(bucket, on.server().id(), info.get()));
    }

    StreamFacts existing(Session on) throws StoreException {
        return inspect(on).orElseThrow(this::missing);
    }

    /// Fences and passes the barrier.
    StreamFacts close(Session on, Mark mark, String session, Care care) throws StoreException {
        KnownConfig.Since since = known.listen(on);
        StreamFacts facts = close(on, mark, session, care != Care.NONE, since);
        boolean swept =
                care == Care.CHANGES && isOf(mark.by(), facts.face()) && since.othersChanged();
        return swept ? closeForSomebody(on, mark, session) : facts;
    }

    /// Fences anew where a fence of somebody else may have been swept away.
    private StreamFacts closeForSomebody(Session on, Mark mark, String session)
            throws StoreException {
        Mark somebodys = new Mark(mark.term(), somebody(mark.by()));
        return close(on, somebodys, session, false, known.listen(on));
    }

    /// Stands in a mark for whoever made a change of which nothing is known but that it was made.
    /// Never the node's own name, whatever that is.
    static NodeName somebody(NodeName own) {
        NodeName usual = new NodeName("somebody-else");
        return own.equals(usual) ? new NodeName("another-node") : usual;
    }

    private static boolean isOf(NodeName node, Face face) {
        return !(face instanceof Face.Fenced(Mark mark, _)) || mark.by().equals(node);
    }

    private StreamFacts close(
            Session on, Mark mark, String session, boolean careful, KnownConfig.Since since)
            throws StoreException {
        JsonNode config = config(on);
        Face before = StreamShape.face(bucket, config);
        if (before instanceof Face.Foreign(String why)) {
            throw foreign(why);
        }
        if (careful && !isOf(mark.by(), before)) {
            return existing(on);
        }
        StreamShape shape = StreamShape.of(bucket, config);
        ObjectNode wanted = shape.fenced(mark, session);
        if (careful || StreamShape.difference(wanted, config).isPresent()) {
            update(on, wanted, since);
        }
        CompletableFuture<Message> refusal = sendBarrier(on, shape.replicaSubjects(session));
        JsonNode fenced = gaps(on, shape);
        if (fenced.path("state").path("last_seq").asLong() < lastAtBarrier(refusal)) {
            // What was on its way when the fence was set was stored behind this reading.
            fenced = gaps(on, shape);
        }
        StreamFacts facts = withoutGaps(on, shape, fenced);
        if (!facts.face().equals(new Face.Fenced(mark, session))) {
            throw new StoreException(
                    Kind.REFUSED, "another agent fenced " + stream + " at the same time");
        }
        return facts;
    }

    /// The stream's information, with the placeholders that an earlier session left in it.
    private JsonNode gaps(Session on, StreamShape shape) throws StoreException {
        ObjectNode asking = Json.object().put("subjects_filter", shape.anyGap());
        return info(on, asking).orElseThrow(this::missing);
    }

    /// The facts, once no placeholder of an earlier session is left.
    private StreamFacts withoutGaps(Session on, StreamShape shape, JsonNode info)
            throws StoreException {
        if (info.path("state").path("subjects").isEmpty()) {
            return StreamReading.facts(bucket, on.server().id(), info);
        }
        api.call(on, "STREAM.PURGE." + stream, Json.object().put("filter", shape.anyGap()));
        return existing(on);
    }

    /// Opens a stream that is fenced with exactly this mark.
    ///
    /// The API cannot make an update depend on what it replaces, so a fence that another agent sets
    /// between our reading and our update would be swept away unseen. If more than our own update
    /// was announced by its answer, the stream is fenced again. What is announced later was a fence
    /// whose barrier had not passed by then: that agent finds out, as its copies have no subject
    /// any more.
    StreamFacts open(Session on, Mark expected) throws StoreException {
        KnownConfig.Since since = known.listen(on);
        JsonNode config = config(on);
        Face face = StreamShape.face(bucket, config);
        if (!(face instanceof Face.Fenced(Mark mark, String session)) || !mark.equals(expected)) {
            throw new StoreException(
                    Kind.REFUSED, stream + " is not fenced by " + expected + " but " + face);
        }
        StreamShape shape = StreamShape.of(bucket, config);
        JsonNode answer = update(on, shape.open(), since);
        if (since.othersChanged()) {
            update(on, shape.fenced(expected, session), known.listen(on));
            throw new StoreException(
                    Kind.REFUSED, "another agent changed " + stream + " while it was opened");
        }
        return StreamReading.facts(bucket, on.server().id(), answer);
    }

    /// Lets a stream take batches from the session that it is fenced for, until it is opened or
    /// fenced anew. What another agent changed meanwhile stays in force, as with [#close].
    void takeBatches(Session on, String session) throws StoreException {
        KnownConfig.Since since = known.listen(on);
        JsonNode config = config(on);
        Face face = StreamShape.face(bucket, config);
        if (!(face instanceof Face.Fenced(Mark mark, String token)) || !token.equals(session)) {
            throw new StoreException(
                    Kind.REFUSED, stream + " is not fenced for " + session + " but " + face);
        }
        update(on, StreamShape.of(bucket, config).batched(mark, session), since);
        if (since.othersChanged()) {
            closeForSomebody(on, mark, session);
            throw new StoreException(Kind.REFUSED, "another agent changed " + stream);
        }
    }

    /// The present configuration, asked for only where it is not known.
    private JsonNode config(Session on) throws StoreException {
        Optional<JsonNode> sure = known.on(on);
        return sure.isPresent() ? sure.get() : info(on).orElseThrow(this::missing).path("config");
    }

    /// Refuses a configuration that is not the one asked for: old servers drop what they do not
    /// know without a word.
    static void verify(JsonNode wanted, JsonNode returned) throws StoreException {
        Optional<String> difference = StreamShape.difference(wanted, returned);
        if (difference.isPresent()) {
            throw new StoreException(
                    Kind.REFUSED,
                    "the server did not take the configuration as asked: " + difference.get());
        }
    }

    private Optional<JsonNode> info(Session on) throws StoreException {
        return info(on, Json.object());
    }

    private Optional<JsonNode> info(Session on, ObjectNode request) throws StoreException {
        String verb = "STREAM.INFO." + stream;
        JsonNode answer = api.exchange(on, verb, request);
        if (JetStreamApi.code(answer) == JetStreamApi.STREAM_NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(JetStreamApi.checked(verb, answer));
    }

    private JsonNode update(Session on, ObjectNode wanted, KnownConfig.Since since)
            throws StoreException {
        JsonNode answer = api.call(on, "STREAM.UPDATE." + stream, wanted);
        verify(wanted, answer.path("config"));
        since.learn(answer.path("config"));
        return answer;
    }

    /// Sends a message that cannot be stored. Its refusal queues behind every write that was
    /// accepted before the fence, so once it is here those are all in the stream.
    private CompletableFuture<Message> sendBarrier(Session on, String replicaSubjects)
            throws StoreException {
        Headers headers = new Headers().put("Nats-Expected-Last-Sequence", IMPOSSIBLE);
        try {
            return on.connection()
                    .requestWithTimeout(replicaSubjects + "barrier", headers, null, api.timeout());
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNKNOWN, "fenced, but the connection ended", e);
        }
    }

    /// The last sequence that the refusal names, which is final.
    private long lastAtBarrier(CompletableFuture<Message> refusal) throws StoreException {
        byte[] answer =
                JetStreamApi.await(
                        refusal,
                        api.timeout(),
                        "the barrier",
                        Kind.REFUSED,
                        "the fence of " + stream + " was moved by another agent");
        JsonNode refused = JetStreamApi.parse("barrier", answer);
        OptionalLong last = JetStreamApi.lastSequence(refused);
        if (last.isEmpty()) {
            throw JetStreamApi.failure("barrier", refused.path("error"));
        }
        return last.getAsLong();
    }

    private StoreException missing() {
        return new StoreException(Kind.NO_STREAM, "the stream " + stream + " does not exist");
    }

    private StoreException foreign(String why) {
        return new StoreException(
                Kind.REFUSED,
                stream
                        + " is not as kine or twonode made it ("
                        + why
                        + "); undo the change with"
                        + " 'nats stream edit', or remove the stream if its content is not needed");
    }
}
