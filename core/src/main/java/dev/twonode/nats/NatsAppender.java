package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.gateway.wire.Frame;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

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

    private static final String OWN_SID = "1";
    private static final String ECHO_SID = "2";
    private static final byte[] NONE = {};

    private final Session session;
    private final String stream;
    private final String clientSubjects;
    private final String replicaSubjects;
    private final String gapSubjects;
    private final String anyGap;
    private final String inbox;
    private final String echo;
    private final CopyLine line;
    private final Pipeline pipeline;

    private NatsAppender(
            JetStreamApi api, StreamShape name, String token, Pipeline pipeline, String echo)
            throws StoreException {
        this.session = api.session();
        this.stream = name.stream();
        this.clientSubjects = name.clientSubjects();
        this.replicaSubjects = name.replicaSubjects(token);
        this.gapSubjects = name.gapSubjects(token);
        this.anyGap = name.anyGap();
        this.pipeline = pipeline;
        this.inbox = session.connection().createInbox() + ".";
        this.echo = echo;
        this.line = api.lineBeside(session);
    }

    static NatsAppender open(
            JetStreamApi api, StreamShape name, String token, long lastSeq, String echo)
            throws StoreException {
        Pipeline pipeline = new Pipeline(lastSeq, api.timeout());
        NatsAppender appender = new NatsAppender(api, name, token, pipeline, echo);
        try {
            appender.listen();
            return appender;
        } catch (StoreException e) {
            appender.close();
            throw e;
        }
    }

    private void listen() throws StoreException {
        line.subscribe(inbox + "*", OWN_SID);
        if (!echo.isEmpty()) {
            line.subscribe(echo + "*", ECHO_SID);
        }
        Thread.ofPlatform().daemon().name("acknowledgements").start(this::hear);
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
                message.headers(),
                message.data());
        if (echoed) {
            sendNow();
        }
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
            send(sequence, true, inbox, gapSubjects + sequence, Map.of(), NONE);
        }
        sendNow();
    }

    @Override
    public long durable() throws StoreException {
        return broken(pipeline::durable);
    }

    @Override
    public long awaitDurable(long above, Duration patience) throws StoreException {
        return broken(() -> pipeline.awaitDurable(above, patience));
    }

    @Override
    public long flush() throws StoreException {
        sendNow();
        return broken(pipeline::flush);
    }

    private interface Question {
        long ask() throws StoreException;
    }

    /// A server that takes nothing any more may hold up whoever writes to it: the end of the
    /// connection sets him free.
    private long broken(Question question) throws StoreException {
        try {
            return question.ask();
        } catch (StoreException e) {
            line.close();
            throw e;
        }
    }

    @Override
    public void close() {
        pipeline.fail(new StoreException(Kind.UNKNOWN, "the appender was closed"));
        line.close();
    }

    private void send(
            long sequence,
            boolean ask,
            String replies,
            String subject,
            Map<String, List<String>> headers,
            byte[] data)
            throws StoreException {
        byte[] block = headers(sequence - 1, headers);
        long size = (long) data.length + block.length;
        if (size > session.server().maxPayload()) {
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
        if (!pipeline.hasRoom(size + subject.length())) {
            sendNow();
        }
        boolean asked = pipeline.enter(sequence, size + subject.length(), ask);
        try {
            line.publish(subject, asked ? replies + sequence : null, block, data);
        } catch (StoreException failure) {
            throw failed(failure);
        }
    }

    private void sendNow() throws StoreException {
        try {
            line.flush();
        } catch (StoreException failure) {
            throw failed(failure);
        }
    }

    /// Of what was on its way when the connection ended nobody knows what came of it.
    private StoreException failed(StoreException failure) {
        StoreException outcome =
                failure.kind() == Kind.UNREACHABLE
                        ? new StoreException(
                                Kind.UNKNOWN, "while appending, " + failure.getMessage(), failure)
                        : failure;
        pipeline.fail(outcome);
        line.close();
        return outcome;
    }

    /// The block of headers, with the sequence that this message has to follow.
    private static byte[] headers(long follows, Map<String, List<String>> headers) {
        StringBuilder block = new StringBuilder("NATS/1.0\r\n");
        headers.forEach((name, values) ->
                values.forEach(
                        value -> block.append(name).append(": ").append(value).append("\r\n")));
        block.append(EXPECTED).append(": ").append(follows).append("\r\n\r\n");
        return block.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Hears acknowledgements, in order, and the answers to purges.
    private void hear() {
        try {
            while (true) {
                answer(line.next());
            }
        } catch (StoreException e) {
            failed(e);
        }
    }

    private void answer(Frame.Message message) throws StoreException {
        String subject = message.subject();
        String token = subject.substring(subject.lastIndexOf('.') + 1);
        if (message.status() != 0) {
            throw new StoreException(
                    Kind.REFUSED,
                    "nobody hears "
                            + replicaSubjects
                            + " any more: the stream was opened or fenced anew");
        }
        if (token.equals(PURGE_TOKEN)) {
            JetStreamApi.checked("purge", JetStreamApi.parse("purge", message.payload()));
            pipeline.purged();
        } else {
            acknowledged(Long.parseLong(token), message.payload());
        }
        if (pipeline.beginPurge()) {
            line.publish(
                    "$JS.API.STREAM.PURGE." + stream,
                    inbox + PURGE_TOKEN,
                    NONE,
                    Json.bytes(Json.object().put("filter", anyGap)));
            line.flush();
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
