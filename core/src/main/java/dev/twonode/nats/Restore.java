package dev.twonode.nats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Mark;
import dev.twonode.replication.Store.Snapshot;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StreamFacts;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Feeds a snapshot to a server that makes a fenced stream of it. A few chunks are on their way at
/// a time; each is answered, with an error object if the server gave up.
final class Restore {

    private static final int CHUNKS_IN_FLIGHT = 16;

    /// A server reads the whole stream before its last answer. A connection that ends is noticed
    /// long before.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final JetStreamApi api;
    private final Session on;
    private final String bucket;
    private final Deque<CompletableFuture<Message>> sent = new ArrayDeque<>();

    Restore(JetStreamApi api, Session on, String bucket) {
        this.api = api;
        this.on = on;
        this.bucket = bucket;
    }

    StreamFacts run(Snapshot source, Mark mark, String session) throws StoreException {
        JsonNode manifest = manifest(source);
        ObjectNode wanted = StreamShape.of(bucket, manifest.path("config")).fenced(mark, session);
        ObjectNode request = Json.object();
        request.set("config", wanted);
        request.set("state", manifest.path("state"));
        String verb = "STREAM.RESTORE.KV_" + bucket;
        String target = api.call(on, verb, request).path("deliver_subject").asText();
        for (Optional<byte[]> chunk = source.next(); chunk.isPresent(); chunk = source.next()) {
            send(target, chunk.get());
            if (sent.size() == CHUNKS_IN_FLIGHT) {
                acknowledged(sent.remove());
            }
        }
        while (!sent.isEmpty()) {
            acknowledged(sent.remove());
        }
        send(target, new byte[0]);
        JsonNode answer =
                JetStreamApi.checked(verb, JetStreamApi.parse(verb, answer(sent.remove())));
        Fence.verify(wanted, answer.path("config"));
        return StreamReading.facts(bucket, on.server().id(), answer);
    }

    private static JsonNode manifest(Snapshot source) throws StoreException {
        try {
            return Json.read(source.manifest());
        } catch (JsonProcessingException e) {
            throw new StoreException(Kind.REFUSED, "the snapshot's manifest is not JSON", e);
        }
    }

    private void send(String target, byte[] chunk) throws StoreException {
        try {
            sent.add(on.connection().requestWithTimeout(target, chunk, PATIENCE));
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNKNOWN, "the connection ended during a restore", e);
        }
    }

    private void acknowledged(CompletableFuture<Message> chunk) throws StoreException {
        byte[] answer = answer(chunk);
        if (answer.length > 0) {
            JetStreamApi.checked("restore", JetStreamApi.parse("restore", answer));
        }
    }

    private byte[] answer(CompletableFuture<Message> chunk) throws StoreException {
        try {
            return chunk.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS).getData();
        } catch (ExecutionException e) {
            throw new StoreException(Kind.UNKNOWN, "the server gave the restore up", e);
        } catch (TimeoutException | CancellationException e) {
            throw new StoreException(Kind.UNKNOWN, "a chunk of the restore was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNKNOWN, "interrupted during a restore", e);
        }
    }
}
