package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StampTest {

    private static final String CONDITION = "Nats-Expected-Last-Subject-Sequence: 7";

    private final Frame.Publish write = GatewayFrames.publish("$KV.a", "_INBOX.x", "v", CONDITION);

    @Test
    void isAHeaderMoreAndNothingElse() {
        Frame.Publish stamped = Stamp.on(write, Long.MAX_VALUE);

        String block = new String(write.headerBlock(), StandardCharsets.US_ASCII);
        assertThat(new String(stamped.headerBlock(), StandardCharsets.US_ASCII))
                .isEqualTo(
                        block.substring(0, block.length() - 2)
                                + "Twonode-Write: "
                                + Stamp.of(stamped)
                                + "\r\n\r\n");
        assertThat(stamped.subject()).isEqualTo("$KV.a");
        assertThat(stamped.reply()).isEqualTo("_INBOX.x");
        assertThat(stamped.text()).isEqualTo("v");
        assertThat(Expectation.of(stamped)).isEqualTo(Expectation.of(write));
    }

    @Test
    void isAnotherEachTime() {
        assertThat(Stamp.of(Stamp.on(write, Long.MAX_VALUE)))
                .isNotNull()
                .isNotEqualTo(Stamp.of(Stamp.on(write, Long.MAX_VALUE)));
    }

    @Test
    void staysWhenTheWriteIsSentAgain() {
        Frame.Publish stamped = Stamp.on(write, Long.MAX_VALUE);

        assertThat(Stamp.on(stamped, Long.MAX_VALUE)).isSameAs(stamped);
    }

    /// What would come behind such a block, and where it ends, only its sender knows.
    @Test
    void changesNoHeadersThatDoNotEndAsTheyShould() {
        byte[] headers = ("NATS/1.0\r\n" + CONDITION + "\n\n").getBytes(StandardCharsets.US_ASCII);
        Frame.Publish odd = Frames.publish("$KV.a", "_INBOX.x", headers, new byte[] {'v'});

        assertThat(Stamp.on(odd, Long.MAX_VALUE)).isSameAs(odd);
    }

    @Test
    void makesNoWriteTooLongForItsServer() {
        int length = write.end() - write.headersAt();

        assertThat(Stamp.on(write, length + Stamp.LONGEST - 1)).isSameAs(write);
        Frame.Publish stamped = Stamp.on(write, length + Stamp.LONGEST);
        assertThat(stamped.end() - stamped.headersAt()).isLessThanOrEqualTo(length + Stamp.LONGEST);
    }
}
