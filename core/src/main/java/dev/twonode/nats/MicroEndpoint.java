package dev.twonode.nats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.logging.Log;
import dev.twonode.messaging.Incoming;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// One subject of a micro service and its counters.
final class MicroEndpoint {

    private static final Log LOG = Log.of(MicroEndpoint.class);

    private static final int AT_A_TIME = 64;

    /// For many that come at once and are served at once.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final String subject;
    private final Function<byte[], byte[]> handler;
    private final Semaphore underWay = new Semaphore(AT_A_TIME);
    private long requests;
    private long errors;
    private long nanos;
    private String lastError = "";

    MicroEndpoint(String name, String subject, Function<byte[], byte[]> handler) {
        this.name = name;
        this.subject = subject;
        this.handler = handler;
    }

    /// Serves a request, or refuses it when too many others do not come to an end.
    void begin(Incoming request) {
        if (!hasRoom()) {
            request.respond(
                    Json.bytes(
                            Json.object()
                                    .put("ok", false)
                                    .put("code", "busy")
                                    .put("error", AT_A_TIME + " such requests are under way")
                                    .put("next", "ask again when they are over")));
            return;
        }
        Thread.ofVirtual()
                .name("endpoint-" + name)
                .start(() -> {
                    try {
                        serve(request);
                    } finally {
                        underWay.release();
                    }
                });
    }

    private boolean hasRoom() {
        try {
            return underWay.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void serve(Incoming request) {
        long begun = System.nanoTime();
        try {
            request.respond(handler.apply(request.body()));
            count(System.nanoTime() - begun, "");
        } catch (RuntimeException e) {
            LOG.error("the endpoint " + subject + " failed", e);
            String error = String.valueOf(e.getMessage());
            request.respond(
                    Json.bytes(
                            Json.object()
                                    .put("ok", false)
                                    .put("code", "internal")
                                    .put("error", error)));
            count(System.nanoTime() - begun, error);
        }
    }

    ObjectNode info() {
        return named();
    }

    synchronized ObjectNode stats() {
        return named().put("num_requests", requests)
                .put("num_errors", errors)
                .put("last_error", lastError)
                .put("processing_time", nanos)
                .put("average_processing_time", requests == 0 ? 0 : nanos / requests);
    }

    private ObjectNode named() {
        ObjectNode answer =
                Json.object().put("name", name).put("subject", subject).put("queue_group", "");
        answer.putObject("metadata");
        return answer;
    }

    private synchronized void count(long took, String error) {
        requests++;
        nanos += took;
        if (!error.isEmpty()) {
            errors++;
            lastError = error;
        }
    }
}
