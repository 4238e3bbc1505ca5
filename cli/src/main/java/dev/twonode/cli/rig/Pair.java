package dev.twonode.cli.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Connections to both servers of a rig, over which their agents are asked. For one thread.
public final class Pair implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final byte[] NOTHING = {};

    private final Map<String, Line> lines = new HashMap<>();
    private final String bucket;

    /// @param open makes a connection to the server at an address
    public Pair(List<RigState.Node> nodes, String bucket, Function<String, Line> open) {
        this.bucket = bucket;
        nodes.forEach(node -> lines.put(node.name(), open.apply(node.url())));
    }

    /// The connection to the server of a node.
    public Line line(String node) {
        @Nullable Line line = lines.get(node);
        if (line == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return line;
    }

    /// What the agent of a node says of it. Empty when it does not answer.
    public Optional<NodeState> ask(String node) {
        return request(node, "state", "", ANSWER).map(NodeState::of);
    }

    /// Whether a node says that it leads.
    public boolean leads(String node) {
        return ask(node).filter(NodeState::leads).isPresent();
    }

    /// What is known of a node, for a person who waits.
    public String inWords(String node) {
        return ask(node).map(NodeState::inWords).orElse("no answer");
    }

    /// Sends a request to the agent of a node.
    ///
    /// @param what the last word of the subject
    /// @return its answer, empty when none came in time
    public Optional<JsonNode> request(String node, String what, String body, Duration patience) {
        byte[] bytes = body.isEmpty() ? NOTHING : body.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] answer =
                    line(node)
                            .request("twonode." + bucket + "." + what, Map.of(), bytes)
                            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.ofNullable(JSON.readTree(answer)).filter(JsonNode::isObject);
        } catch (ExecutionException | TimeoutException | IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        lines.values().forEach(Line::close);
    }
}
