package dev.twonode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.cli.agent.AgentClient;
import dev.twonode.cli.agent.AgentClients;
import dev.twonode.cli.agent.Reply;
import dev.twonode.cli.output.JsonText;
import dev.twonode.config.ConnectionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Agents without a network: each address and subject has an answer; an address without any is one
/// where nothing listens.
public final class FakeAgents implements AgentClients {

    public static final String A = "nats://a.example:4222";
    public static final String B = "nats://b.example:4222";

    private final Map<String, Supplier<Reply>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /// A pair of which `a` leads and `b` is in sync.
    public static FakeAgents healthy() {
        return new FakeAgents().state(A, StateBuilder.leaderA()).state(B, StateBuilder.followerB());
    }

    public FakeAgents state(String address, StateBuilder state) {
        return answer(address, "twonode.kine.state", new Reply.Answered(state.build()));
    }

    /// What an address answers to everything.
    public FakeAgents everything(String address, Reply reply) {
        answers.keySet().removeIf(key -> key.startsWith(address + " "));
        return answer(address, "", reply);
    }

    public FakeAgents answer(String address, String subject, Reply reply) {
        return answer(address, subject, () -> reply);
    }

    public FakeAgents answer(String address, String subject, Supplier<Reply> reply) {
        answers.put(address + " " + subject, reply);
        return this;
    }

    /// Every request so far but those for the state: address, subject and body.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public AgentClient open(ConnectionSettings settings) {
        return new Client(settings.server().toString());
    }

    private final class Client implements AgentClient {

        private final String address;

        Client(String address) {
            this.address = address;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public Reply request(String subject, JsonNode body, Duration timeout) {
            if (!subject.endsWith(".state") && !subject.equals("state")) {
                requests.add(address + " " + subject + " " + JsonText.compact((ObjectNode) body));
            }
            Supplier<Reply> reply = answers.get(address + " " + subject);
            if (reply == null) {
                reply = answers.get(address + " ");
            }
            return reply == null
                    ? new Reply.NotConnected(
                            address + " refused the connection: nothing listens there")
                    : reply.get();
        }

        @Override
        public void close() {}
    }
}
