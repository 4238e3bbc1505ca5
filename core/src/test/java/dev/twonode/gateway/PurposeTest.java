package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.gateway.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurposeTest {

    private static final Bucket KINE = new Bucket("kine");

    @ParameterizedTest
    @CsvSource({
        "$KV.kine.a.b, WRITE",
        "$KV.other.a, OTHER",
        "$JS.API.INFO, SURVEY",
        "$JS.API.STREAM.LIST, SURVEY",
        "$JS.API.STREAM.NAMES, SURVEY",
        "$JS.API.STREAM.INFO.KV_kine, READ",
        "$JS.hub.API.STREAM.INFO.KV_kine, READ",
        "$JS.API.STREAM.MSG.GET.KV_kine, READ",
        "$JS.API.DIRECT.GET.KV_kine, READ",
        "$JS.API.DIRECT.GET.KV_kine.$KV.kine.a, READ",
        "$JS.API.CONSUMER.CREATE.KV_kine.x, READ",
        "$JS.API.CONSUMER.DURABLE.CREATE.KV_kine.x, READ",
        "$JS.API.CONSUMER.DELETE.KV_kine.x, READ",
        "$JS.API.STREAM.INFO.KV_other, READ_ELSEWHERE",
        "$JS.API.CONSUMER.CREATE.KV_kine2.x.$KV.kine2.>, READ_ELSEWHERE",
        "$JS.API.CONSUMER.CREATE.KV_kine.x.$KV.kine.>, READ",
        "$JS.API.CONSUMER.MSG.NEXT.KV_kine.x, PULL",
        "$JS.API.STREAM.CREATE.KV_kine, OTHER_OF_BUCKET",
        "$JS.API.STREAM.SNAPSHOT.KV_kine, OTHER_OF_BUCKET",
        "$JS.API.STREAM.CREATE.KV_other, OTHER",
        "$JS.API.STREAM.PURGE.KV_kine, FORBIDDEN",
        "$JS.API.STREAM.UPDATE.KV_kine, FORBIDDEN",
        "$JS.API.STREAM.DELETE.KV_kine, FORBIDDEN",
        "$JS.hub.API.STREAM.DELETE.KV_kine, FORBIDDEN",
        "$JS.API.STREAM.MSG.DELETE.KV_kine, FORBIDDEN",
        "$JS.API.STREAM.RESTORE.KV_kine, FORBIDDEN",
        "$JS.API.STREAM.DELETE.KV_other, OTHER",
        "$TWONODE.replica.kine.x, FORBIDDEN",
        "$JS.ACK.KV_kine.c.1.2.3.4.5, OTHER",
        "$JS.x, OTHER",
        "orders.new, OTHER"
    })
    void subjectSaysWhatIsWanted(String subject, Purpose purpose) {
        assertThat(Purpose.of(GatewayFrames.publish(subject, "r", ""), KINE)).isEqualTo(purpose);
    }

    @Test
    void conditionMakesAWriteThatCanBeResolved() {
        Frame.Publish bySubject =
                GatewayFrames.publish(
                        "$KV.kine.a", "r", "v", "Nats-Expected-Last-Subject-Sequence: 7");
        Frame.Publish byStream =
                GatewayFrames.publish("$KV.kine.a", "r", "v", "Nats-Expected-Last-Sequence: 9");
        Frame.Publish elsewhere =
                GatewayFrames.publish(
                        "$KV.kine.a",
                        "r",
                        "v",
                        "Nats-Expected-Last-Subject-Sequence: 7",
                        "Nats-Expected-Last-Subject-Sequence-Subject: $KV.kine.>");

        assertThat(Purpose.of(bySubject, KINE)).isEqualTo(Purpose.GUARDED_WRITE);
        assertThat(Expectation.of(bySubject)).isEqualTo(new Expectation(7, true));
        assertThat(Expectation.of(byStream)).isEqualTo(new Expectation(9, false));
        assertThat(Purpose.of(elsewhere, KINE)).isEqualTo(Purpose.WRITE);
        assertThat(Expectation.of(GatewayFrames.publish("$KV.kine.a", "r", "v", "X: y"))).isNull();
    }
}
