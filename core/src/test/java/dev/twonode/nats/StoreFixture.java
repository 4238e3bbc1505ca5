package dev.twonode.nats;

import static dev.twonode.testing.Await.await;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A real server, a link to it and the store of its bucket `kine`.
final class StoreFixture implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final NatsServerProcess server;
    private final NatsLink link;
    private final NatsStore store;

    StoreFixture() {
        this(NatsServerProcess.configure());
    }

    StoreFixture(NatsServerProcess.Settings settings) {
        server = settings.start();
        link =
                NatsLink.open(
                        ConnectionSettings.plain(server.url()),
                        "test",
                        Duration.ofMillis(1500),
                        _ -> {});
        store = new NatsStore(link, "kine", TIMEOUT);
        awaitLink();
    }

    NatsServerProcess server() {
        return server;
    }

    NatsLink link() {
        return link;
    }

    NatsStore store() {
        return store;
    }

    void awaitLink() {
        await("the link is up", BOUND, () -> link.server().isPresent());
    }

    void killAndRestart() {
        String before = link.server().orElseThrow().id();
        server.kill();
        server.restart();
        await(
                "the link is up again",
                BOUND,
                () -> link.server().filter(now -> !now.id().equals(before)).isPresent());
    }

    /// Publishes past the store, as a client does.
    long publish(String subject, Map<String, List<String>> headers, byte[] data)
            throws StoreException {
        Headers sent = new Headers();
        headers.forEach(sent::add);
        try {
            Message answer =
                    link.current()
                            .orElseThrow()
                            .connection()
                            .requestWithTimeout(subject, sent, data, TIMEOUT)
                            .get(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
            return JetStreamApi.checked("publish", JetStreamApi.parse("publish", answer.getData()))
                    .path("seq")
                    .asLong();
        } catch (ExecutionException e) {
            throw new StoreException(Kind.REFUSED, "nobody hears " + subject, e);
        } catch (TimeoutException | CancellationException | InterruptedException e) {
            throw new StoreException(Kind.UNKNOWN, "no acknowledgement", e);
        }
    }

    @Override
    public void close() {
        link.close();
        server.close();
    }
}
