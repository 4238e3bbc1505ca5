package dev.twonode.agent;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A client that writes one key again and again, each time only if its last write is still the
/// newest, and remembers what it was told. A write whose outcome it does not know ends it.
@SuppressWarnings("try") // closing a client is never interrupted here
final class Chain implements AutoCloseable {

    private final Connection nats;
    private final KeyValue bucket;
    private final String key;
    private final Thread writer;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Long> acknowledged = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long longestNanos;
    private volatile boolean stop;

    Chain(String url, String key) throws IOException, InterruptedException {
        this.nats =
                Nats.connect(
                        Options.builder()
                                .server(url)
                                .maxReconnects(-1)
                                .reconnectWait(Duration.ofMillis(50))
                                .connectionTimeout(Duration.ofSeconds(10))
                                .build());
        this.bucket = nats.keyValue("kine");
        this.key = key;
        this.writer = Thread.ofPlatform().name("chain-" + key).start(this::writeAll);
    }

    private void writeAll() {
        long revision = 0;
        try {
            for (int number = 1; !stop; number++) {
                byte[] value = ("value " + number).getBytes(StandardCharsets.UTF_8);
                long begun = System.nanoTime();
                revision =
                        number == 1
                                ? bucket.create(key, value)
                                : bucket.update(key, value, revision);
                long took = System.nanoTime() - begun;
                synchronized (this) {
                    acknowledged.add(revision);
                    longestNanos = Math.max(longestNanos, took);
                }
            }
        } catch (IOException | JetStreamApiException e) {
            synchronized (this) {
                failures.add("after " + revision + ": " + e);
            }
        } finally {
            stopped.countDown();
        }
    }

    synchronized int size() {
        return acknowledged.size();
    }

    synchronized List<Long> acknowledged() {
        return List.copyOf(acknowledged);
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /// The longest wait for an answer since the last time this was asked.
    synchronized long takeLongestMillis() {
        long longest = TimeUnit.NANOSECONDS.toMillis(longestNanos);
        longestNanos = 0;
        return longest;
    }

    void stop() throws InterruptedException {
        stop = true;
        stopped.await(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        stop = true;
        writer.interrupt();
        nats.close();
    }
}
