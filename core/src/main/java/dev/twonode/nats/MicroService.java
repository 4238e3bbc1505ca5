package dev.twonode.nats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.messaging.Messaging;
import io.nats.client.NUID;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// A NATS micro service (ADR-32) over a link, which lets `nats micro ls`, `info` and `stats` find
/// an agent. It lives on through every connection of the link with the same id.
///
/// Endpoints have explicit subjects and no queue group: a queue group would let the server hand a
/// request to either node if both ever share an account. Each request has a thread of its own, so
/// one that takes long delays no other. An endpoint serves 64 at a time, and refuses more as busy.
public final class MicroService implements AutoCloseable {

    private static final String TYPE = "io.nats.micro.v1.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern SEMANTIC =
            Pattern.compile("\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");

    private final String id = NUID.nextGlobal();
    private final String started = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    private final Messaging messaging;
    private final Description description;
    private final List<MicroEndpoint> endpoints = new ArrayList<>();
    private final List<Messaging.Subscription> subscriptions = new ArrayList<>();

    /// What a service says of itself, for as long as it lives.
    ///
    /// @param name letters, digits, `-` and `_`
    /// @param version a semantic version
    /// @param text one line for people
    /// @param metadata more about it, such as the node's name
    public record Description(
            String name, String version, String text, Map<String, String> metadata) {

        public Description {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not a service's name: '" + name + "'");
            }
            if (!SEMANTIC.matcher(version).matches()) {
                throw new IllegalArgumentException("not a semantic version: '" + version + "'");
            }
            metadata = Map.copyOf(metadata);
        }
    }

    /// Announces a service without endpoints.
    public MicroService(Messaging messaging, Description description) {
        this.messaging = messaging;
        this.description = description;
        discoverable("PING", this::ping);
        discoverable("INFO", this::info);
        discoverable("STATS", this::stats);
    }

    /// Adds an endpoint.
    ///
    /// @param name its name in the lists
    /// @param subject the subject on which it is asked
    /// @param handler gives the answer to a request's body; may block. What it throws is answered
    ///   as an error of the service and counted
    public synchronized void endpoint(
            String name, String subject, Function<byte[], byte[]> handler) {
        MicroEndpoint endpoint = new MicroEndpoint(name, subject, handler);
        endpoints.add(endpoint);
        subscriptions.add(messaging.subscribe(subject, endpoint::begin));
    }

    @Override
    public synchronized void close() {
        subscriptions.forEach(Messaging.Subscription::close);
        subscriptions.clear();
    }

    private void discoverable(String verb, Supplier<ObjectNode> answer) {
        String all = "$SRV." + verb;
        for (String subject :
                List.of(
                        all,
                        all + "." + description.name,
                        all + "." + description.name + "." + id)) {
            subscriptions.add(
                    messaging.subscribe(
                            subject, message -> message.respond(Json.bytes(answer.get()))));
        }
    }

    private ObjectNode ping() {
        return identity("ping_response");
    }

    private synchronized ObjectNode info() {
        ObjectNode answer = identity("info_response").put("description", description.text);
        ArrayNode list = answer.putArray("endpoints");
        endpoints.forEach(endpoint -> list.add(endpoint.info()));
        return answer;
    }

    private synchronized ObjectNode stats() {
        ObjectNode answer = identity("stats_response").put("started", started);
        ArrayNode list = answer.putArray("endpoints");
        endpoints.forEach(endpoint -> list.add(endpoint.stats()));
        return answer;
    }

    private ObjectNode identity(String kind) {
        ObjectNode answer =
                Json.object()
                        .put("type", TYPE + kind)
                        .put("name", description.name)
                        .put("id", id)
                        .put("version", description.version);
        ObjectNode metadata = answer.putObject("metadata");
        description.metadata.forEach(metadata::put);
        return answer;
    }
}
