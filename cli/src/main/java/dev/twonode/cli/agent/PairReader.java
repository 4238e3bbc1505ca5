package dev.twonode.cli.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.Sighting.Seen;
import dev.twonode.cli.agent.Sighting.Unseen;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.ServerUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Asks the nodes of the pair for their state. Connections are kept from one reading to the next.
public final class PairReader implements AutoCloseable {

    /// Nobody waits long for what is only a hint.
    private static final Duration SECOND_QUESTION = Duration.ofMillis(500);

    private final AgentClients clients;
    private final ConnectionSettings settings;
    private final String bucket;
    private final Map<ServerUrl, AgentClient> open = new LinkedHashMap<>();

    /// The peer's address, once an agent told it: when that agent is gone the peer is still asked.
    private final Map<String, ServerUrl> peers = new LinkedHashMap<>();

    /// @param clients opens connections
    /// @param settings how to connect; every server in it is asked
    /// @param bucket the bucket whose agents are asked
    public PairReader(AgentClients clients, ConnectionSettings settings, String bucket) {
        this.clients = clients;
        this.settings = settings;
        this.bucket = bucket;
    }

    /// Asks the named servers only.
    public Pair readNamed() {
        return new Pair(distinct(settings.servers().stream().map(this::look).toList()));
    }

    /// Asks the named servers, and the peers that they tell of.
    public Pair readBoth() {
        List<Sighting> found = new ArrayList<>();
        List<ServerUrl> addresses = new ArrayList<>(settings.servers());
        for (int i = 0; i < addresses.size(); i++) {
            Sighting sighting = look(addresses.get(i));
            if (sighting instanceof Seen seen) {
                remember(seen);
            }
            found.add(sighting);
            if (i == addresses.size() - 1) {
                peers.values().stream()
                        .filter(url -> isNew(url, addresses))
                        .forEach(addresses::add);
            }
        }
        return new Pair(withoutStrays(distinct(found)));
    }

    /// Where an agent looks for its peer need not be where that is, nor be reached from here. With
    /// both nodes known it is no third one, and the agent itself says whether it fares ill there.
    private List<Sighting> withoutStrays(List<Sighting> found) {
        List<Sighting> kept =
                found.stream().filter(it -> it instanceof Seen || isNamed(it.address())).toList();
        return kept.size() < 2 ? found : kept;
    }

    private boolean isNamed(String address) {
        return settings.servers().stream().anyMatch(url -> url.toString().equals(address));
    }

    /// Sends a request to the agent at that address.
    ///
    /// @param address as in a [Sighting]
    /// @param request last word of the subject
    public Reply ask(String address, String request, ObjectNode body, Duration timeout) {
        return raw(address, subject(request), body, timeout);
    }

    /// Sends a request to the server at that address, on any subject.
    public Reply raw(String address, String subject, ObjectNode body, Duration timeout) {
        return client(ServerUrl.parse(address)).request(subject, body, timeout);
    }

    /// How long one request may take.
    public Duration timeout() {
        return settings.requestTimeout();
    }

    @Override
    public void close() {
        open.values().forEach(AgentClient::close);
        open.clear();
    }

    private Sighting look(ServerUrl url) {
        Reply reply =
                client(url)
                        .request(
                                subject("state"),
                                JsonNodeFactory.instance.objectNode(),
                                settings.requestTimeout());
        return switch (reply) {
            case Reply.Answered(ObjectNode body) -> new Seen(url.toString(), new AgentState(body));
            case Reply.NoResponders(String server, _) ->
                    new Unseen(url.toString(), beside(url, server));
            case Reply.Failed failed -> new Unseen(url.toString(), failed);
        };
    }

    /// What is there instead of an agent that answers: one of another bucket, or one that does not
    /// hear this bucket's subjects. Both hear the plain word, which is a common one.
    private Reply.Failed beside(ServerUrl url, String server) {
        Reply reply =
                client(url)
                        .request("state", JsonNodeFactory.instance.objectNode(), SECOND_QUESTION);
        String found = reply instanceof Reply.Answered(ObjectNode body) ? bucketOf(body) : "";
        return found.equals(bucket)
                ? Reply.deaf(url.toString(), subject("state"))
                : new Reply.NoResponders(server, found);
    }

    /// The bucket of an agent, empty when that is none.
    private static String bucketOf(ObjectNode answer) {
        String found = new AgentState(answer).bucket();
        return answer.path("stream").asText().equals("KV_" + found) ? found : "";
    }

    private String subject(String request) {
        return "twonode." + bucket + "." + request;
    }

    /// A user part is not in an address as it is shown, so clients are looked up without it.
    private AgentClient client(ServerUrl url) {
        ServerUrl named =
                settings.servers().stream()
                        .filter(own -> own.toString().equals(url.toString()))
                        .findFirst()
                        .orElse(url);
        return open.computeIfAbsent(named, this::connect);
    }

    private AgentClient connect(ServerUrl url) {
        return clients.open(
                new ConnectionSettings(
                        List.of(url),
                        settings.credentials(),
                        settings.tls(),
                        settings.inboxPrefix(),
                        settings.connectTimeout(),
                        settings.requestTimeout()));
    }

    private void remember(Seen seen) {
        String url = seen.state().peer().url();
        if (!url.isEmpty()) {
            try {
                peers.put(seen.address(), ServerUrl.parse(url));
            } catch (IllegalArgumentException e) {
                // An address that cannot be read cannot be asked; the agent's own words remain.
                peers.remove(seen.address());
            }
        }
    }

    private static boolean isNew(ServerUrl url, List<ServerUrl> known) {
        return known.stream().noneMatch(url::isSameEndpointAs);
    }

    /// One node may be named by two addresses, or its peer know it by a third.
    private static List<Sighting> distinct(List<Sighting> found) {
        List<Sighting> distinct = new ArrayList<>();
        for (Sighting sighting : found) {
            boolean isKnown =
                    sighting instanceof Seen seen
                            && distinct.stream().anyMatch(other -> isSameNode(seen, other));
            if (!isKnown) {
                distinct.add(sighting);
            }
        }
        return distinct;
    }

    private static boolean isSameNode(Seen seen, Sighting other) {
        return other instanceof Seen known
                && !seen.state().node().isEmpty()
                && known.state().node().equals(seen.state().node())
                && known.state().server().equals(seen.state().server());
    }
}
