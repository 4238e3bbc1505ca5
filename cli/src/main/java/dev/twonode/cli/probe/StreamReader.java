package dev.twonode.cli.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads a stream message by message through the plain JetStream API, as any client could, so that
/// the proof does not rest on the replication's own code.
public final class StreamReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int IN_FLIGHT = 128;

    private final Line line;
    private final String stream;

    /// @param line a connection to the stream's server
    public StreamReader(Line line, String bucket) {
        this.line = line;
        this.stream = "KV_" + bucket;
    }

    /// Reads from the first message to the last. A stream that is written to drops old messages
    /// meanwhile; the read goes on until it has also seen the newer ones which displaced them.
    public StreamImage read() throws IOException, InterruptedException {
        JsonNode before = info();
        StreamImage image =
                new StreamImage(before.path("config").path("max_msgs_per_subject").asInt());
        long end = before.path("state").path("last_seq").asLong();
        read(image, before.path("state").path("first_seq").asLong(), end);
        read(image, end + 1, info().path("state").path("last_seq").asLong());
        return image;
    }

    /// The last sequence that the stream gave, as its server says.
    public long lastSequence() throws IOException, InterruptedException {
        return info().path("state").path("last_seq").asLong();
    }

    private void read(StreamImage image, long from, long to)
            throws IOException, InterruptedException {
        Queue<CompletableFuture<byte[]>> asked = new ArrayDeque<>();
        for (long sequence = Math.max(1, from); sequence <= to; sequence++) {
            asked.add(get(sequence));
            if (asked.size() >= IN_FLIGHT) {
                take(image, await(asked.remove()));
            }
        }
        while (!asked.isEmpty()) {
            take(image, await(asked.remove()));
        }
    }

    private CompletableFuture<byte[]> get(long sequence) {
        return line.request(
                "$JS.API.STREAM.MSG.GET." + stream,
                Map.of(),
                ("{\"seq\":" + sequence + "}").getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode info() throws IOException, InterruptedException {
        byte[] nothing = {};
        JsonNode info = await(line.request("$JS.API.STREAM.INFO." + stream, Map.of(), nothing));
        if (!info.has("state")) {
            throw new IOException("no stream " + stream + ": " + info);
        }
        return info;
    }

    private static void take(StreamImage image, JsonNode answer) throws IOException {
        JsonNode message = answer.path("message");
        if (message.isMissingNode()) {
            return;
        }
        byte[] data = message.has("data") ? message.get("data").binaryValue() : new byte[0];
        String headers = message.path("hdrs").asText();
        image.add(
                message.path("seq").asLong(),
                new StreamImage.Entry(
                        message.path("subject").asText(), Keys.digest(data), digest(headers)));
    }

    /// A checksum of what headers say. Expectations are for the server that takes the write; no
    /// copy keeps them. Clients differ in the blank after the colon, which says nothing.
    static long digest(String headers) {
        String text = new String(Base64.getDecoder().decode(headers), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> !line.startsWith("Nats-Expected-") && !line.isBlank())
                .filter(line -> !line.startsWith("NATS/1.0"))
                .map(line -> line.replaceFirst(":\\s*", ":"))
                .toList()
                .hashCode();
    }

    private static JsonNode await(CompletableFuture<byte[]> asked)
            throws IOException, InterruptedException {
        try {
            return JSON.readTree(asked.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server did not answer: " + e.getMessage(), e);
        }
    }
}
