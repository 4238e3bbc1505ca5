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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Feeds a snapshot to a server that makes a fenced stream of it. A few pieces are on their way at
/// a time; each is answered, with an error object if the server gave up.
///
/// A server gives up when it is busy with one piece for 5 seconds, and one that forces every
/// message to disk is busy for long. So the snapshot's blocks are made small first, and where they
/// are cut does not matter to the server: pieces start small and grow only as long as they are
/// answered quickly. Once all that is on its way, two mebibytes, is answered quickly, so would be a
/// whole block, and blocks are left as they are until an answer takes longer.
final class Restore {

    private static final int PIECES_IN_FLIGHT = 16;
    private static final int MIN_PIECE = 1024;
    private static final int FIRST_PIECE = 4 * 1024;
    private static final int MAX_PIECE = 128 * 1024;
    private static final long QUICK_NANOS = 100_000_000;
    private static final long SLOW_NANOS = 500_000_000;

    /// A server that forces every message to disk takes long over a chunk, and may read the whole
    /// stream before its last answer. A dead server is noticed long before.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final JetStreamApi api;
    private final Session on;
    private final String bucket;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private int pieceSize = FIRST_PIECE;
    private boolean quick;

    private record Sent(CompletableFuture<Message> answer, long at) {}

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
        SmallFrames frames = new SmallFrames();
        try {
            for (Optional<byte[]> chunk = source.next(); chunk.isPresent(); chunk = source.next()) {
                inPieces(target, frames.take(chunk.get(), !quick));
            }
            frames.end();
        } catch (IOException e) {
            throw new StoreException(Kind.UNKNOWN, "the snapshot is damaged: " + e.getMessage(), e);
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

    private void inPieces(String target, byte[] chunk) throws StoreException {
        int from = 0;
        while (from < chunk.length) {
            int to = Math.min(chunk.length, from + pieceSize);
            boolean whole = from == 0 && to == chunk.length;
            send(target, whole ? chunk : Arrays.copyOfRange(chunk, from, to));
            from = to;
            if (sent.size() == PIECES_IN_FLIGHT) {
                acknowledged(sent.remove());
            }
        }
    }

    private void send(String target, byte[] piece) throws StoreException {
        try {
            sent.add(
                    new Sent(
                            on.connection().requestWithTimeout(target, piece, PATIENCE),
                            System.nanoTime()));
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNKNOWN, "the connection ended during a restore", e);
        }
    }

    private void acknowledged(Sent piece) throws StoreException {
        byte[] answer = answer(piece);
        long took = System.nanoTime() - piece.at;
        quick = took < QUICK_NANOS && pieceSize == MAX_PIECE;
        if (took < QUICK_NANOS) {
            pieceSize = Math.min(MAX_PIECE, pieceSize * 2);
        } else if (took > SLOW_NANOS) {
            pieceSize = Math.max(MIN_PIECE, pieceSize / 2);
        }
        if (answer.length > 0) {
            JetStreamApi.checked("restore", JetStreamApi.parse("restore", answer));
        }
    }

    private static byte[] answer(Sent piece) throws StoreException {
        return JetStreamApi.await(
                piece.answer,
                PATIENCE,
                "a piece of the restore",
                Kind.UNKNOWN,
                "the server gave the restore up");
    }
}
