package dev.twonode.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.gateway.wire.Frame;
import dev.twonode.protocol.Showing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Remembers whether the leader's server stored the newest write. Nobody else can tell: a stream
/// whose store is full answers everything but writes.
final class Refusals {

    /// Errors of JetStream that say that there is no room, or that the disk refused.
    private static final Set<Integer> OF_STORE = Set.of(10_002, 10_023, 10_028, 10_047, 10_077);

    private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.ISO_8859_1);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// A server that is only busy answers within this.
    private static final long PATIENCE_MILLIS = 2_000;

    private static final String SILENT =
            "it answers no write any more, as when its disk is full or failed; its log says why";

    private final Board board;
    private final LongSupplier millis;
    private final Map<Upstream, Unanswered> unanswered = new ConcurrentHashMap<>();
    private volatile @Nullable Refusal newest;
    private volatile long refusedSince;

    /// The first write of a connection in a term since the server answered one.
    private record Unanswered(long term, long since) {}

    /// @param millis the clock of the board
    Refusals(Board board, LongSupplier millis) {
        this.board = board;
        this.millis = millis;
    }

    /// A write is about to be sent for whose answer its client waits. A server whose disk fails
    /// answers no write any more.
    void asked(Upstream to) {
        if (board.now() instanceof Showing.Leader leader && to.isOf(leader)) {
            unanswered.putIfAbsent(to, new Unanswered(leader.term().number(), millis.getAsLong()));
        }
    }

    /// Whether a write of this connection is without an answer, as far as is known.
    boolean awaits(Upstream to) {
        return unanswered.containsKey(to);
    }

    /// The client waits for no answer any more, or was told that there is none.
    void forget(Upstream to) {
        unanswered.remove(to);
    }

    /// The server answered a write.
    void answered() {
        if (!unanswered.isEmpty()) {
            unanswered.clear();
        }
    }

    /// Looks at a server's answer to a write.
    void look(Upstream from, Frame.Message answer) {
        answered();
        if (!startsAsError(answer)) {
            if (newest != null) {
                newest = null;
            }
            return;
        }
        JsonNode error = error(answer);
        if (OF_STORE.contains(error.path("err_code").asInt())
                && board.now() instanceof Showing.Leader leader
                && from.isOf(leader)) {
            refused(leader, error.path("description").asText());
        }
    }

    /// Counted up to the newest refusal: a client that tries no more says nothing of the server.
    private void refused(Showing.Leader leader, String why) {
        Refusal before = newest;
        long term = leader.term().number();
        long now = millis.getAsLong();
        if (before == null || before.term() != term) {
            refusedSince = now;
        }
        newest = new Refusal(leader.place(), term, why, now - refusedSince);
    }

    /// The refusal of the newest write, empty when that was stored. A server that has refused some
    /// may answer no more.
    Optional<Refusal> newest() {
        Refusal refusal = newest;
        if (refusal == null) {
            return silence();
        }
        return Optional.of(silence().filter(it -> it.lasted() > refusal.lasted()).orElse(refusal));
    }

    /// What is to be made of writes that wait for their answers.
    private Optional<Refusal> silence() {
        unanswered.keySet().removeIf(Upstream::isClosed);
        if (!(board.now() instanceof Showing.Leader leader)) {
            return Optional.empty();
        }
        long term = leader.term().number();
        unanswered.values().removeIf(it -> it.term != term);
        long now = millis.getAsLong();
        return unanswered.values().stream()
                .map(it -> now - it.since)
                .max(Long::compare)
                .filter(lasted -> lasted >= PATIENCE_MILLIS)
                .map(lasted -> new Refusal(leader.place(), term, SILENT, lasted));
    }

    private static boolean startsAsError(Frame.Message answer) {
        byte[] bytes = answer.bytes();
        for (int i = 0; i < ERROR.length; i++) {
            if (i >= answer.payloadLength() || bytes[answer.payloadAt() + i] != ERROR[i]) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode error(Frame.Message answer) {
        try {
            return MAPPER.readTree(answer.text()).path("error");
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }
}
