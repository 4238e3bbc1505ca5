package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever names a sequence of the stream has to be found, or it would be shown too early.
class SequencesTest {

    private final Sequences sequences = new Sequences(new Bucket("kine"));

    @ParameterizedTest
    @CsvSource({
        "$JS.ACK.KV_kine.c.1.42.7.1700000000.0, 42",
        "$JS.ACK._.ACCOUNT.KV_kine.c.1.42.7.1700000000.0, 42",
        "$JS.ACK.hub.ACCOUNT.KV_kine.c.1.42.7.1700000000.0.random, 42",
        "$JS.ACK.KV_other.c.1.42.7.1700000000.0, 0",
        "$JS.ACK.short, 0",
        "_INBOX.x, 0"
    })
    void deliveryNamesItsSequenceInItsReply(String reply, long sequence) {
        assertThat(sequences.of(GatewayFrames.message("deliver", reply, "v"), null))
                .isEqualTo(sequence);
    }

    @Test
    void acknowledgementNamesItsSequence() {
        String body = "{\"stream\":\"KV_kine\", \"seq\":42}";

        assertThat(answer(body, Purpose.WRITE)).isEqualTo(42);
        assertThat(answer(body, Purpose.GUARDED_WRITE)).isEqualTo(42);
        assertThat(answer(body, null)).as("of a forgotten request").isEqualTo(42);
        assertThat(answer(body.replace("KV_kine", "KV_other"), Purpose.OTHER)).isZero();
    }

    @Test
    void refusalNamesTheLastSequenceInItsText() {
        String body =
                "{\"error\":{\"code\":400,\"err_code\":10071,\"description\":\"wrong last sequence:"
                        + " 41\"},\"stream\":\"KV_kine\",\"seq\":0}";

        assertThat(answer(body, Purpose.GUARDED_WRITE)).isEqualTo(41);
    }

    @Test
    void streamInformationNamesTheLastSequence() {
        String body =
                "{\"config\":{\"name\":\"KV_kine\"},\"state\":{\"messages\":3,\"first_seq\":9,"
                        + "\"last_seq\":42,\"consumer_count\":1}}";

        assertThat(answer(body, Purpose.READ)).isEqualTo(42);
    }

    @Test
    void consumerInformationNamesWhatWasDelivered() {
        String body =
                "{\"stream_name\":\"KV_kine\",\"config\":{\"opt_start_seq\":99},"
                        + "\"delivered\":{\"consumer_seq\":7,\"stream_seq\":42},"
                        + "\"ack_floor\":{\"consumer_seq\":7,\"stream_seq\":41}}";

        assertThat(answer(body, Purpose.READ)).isEqualTo(42);
    }

    @Test
    void sequencesOfOtherStreamsMeanNothingHere() {
        String body = "{\"config\":{\"name\":\"big\"},\"state\":{\"last_seq\":9000}}";

        assertThat(answer(body, Purpose.READ_ELSEWHERE)).isZero();
    }

    @Test
    void listNamesOtherStreamsToo() {
        String body =
                "{\"streams\":[{\"config\":{\"name\":\"big\"},\"state\":{\"last_seq\":9000}},"
                        + "{\"config\":{\"name\":\"KV_kine\"},\"state\":{\"last_seq\":42}}]}";

        assertThat(answer(body, Purpose.SURVEY)).isEqualTo(42);
        assertThat(answer("not json", Purpose.SURVEY)).isZero();
    }

    @Test
    void directAnswerNamesItsSequenceInAHeader() {
        assertThat(
                        sequences.of(
                                GatewayFrames.message(
                                        "_INBOX.x",
                                        "",
                                        "v",
                                        "Nats-Stream: KV_kine",
                                        "Nats-Sequence: 42"),
                                null))
                .isEqualTo(42);
        assertThat(
                        sequences.of(
                                GatewayFrames.message(
                                        "_INBOX.x",
                                        "",
                                        "v",
                                        "Nats-Stream: KV_other",
                                        "Nats-Sequence: 42"),
                                Purpose.READ))
                .isZero();
    }

    @Test
    void endOfABatchNamesWhereItEnded() {
        assertThat(
                        sequences.of(
                                GatewayFrames.message(
                                        "_INBOX.x",
                                        "",
                                        "",
                                        "204 EOB",
                                        "Nats-Last-Sequence: 40",
                                        "Nats-UpTo-Sequence: 42"),
                                Purpose.READ))
                .isEqualTo(42);
    }

    @Test
    void messagesOfOthersMayLookLikeAnything() {
        assertThat(answer("{\"seq\":42}", null)).isZero();
        assertThat(answer("wrong last sequence: 42", null)).isZero();
    }

    private long answer(String body, @Nullable Purpose purpose) {
        return sequences.of(GatewayFrames.message("_INBOX.x", "", body), purpose);
    }
}
