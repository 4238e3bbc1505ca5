package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.gateway.wire.Frame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResolutionTest {

    private final Resolution resolution = new Resolution(new Bucket("kine"));

    @Test
    void questionIsForTheFirstMessageBehindTheExpectedOne() {
        Frame.Publish question = (Frame.Publish) resolution.question(write("v"));

        assertThat(question.subject()).isEqualTo("$JS.API.DIRECT.GET.KV_kine");
        assertThat(question.reply()).isEqualTo("_INBOX.x");
        assertThat(question.text()).isEqualTo("{\"seq\":8,\"next_by_subj\":\"$KV.kine.a\"}");
    }

    @Test
    void samePayloadIsThisVeryWrite() {
        assertThat(resolution.outcome(write("v"), found("v", 12)))
                .isInstanceOfSatisfying(
                        Resolution.Outcome.Stored.class,
                        stored ->
                                assertThat(new String(stored.answer(), StandardCharsets.UTF_8))
                                        .isEqualTo("{\"stream\":\"KV_kine\",\"seq\":12}"));
    }

    /// Two clients that want one lock with one value: the other one has it.
    @Test
    void samePayloadOfAnotherClientIsNot() {
        Request write = stamped(write("v"));

        assertThat(resolution.outcome(write, found("v", 12)))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
        assertThat(resolution.outcome(write, found("v", 12, stamped(write("v")))))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
        assertThat(resolution.outcome(write, found("v", 12, write)))
                .isInstanceOf(Resolution.Outcome.Stored.class);
        assertThat(resolution.outcome(write("v"), found("v", 12, write)))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
    }

    @Test
    void otherPayloadOrNothingIsNot() {
        assertThat(resolution.outcome(write("v"), found("w", 12)))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
        assertThat(
                        resolution.outcome(
                                write("v"),
                                GatewayFrames.message("_INBOX.x", "", "", "404 Message Not Found")))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
    }

    @Test
    void markerIsNotTheEmptyValue() {
        Frame.Message marker =
                GatewayFrames.message(
                        "_INBOX.x",
                        "",
                        "",
                        "Nats-Stream: KV_kine",
                        "Nats-Sequence: 12",
                        "KV-Operation: DEL");

        assertThat(resolution.outcome(write(""), marker))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
    }

    @Test
    void conditionOnTheStreamHoldsForTheVeryNextSequenceOnly() {
        Request request = request("v", "Nats-Expected-Last-Sequence: 7");

        assertThat(resolution.outcome(request, found("v", 8)))
                .isInstanceOf(Resolution.Outcome.Stored.class);
        assertThat(resolution.outcome(request, found("v", 9)))
                .isInstanceOf(Resolution.Outcome.NotStored.class);
    }

    @Test
    void serverThatDoesNotSayLeavesItUnknown() {
        assertThat(resolution.outcome(write("v"), GatewayFrames.message("_INBOX.x", "", "", "503")))
                .isInstanceOf(Resolution.Outcome.Unknown.class);
    }

    private static Request write(String body) {
        return request(body, "Nats-Expected-Last-Subject-Sequence: 7");
    }

    private static Request stamped(Request request) {
        Frame.Publish publish = Stamp.on(request.publish, Long.MAX_VALUE);
        return new Request(publish, "_INBOX.x", Purpose.GUARDED_WRITE, null);
    }

    private static Frame.Message found(String body, long sequence, Request as) {
        return GatewayFrames.message(
                "_INBOX.x",
                "",
                body,
                Stamp.HEADER + ": " + Stamp.of(as.publish),
                "Nats-Stream: KV_kine",
                "Nats-Sequence: " + sequence);
    }

    private static Request request(String body, String condition) {
        Frame.Publish publish = GatewayFrames.publish("$KV.kine.a", "_INBOX.x", body, condition);
        return new Request(publish, "_INBOX.x", Purpose.GUARDED_WRITE, null);
    }

    private static Frame.Message found(String body, long sequence) {
        return GatewayFrames.message(
                "_INBOX.x", "", body, "Nats-Stream: KV_kine", "Nats-Sequence: " + sequence);
    }
}
