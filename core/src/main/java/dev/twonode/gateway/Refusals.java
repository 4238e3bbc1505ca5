package dev.twonode.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.gateway.wire.Frame;
import dev.twonode.protocol.Refusal;
import dev.twonode.protocol.Showing;
import dev.twonode.protocol.Term;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Remembers whether the leader's server stored the newest write. Nobody else can tell: a stream
/// whose store is full answers everything but writes.
///
/// What was found out stays, also when the client that met it has left, until the server is seen to
/// store again: by an answer to a client of this gateway, or by what is committed, which tells of
/// the other gateway's clients too.
final class Refusals {

    /// Errors of JetStream that say that there is no room, or that the disk refused.
    private static final Set<Integer> OF_STORE = Set.of(10_002, 10_023, 10_028, 10_047, 10_077);

    private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.ISO_8859_1);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// A server that is only busy answers within this.
    private static final long PATIENCE_MILLIS = 2_000;

    /// What is committed later than this was stored since.
    private static final long SETTLED_MILLIS = 1_000;

    private static final String SILENT =
            "it answers no write any more, as when its disk is full or failed; its log says why";

    private final Board board;
    private final LongSupplier millis;
    private final Map<Upstream, Unanswered> unanswered = new ConcurrentHashMap<>();
    private volatile @Nullable Refused newest;
    private @Nullable Term watched;
    private long committed;

    /// The first write of a connection in a term since the server answered one.
    private record Unanswered(Term term, long since) {}

    /// Clients tried from the one time to the other one, and nothing was stored.
    private record Refused(Term term, String why, long since, long until) {

        boolean isSettled(long now) {
            return until < now && since + SETTLED_MILLIS < now;
        }

        boolean isSilence() {
            return why.equals(SILENT);
        }
    }

    /// @param millis the clock of the board
    Refusals(Board board, LongSupplier millis) {
        this.board = board;
        this.millis = millis;
    }

    /// A write is about to be sent for whose answer its client waits. A server whose disk fails
    /// answers no write any more.
    void asked(Upstream to) {
        if (board.now() instanceof Showing.Leader leader && to.isOf(leader)) {
            unanswered.putIfAbsent(to, new Unanswered(leader.term(), millis.getAsLong()));
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

    /// This agent did not run: an answer of meanwhile may lie there unread.
    synchronized void slept() {
        long now = millis.getAsLong();
        unanswered.replaceAll((_, it) -> new Unanswered(it.term(), now));
    }

    /// The server answered a write.
    void answered() {
        Refused known = newest;
        if (!unanswered.isEmpty() || (known != null && known.isSilence())) {
            endSilence();
        }
    }

    /// It does answer, or what it was asked did not get there.
    synchronized void endSilence() {
        unanswered.clear();
        Refused known = newest;
        if (known != null && known.isSilence()) {
            newest = null;
        }
    }

    /// Looks at a server's answer to a write.
    void look(Upstream from, Frame.Message answer) {
        answered();
        if (!startsAsError(answer)) {
            if (newest != null) {
                stored();
            }
            return;
        }
        JsonNode error = error(answer);
        if (OF_STORE.contains(error.path("err_code").asInt())
                && board.now() instanceof Showing.Leader leader
                && from.isOf(leader)) {
            refused(leader.term(), error.path("description").asText(), millis.getAsLong());
        }
    }

    private synchronized void stored() {
        newest = null;
    }

    private synchronized void refused(Term term, String why, long since) {
        Refused known = newest;
        long now = millis.getAsLong();
        if (known == null || !known.term().equals(term)) {
            newest = new Refused(term, why, since, now);
            return;
        }
        String said = why.equals(SILENT) ? known.why() : why;
        newest = new Refused(term, said, Math.min(known.since(), since), now);
    }

    /// The refusal of the newest write, empty when that was stored. A server that has refused some
    /// may answer no more. Counted up to the last write that a client waited for: one that tries no
    /// more says nothing of the server.
    synchronized Optional<Refusal> newest() {
        if (!(board.now() instanceof Showing.Leader leader)) {
            return Optional.empty();
        }
        watch(leader);
        silence().ifPresent(since -> refused(leader.term(), SILENT, since));
        return Optional.ofNullable(newest)
                .filter(it -> it.term().equals(leader.term()))
                .map(it -> new Refusal(it.term(), it.why(), it.until() - it.since()));
    }

    /// A server whose stream goes on has stored what others wrote. What was stored shortly before a
    /// refusal may be committed behind it.
    private void watch(Showing.Leader leader) {
        Term term = leader.term();
        if (!term.equals(watched)) {
            watched = term;
            committed = leader.commit();
            unanswered.values().removeIf(it -> !it.term().equals(term));
        }
        if (leader.commit() <= committed) {
            return;
        }
        committed = leader.commit();
        long now = millis.getAsLong();
        unanswered.values().removeIf(it -> it.since() + SETTLED_MILLIS < now);
        Refused known = newest;
        if (known != null && known.isSettled(now)) {
            newest = null;
        }
    }

    /// Since when a client waits in vain.
    private OptionalLong silence() {
        unanswered.keySet().removeIf(Upstream::isClosed);
        long late = millis.getAsLong() - PATIENCE_MILLIS;
        return unanswered.values().stream()
                .mapToLong(Unanswered::since)
                .filter(since -> since <= late)
                .min();
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
