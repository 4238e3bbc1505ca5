package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Finds out what came of a guarded write whose answer was lost with the leader: the first message
/// on its subject behind the expected sequence is this write, or it was not stored.
final class Resolution {

    private static final String OPERATION = "KV-Operation";

    private final Bucket bucket;
    private final Answers answers;

    Resolution(Bucket bucket) {
        this.bucket = bucket;
        this.answers = new Answers(bucket);
    }

    /// What came of a write.
    sealed interface Outcome {

        /// It is in the stream.
        ///
        /// @param answer its acknowledgement
        @SuppressWarnings("ArrayRecordComponent") // written as it is
        record Stored(byte[] answer) implements Outcome {}

        /// It is not: sending it again does what it would have done.
        record NotStored() implements Outcome {}

        /// The server does not say.
        ///
        /// @param answer says so
        @SuppressWarnings("ArrayRecordComponent") // written as it is
        record Unknown(byte[] answer) implements Outcome {}
    }

    /// Asks for that first message. The answer comes where the client expects its own, so that no
    /// permission is needed that it does not have.
    Frame question(Request request) {
        Expectation expected = Objects.requireNonNull(Expectation.of(request.publish));
        String body =
                "{\"seq\":"
                        + (expected.sequence() + 1)
                        + ",\"next_by_subj\":\""
                        + request.publish.subject()
                        + "\"}";
        return Frames.publish(
                "$JS.API.DIRECT.GET." + bucket.stream(),
                request.reply,
                body.getBytes(StandardCharsets.ISO_8859_1));
    }

    Outcome outcome(Request request, Frame.Message found) {
        if (found.status() == 404) {
            return new Outcome.NotStored();
        }
        String sequence = found.header("Nats-Sequence");
        if (found.status() != 0 || sequence == null) {
            return new Outcome.Unknown(
                    answers.unknown("the new leader does not say what came of it"));
        }
        Expectation expected = Objects.requireNonNull(Expectation.of(request.publish));
        long at = Long.parseLong(sequence);
        boolean next = expected.ofSubject() || at == expected.sequence() + 1;
        return next && isSame(request.publish, found)
                ? new Outcome.Stored(answers.stored(at))
                : new Outcome.NotStored();
    }

    private static boolean isSame(Frame.Publish sent, Frame.Message found) {
        return Objects.equals(Stamp.of(sent), Stamp.of(found))
                && Objects.equals(sent.header(OPERATION), found.header(OPERATION))
                && Arrays.equals(
                        sent.bytes(),
                        sent.payloadAt(),
                        sent.end(),
                        found.bytes(),
                        found.payloadAt(),
                        found.end());
    }
}
