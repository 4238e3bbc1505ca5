package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Plain requests to a JetStream server.
final class Api {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ANSWER_SECONDS = 10;

    private Api() {}

    /// Sends a request and reads the answer. Empty when none came.
    static Optional<JsonNode> ask(Line line, String subject, String body) {
        try {
            byte[] answer =
                    line.request(subject, Map.of(), body.getBytes(StandardCharsets.UTF_8))
                            .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return Optional.ofNullable(JSON.readTree(answer));
        } catch (ExecutionException | TimeoutException | IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
