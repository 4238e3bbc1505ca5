package dev.twonode.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twonode.cli.probe.KineRecord;
import dev.twonode.cli.rig.Line;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Writes one key of a bucket as kine does: a publish that names the sequence it expects.
final class NatsWrite implements GuardedWrite {

    static final String EXPECTED = "Nats-Expected-Last-Subject-Sequence";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "/registry/bench/";
    private static final int DATA = 384;
    private static final long DEADLINE_SECONDS = 10;

    private final Line line;
    private final String subject;
    private final byte[] payload;
    private long last;

    /// @param key one that nobody has written
    NatsWrite(Line line, String bucket, String key) {
        this.line = line;
        this.subject = subject(bucket, key);
        this.payload = payload(key);
    }

    /// The subject of a key. Only what it knows how to read lets a kine start on the bucket.
    static String subject(String bucket, String key) {
        return KineRecord.subject(bucket, PREFIX + key);
    }

    /// A value as kine stores one of the size of a small object.
    static byte[] payload(String key) {
        byte[] data = new byte[DATA];
        new SplittableRandom(DATA).nextBytes(data);
        return KineRecord.value(PREFIX + key, data, 1, 0, 0);
    }

    @Override
    public void write() throws IOException, InterruptedException {
        try {
            byte[] answer =
                    line.request(subject, Map.of(EXPECTED, Long.toString(last)), payload)
                            .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            JsonNode json = JSON.readTree(answer);
            long sequence = json.path("seq").asLong();
            if (json.has("error") || sequence <= last) {
                throw new IOException(subject + " was not written: " + json);
            }
            last = sequence;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("nobody says whether " + subject + " was written", e);
        }
    }
}
