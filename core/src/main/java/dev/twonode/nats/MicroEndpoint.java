package dev.twonode.nats;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.messaging.Incoming;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// One subject of a micro service and its counters.
final class MicroEndpoint {

    private static final System.Logger LOG = System.getLogger(MicroEndpoint.class.getName());

    private static final int AT_A_TIME = 64;

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

    /// Serves a request, once not too many others are under way.
    void begin(Incoming request) {
        underWay.acquireUninterruptibly();
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

    private void serve(Incoming request) {
        long begun = System.nanoTime();
        try {
            request.respond(handler.apply(request.body()));
            count(System.nanoTime() - begun, "");
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the endpoint " + subject + " failed", e);
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
