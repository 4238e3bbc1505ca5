package dev.twonode.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.output.JsonText;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.nats.NatsLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Requests over one NATS connection.
final class NatsAgentClient implements AgentClient {

    /// A person waits: a server that does not greet within this is as good as gone.
    private static final Duration LONGEST_DIAL = Duration.ofSeconds(2);

    private static final String ANOTHER_ADDRESS =
            "check that a NATS server listens at that address, or name another: -s HOST:PORT";

    private final ConnectionSettings settings;
    private @Nullable NatsLink link;

    NatsAgentClient(ConnectionSettings settings) {
        this.settings = settings;
    }

    @Override
    public String address() {
        return settings.server().toString();
    }

    @Override
    public Reply request(String subject, JsonNode body, Duration timeout) {
        NatsLink open = link;
        if (open == null) {
            Duration dial = timeout.compareTo(LONGEST_DIAL) < 0 ? timeout : LONGEST_DIAL;
            open = NatsLink.open(settings.withTimeouts(dial, timeout), "twonode", timeout, _ -> {});
            link = open;
            Dialed first = firstAttempt(open);
            if (first instanceof Dialed.Failed failed) {
                close();
                return notConnected(failed);
            }
        }
        return send(open, subject, body, timeout);
    }

    @Override
    public void close() {
        NatsLink open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    private Reply send(NatsLink open, String subject, JsonNode body, Duration timeout) {
        byte[] bytes =
                body.isEmpty()
                        ? new byte[0]
                        : JsonText.compact(body).getBytes(StandardCharsets.UTF_8);
        return switch (open.requestOnce(subject, bytes, timeout)) {
            case dev.twonode.messaging.Reply.Answer(byte[] answer) -> read(answer);
            case dev.twonode.messaging.Reply.NoResponders _ ->
                    new Reply.NoResponders(
                            open.server().map(NatsAgentClient::named).orElse("a NATS server"));
            case dev.twonode.messaging.Reply.Unanswered(String why) ->
                    open.denials().stream()
                            .filter(denial -> denial.concerns(subject))
                            .findFirst()
                            .<Reply>map(it -> new Reply.Forbidden(it.problem(), it.remedy()))
                            .orElseGet(() -> new Reply.Unanswered(why));
            case dev.twonode.messaging.Reply.NotSent(String why) -> {
                close();
                yield new Reply.NotConnected(why);
            }
        };
    }

    private static Reply read(byte[] answer) {
        try {
            if (JsonText.read(answer) instanceof ObjectNode object) {
                return new Reply.Answered(object);
            }
            return new Reply.Garbled("the answer is not a JSON object");
        } catch (IOException e) {
            return new Reply.Garbled("the answer is not JSON: " + e.getMessage());
        }
    }

    private static Reply notConnected(Dialed.Failed failed) {
        return switch (failed) {
            case Dialed.Unsuitable(Dialed.Fault fault, String why) -> unsuitable(fault, why);
            case Dialed.TimedOut(String why, boolean accepted) ->
                    accepted ? new Reply.Mute(why) : new Reply.NotConnected(why, ANOTHER_ADDRESS);
            case Dialed.Refused(String why) -> new Reply.NotConnected(why);
            case Dialed.Unreachable(String why) -> new Reply.NotConnected(why);
        };
    }

    private static Reply unsuitable(Dialed.Fault fault, String why) {
        return switch (fault) {
            case AUTHORIZATION -> new Reply.AuthFailed(why);
            case OWN_FILES -> new Reply.OwnFiles(why);
            case TLS ->
                    new Reply.Unusable(
                            why,
                            "correct the address, --tlsca, --tlscert with --tlskey, or"
                                    + " --tlsfirst as it says");
            case TOO_OLD -> new Reply.Unusable(why, "upgrade the nats-server there");
            case FULL -> new Reply.Unusable(why, "make room at that server, then ask again");
            case GATEWAY -> new Reply.Unusable(why, "ask the NATS server beside it: -s HOST:4222");
            case PROTOCOL -> new Reply.Unusable(why, ANOTHER_ADDRESS);
        };
    }

    private static Dialed firstAttempt(NatsLink link) {
        try {
            return link.firstAttempt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dialed.TimedOut("interrupted while connecting", false);
        }
    }

    private static String named(ServerIdentity server) {
        return "nats-server " + server.version();
    }
}
