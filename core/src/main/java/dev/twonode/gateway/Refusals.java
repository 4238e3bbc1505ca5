package dev.twonode.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.gateway.wire.Frame;
import dev.twonode.protocol.Showing;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Remembers whether the leader's server stored the newest write. Nobody else can tell: a stream
/// whose store is full answers everything but writes.
final class Refusals {

    /// Errors of JetStream that say that there is no room, or that the disk refused.
    private static final Set<Integer> OF_STORE = Set.of(10_002, 10_023, 10_028, 10_047, 10_077);

    private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.ISO_8859_1);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Board board;
    private volatile @Nullable Refusal newest;

    Refusals(Board board) {
        this.board = board;
    }

    /// Looks at a server's answer to a write.
    void look(Upstream from, Frame.Message answer) {
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
            newest =
                    new Refusal(
                            leader.place(),
                            leader.term().number(),
                            error.path("description").asText());
        }
    }

    /// The refusal of the newest write, empty when that was stored.
    Optional<Refusal> newest() {
        return Optional.ofNullable(newest);
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
