package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Publishes one message after the other, each with the sequence that it has to follow, without
/// waiting for the one before. One refusal makes the server refuse everything behind it, so a wrong
/// sequence is never given out.
///
/// The reply subject ends with the sequence that the message must get. It begins with an inbox of
/// the appender's own, or with the echo's subject, on which the leader's agent hears the server's
/// acknowledgement as soon as this one does.
final class NatsAppender implements Store.Appender {

    private static final String EXPECTED = "Nats-Expected-Last-Sequence";
    private static final String PURGE_TOKEN = "purge";

    /// Room that a header line takes in the server's count, name and line ends included.
    private static final int HEADER_ROOM = 64;

    private final Session session;
    private final String stream;
    private final String clientSubjects;
    private final String replicaSubjects;
    private final String gapSubjects;
    private final String anyGap;
    private final String inbox;
    private final String echo;
    private final Dispatcher dispatcher;
    private final Pipeline pipeline;
    private final CompletableFuture<Void> ending;

    private NatsAppender(Session on, StreamShape name, String token, Pipeline pipeline, String echo)
            throws StoreException {
        this.session = on;
        this.stream = name.stream();
        this.clientSubjects = name.clientSubjects();
        this.replicaSubjects = name.replicaSubjects(token);
        this.gapSubjects = name.gapSubjects(token);
        this.anyGap = name.anyGap();
        this.pipeline = pipeline;
        this.inbox = on.connection().createInbox() + ".";
        this.echo = echo;
        try {
            this.dispatcher = on.connection().createDispatcher(this::answer);
            dispatcher.setPendingLimits(0, 0);
            dispatcher.subscribe(inbox + "*");
            if (!echo.isEmpty()) {
                dispatcher.subscribe(echo + "*");
            }
        } catch (IllegalStateException e) {
            throw new StoreException(Kind.UNREACHABLE, "the connection ended", e);
        }
        this.ending = on.end().thenAccept(this::ended);
    }

    static NatsAppender open(
            JetStreamApi api, StreamShape name, String token, long lastSeq, String echo)
            throws StoreException {
        Pipeline pipeline = new Pipeline(lastSeq, api.timeout());
        return new NatsAppender(api.session(), name, token, pipeline, echo);
    }

    @Override
    public void append(StoredMessage message, boolean echoed) throws StoreException {
        String subject = message.subject();
        if (!subject.startsWith(clientSubjects)) {
            throw new StoreException(
                    Kind.REFUSED,
                    "sequence "
                            + message.sequence()
                            + " is stored under "
                            + subject
                            + ", which is not of this bucket");
        }
        boolean heard = echoed && !echo.isEmpty() && pipeline.isPlain();
        send(
                message.sequence(),
                echoed,
                heard ? echo : inbox,
                replicaSubjects + subject.substring(clientSubjects.length()),
                headers(message.headers()),
                message.data());
    }

    @Override
    public void skip(long from, long to) throws StoreException {
        if (from > to) {
            throw new IllegalArgumentException("an empty gap: " + from + " to " + to);
        }
        pipeline.placeholders(from, to);
        for (long sequence = from; sequence <= to; sequence++) {
            // A subject of its own for each: a shared one would be trimmed without a trace on
            // disk, and a kill would bring the trimmed ones back.
            send(sequence, true, inbox, gapSubjects + sequence, new Headers(), null);
        }
    }

    @Override
    public long durable() throws StoreException {
        return pipeline.durable();
    }

    @Override
    public long awaitDurable(long above, Duration patience) throws StoreException {
        return pipeline.awaitDurable(above, patience);
    }

    @Override
    public long flush() throws StoreException {
        return pipeline.flush();
    }

    @Override
    public void close() {
        ending.cancel(false);
        pipeline.fail(new StoreException(Kind.UNKNOWN, "the appender was closed"));
        session.sayLast(() -> session.connection().closeDispatcher(dispatcher));
    }

    private void send(
            long sequence,
            boolean ask,
            String replies,
            String subject,
            Headers headers,
            byte @Nullable [] data)
            throws StoreException {
        headers.put(EXPECTED, Long.toString(sequence - 1));
        long size = (data == null ? 0L : data.length) + headers.serializedLength();
        if (size + HEADER_ROOM > session.server().maxPayload()) {
            throw new StoreException(
                    Kind.REFUSED,
                    "sequence "
                            + sequence
                            + " has "
                            + size
                            + " bytes with its headers; raise"
                            + " max_payload of "
                            + session.server().url()
                            + " to 1 KiB above the leader's");
        }
        boolean asked = pipeline.enter(sequence, size + subject.length(), ask);
        try {
            String reply = asked ? replies + sequence : null;
            session.connection().publish(subject, reply, headers, data);
        } catch (IllegalStateException | IllegalArgumentException e) {
            StoreException failure = undelivered(sequence, e);
            pipeline.fail(failure);
            throw failure;
        }
    }

    private StoreException undelivered(long sequence, RuntimeException cause) {
        Kind kind = cause instanceof IllegalArgumentException ? Kind.REFUSED : Kind.UNREACHABLE;
        return new StoreException(
                kind, "sequence " + sequence + " was not sent: " + cause.getMessage(), cause);
    }

    private static Headers headers(Map<String, List<String>> from) throws StoreException {
        Headers headers = new Headers();
        try {
            from.forEach(headers::add);
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    Kind.REFUSED, "a header that cannot be sent: " + e.getMessage(), e);
        }
        return headers;
    }

    private void ended(String why) {
        pipeline.fail(
                new StoreException(Kind.UNKNOWN, "the connection ended while appending: " + why));
    }

    /// Hears acknowledgements, in order, and the answers to purges.
    private void answer(Message message) {
        String subject = message.getSubject();
        String token = subject.substring(subject.lastIndexOf('.') + 1);
        try {
            if (message.isStatusMessage()) {
                throw new StoreException(
                        Kind.REFUSED,
                        "nobody hears "
                                + replicaSubjects
                                + " any more: the stream was opened or fenced anew");
            }
            if (token.equals(PURGE_TOKEN)) {
                JetStreamApi.checked("purge", JetStreamApi.parse("purge", message.getData()));
                pipeline.purged();
            } else {
                acknowledged(Long.parseLong(token), message.getData());
            }
            if (pipeline.beginPurge()) {
                session.connection()
                        .publish(
                                "$JS.API.STREAM.PURGE." + stream,
                                inbox + PURGE_TOKEN,
                                Json.bytes(Json.object().put("filter", anyGap)));
            }
        } catch (StoreException e) {
            pipeline.fail(e);
        } catch (IllegalStateException e) {
            ended(String.valueOf(e.getMessage()));
        }
    }

    private void acknowledged(long expected, byte[] body) throws StoreException {
        if (Acknowledgement.isPlain(body, expected)) {
            if (!pipeline.acknowledge(expected)) {
                throw new StoreException(
                        Kind.UNKNOWN, "the acknowledgement of " + expected + " came out of turn");
            }
            return;
        }
        JsonNode answer = JetStreamApi.parse("append", body);
        OptionalLong last = JetStreamApi.lastSequence(answer);
        try {
            JetStreamApi.checked("append of " + expected, answer);
        } catch (StoreException refusal) {
            pipeline.refuse(expected, last.orElse(-1), refusal);
            return;
        }
        throw new StoreException(
                Kind.WRONG_SEQUENCE,
                "the message for " + expected + " was acknowledged as " + answer);
    }
}
