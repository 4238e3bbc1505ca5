package dev.twonode.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.messaging.Incoming;
import dev.twonode.protocol.Answer;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Requests that the machine has still to answer. A message that means nothing gets no answer, so
/// the oldest are forgotten beyond a bound.
final class Requests {

    private static final int MOST_OPEN = 1_000;
    private static final String ASK_AGAIN =
            "ask again in a few seconds, when that is over; nothing was changed";

    private final AtomicLong last = new AtomicLong();
    private final SequencedMap<Long, Consumer<Answer>> open = new LinkedHashMap<>();

    /// Remembers who waits for an answer.
    ///
    /// @return the number to put into the event, never 0
    long add(Consumer<Answer> answered) {
        long number = last.incrementAndGet();
        synchronized (open) {
            open.put(number, answered);
            if (open.size() > MOST_OPEN) {
                open.pollFirstEntry();
            }
        }
        return number;
    }

    void answer(long request, Answer answer) {
        Optional<Consumer<Answer>> waiting;
        synchronized (open) {
            waiting = Optional.ofNullable(open.remove(request));
        }
        waiting.ifPresent(one -> one.accept(answer));
    }

    /// Sends an answer as JSON, with further fields from the caller.
    static void respond(Incoming request, Answer answer, Consumer<ObjectNode> more) {
        ObjectNode json = json(answer);
        more.accept(json);
        request.respond(Wire.bytes(json));
    }

    static ObjectNode json(Answer answer) {
        ObjectNode json = Wire.object();
        switch (answer) {
            case Answer.Led(var term) ->
                    json.put("ok", true)
                            .put("leader", term.leader().value())
                            .put("term", term.number())
                            .put("handoverSeq", term.startSeq() - 1);
            case Answer.Done() -> json.put("ok", true);
            case Answer.Refused(var code, String why) -> {
                json.put("ok", false).put("error", why).put("code", code.word());
                if (code == Answer.Code.BUSY) {
                    json.put("next", ASK_AGAIN);
                }
            }
            case Answer.WouldLose(long heard, long held, long unheard) ->
                    json.put("ok", false)
                            .put("error", wouldLose(heard, held, unheard))
                            .put("code", "would-lose")
                            .put("lastHeardSeq", heard)
                            .put("heldSeq", held)
                            .put("unheardMs", unheard);
            case Answer.Unknown(String why) ->
                    json.put("ok", false).put("error", why).put("code", "unknown");
        }
        return json;
    }

    private static String wouldLose(long heard, long held, long unheard) {
        if (unheard < 0) {
            return "the peer was not heard since this agent started: how much it holds beyond"
                    + " sequence "
                    + held
                    + " is unknown";
        }
        return "the peer held sequence %d when it was last heard %.1f s ago, this node holds %d"
                .formatted(heard, unheard / 1000.0, held);
    }
}
