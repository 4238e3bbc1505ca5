package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Takes a fenced stream over many sequences with atomic batches of placeholders. Where the server
/// forces each write to disk, it forces a batch as a whole: a thousand placeholders cost what a few
/// messages do.
///
/// Copies are not written so: the server keeps the batch's headers in what it stores.
final class Leap {

    /// Half of what a server takes unless it is told otherwise.
    private static final int BATCH = 500;

    private final JetStreamApi api;
    private final Fence fence;
    private final StreamShape name;

    Leap(JetStreamApi api, Fence fence, StreamShape name) {
        this.api = api;
        this.fence = fence;
        this.name = name;
    }

    /// Leaps as far as the server takes batches. One that it refuses leaves nothing behind.
    ///
    /// @return the stream's last sequence afterwards
    long run(Session on, String token, long from, long to) throws StoreException {
        fence.takeBatches(on, token);
        long next = from;
        boolean taken = true;
        while (taken && next <= to) {
            long end = Math.min(to, next + BATCH - 1);
            taken = isTaken(on, name.gapSubjects(token), next, end);
            next = taken ? end + 1 : next;
        }
        ObjectNode gaps = Json.object().put("filter", name.anyGap());
        api.call(on, "STREAM.PURGE." + name.stream(), gaps);
        return next - 1;
    }

    private boolean isTaken(Session on, String subjects, long from, long to) throws StoreException {
        String batch = UUID.randomUUID().toString();
        try {
            for (long sequence = from; sequence < to; sequence++) {
                on.connection().publish(subjects + sequence, headers(batch, from, sequence), null);
            }
            Headers last = headers(batch, from, to).put("Nats-Batch-Commit", "1");
            return isTaken(
                    on.connection().requestWithTimeout(subjects + to, last, null, api.timeout()),
                    to);
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNKNOWN, "the connection ended during a batch", e);
        }
    }

    private static Headers headers(String batch, long from, long sequence) {
        Headers headers = new Headers();
        headers.put("Nats-Batch-Id", batch);
        headers.put("Nats-Batch-Sequence", Long.toString(sequence - from + 1));
        if (sequence == from) {
            headers.put("Nats-Expected-Last-Sequence", Long.toString(from - 1));
        }
        return headers;
    }

    private boolean isTaken(CompletableFuture<Message> commit, long to) throws StoreException {
        byte[] body =
                JetStreamApi.await(
                        commit,
                        api.timeout(),
                        "the batch",
                        Kind.REFUSED,
                        "nobody hears the batch any more");
        if (Acknowledgement.isPlain(body, to)) {
            return true;
        }
        JsonNode answer = JetStreamApi.parse("batch", body);
        if (answer.has("error")) {
            return false;
        }
        throw new StoreException(
                Kind.WRONG_SEQUENCE, "the batch up to " + to + " was acknowledged as " + answer);
    }
}
