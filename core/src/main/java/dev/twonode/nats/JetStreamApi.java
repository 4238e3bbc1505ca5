package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.messaging.Momentary;
import dev.twonode.messaging.Reply;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Requests to a server's JetStream API, and what its errors mean for a store.
final class JetStreamApi {

    static final int STREAM_NOT_FOUND = 10059;
    static final int MESSAGE_NOT_FOUND = 10037;
    static final int WRONG_LAST_SEQUENCE = 10071;

    private static final String PREFIX = "$JS.API.";
    private static final int SERVICE_UNAVAILABLE = 503;

    /// JetStream off (10039, 10076), out of room (10002, 10023, 10028, 10047), a write that failed
    /// (10077), not ready yet (10005, 10008).
    private static final Set<Integer> CANNOT_STORE =
            Set.of(10002, 10005, 10008, 10023, 10028, 10039, 10047, 10076, 10077);

    private static final Pattern LAST = Pattern.compile("wrong last sequence: (\\d{1,18})");

    private final NatsLink link;
    private final Duration timeout;
    private final SpareLine lines;

    JetStreamApi(NatsLink link, Duration timeout) {
        this.link = link;
        this.timeout = timeout;
        this.lines = new SpareLine(beside -> link.lineBeside(beside, timeout));
    }

    Duration timeout() {
        return timeout;
    }

    /// The session that is up.
    Session session() throws StoreException {
        return link.current()
                .orElseThrow(() -> new StoreException(Kind.UNREACHABLE, "there is no connection"));
    }

    /// A second session to the same server process, for a restore: the server stores each chunk
    /// before it reads on from the connection, pings included.
    Session beside(Session on) throws StoreException {
        try {
            Session beside = link.connectBeside(on);
            if (beside.server().id().equals(on.server().id())) {
                return beside;
            }
            beside.close();
            throw new StoreException(Kind.UNREACHABLE, "the server was restarted meanwhile");
        } catch (DialException e) {
            throw new StoreException(Kind.UNREACHABLE, e.outcome().why(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNKNOWN, "interrupted while connecting", e);
        }
    }

    /// Begins to open what [#lineBeside] will be asked for.
    void expectLine() {
        link.current().ifPresent(lines::prepare);
    }

    /// A connection of the copy's own to the same server process.
    CopyLine lineBeside(Session on) throws StoreException {
        return lines.take(on);
    }

    /// Sends an API request and returns its answer, which is no error.
    ///
    /// @param verb such as `STREAM.INFO.KV_kine`
    JsonNode call(Session on, String verb, JsonNode body) throws StoreException {
        return checked(verb, exchange(on, verb, body));
    }

    /// Sends an API request and returns its answer, which may be an error. Who was told to end
    /// sends nothing any more.
    JsonNode exchange(Session on, String verb, JsonNode body) throws StoreException {
        goOn(verb);
        return answer(on, verb, NatsLink.request(on, PREFIX + verb, Json.bytes(body), timeout));
    }

    /// Sends requests without waiting for the one before, and returns their answers in turn.
    List<JsonNode> exchange(Session on, String verb, List<? extends JsonNode> bodies)
            throws StoreException {
        goOn(verb);
        List<Supplier<Reply>> asked =
                bodies.stream()
                        .map(body -> NatsLink.ask(on, PREFIX + verb, Json.bytes(body), timeout))
                        .toList();
        List<JsonNode> answers = new ArrayList<>();
        for (Supplier<Reply> each : asked) {
            answers.add(answer(on, verb, each.get()));
        }
        return answers;
    }

    private static void goOn(String verb) throws StoreException {
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreException(Kind.UNKNOWN, verb + ": interrupted before it was sent");
        }
    }

    private static JsonNode answer(Session on, String verb, Reply reply) throws StoreException {
        return switch (reply) {
            case Reply.Answer(byte[] answer) -> parse(verb, answer);
            case Reply.NoResponders() ->
                    throw new StoreException(
                            Kind.UNUSABLE,
                            "JetStream is not enabled at "
                                    + on.server().url()
                                    + "; give nats-server a 'jetstream' block with a store_dir");
            case Reply.Unanswered(String why) ->
                    throw new StoreException(Kind.UNKNOWN, told(verb) + ": " + why);
            case Reply.NotSent(String why) ->
                    throw new StoreException(Kind.UNREACHABLE, told(verb) + ": " + why);
        };
    }

    /// Waits for an answer that is on its way.
    ///
    /// @param what that is waited for
    /// @param unheard what it means when nobody hears the request, and how to say it
    static byte[] await(
            CompletableFuture<Message> answer,
            Duration patience,
            String what,
            Kind unheard,
            String why)
            throws StoreException {
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS).getData();
        } catch (ExecutionException e) {
            throw new StoreException(unheard, why, e);
        } catch (TimeoutException | CancellationException e) {
            throw new StoreException(Kind.UNKNOWN, what + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNKNOWN, "interrupted while waiting for " + what, e);
        }
    }

    static JsonNode parse(String what, byte[] answer) throws StoreException {
        try {
            return Json.read(answer);
        } catch (IOException e) {
            throw new StoreException(Kind.UNKNOWN, what + ": the answer is not JSON", e);
        }
    }

    static JsonNode checked(String what, JsonNode answer) throws StoreException {
        if (answer.has("error")) {
            throw failure(what, answer.get("error"));
        }
        return answer;
    }

    /// An error object of the API as an exception.
    static StoreException failure(String what, JsonNode error) {
        String text = error.path("description").asText("no description");
        return new StoreException(kind(error), told(what) + ": " + text);
    }

    /// What is told of a request: the same of each that is repeated.
    private static String told(String verb) {
        return Momentary.without(verb);
    }

    static int code(JsonNode answer) {
        return answer.path("error").path("err_code").asInt();
    }

    /// The stream's last sequence, which the refusal of a wrong one names.
    static OptionalLong lastSequence(JsonNode answer) {
        Matcher last = LAST.matcher(answer.path("error").path("description").asText());
        return last.find() ? OptionalLong.of(Long.parseLong(last.group(1))) : OptionalLong.empty();
    }

    private static Kind kind(JsonNode error) {
        int code = error.path("err_code").asInt();
        if (code == STREAM_NOT_FOUND) {
            return Kind.NO_STREAM;
        }
        if (code == WRONG_LAST_SEQUENCE) {
            return Kind.WRONG_SEQUENCE;
        }
        boolean unusable =
                CANNOT_STORE.contains(code) || error.path("code").asInt() == SERVICE_UNAVAILABLE;
        return unusable ? Kind.UNUSABLE : Kind.REFUSED;
    }
}
