package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KineRecordTest {

    @Test
    void partsOfAKeyAreEncodedOneByOneAndAnEmptyPartIsASlash() {
        // Base 58 of "/" and of "Hello World!", as the published examples of Bitcoin's have it.
        assertThat(KineRecord.subject("kine", "/Hello World!"))
                .isEqualTo("$KV.kine.p.2NEpo7TZRRrLZSi2U");
    }

    @Test
    void leadingZeroBytesAreKept() {
        assertThat(KineRecord.base58(new byte[] {0, 0, 1})).isEqualTo("112");
    }

    @Test
    void aValueIsReadBackAsItWasWritten() throws IOException {
        byte[] data = "some data".getBytes(StandardCharsets.UTF_8);

        JsonNode read = KineRecord.parse(KineRecord.value("/registry/x", data, 3, 17, 40));

        assertThat(read.path("KV").path("Key").asText()).isEqualTo("/registry/x");
        assertThat(read.path("KV").path("Value").binaryValue()).isEqualTo(data);
        assertThat(read.path("KV").path("Version").asLong()).isEqualTo(3);
        assertThat(read.path("KV").path("CreateRevision").asLong()).isEqualTo(17);
        assertThat(read.path("PrevRevision").asLong()).isEqualTo(40);
        assertThat(read.path("Create").asBoolean()).isFalse();
    }

    @Test
    void theFirstWriteOfAKeyIsMarkedAsItsCreation() throws IOException {
        JsonNode read = KineRecord.parse(KineRecord.value("/k", new byte[0], 1, 0, 0));

        assertThat(read.path("Create").asBoolean()).isTrue();
    }

    @Test
    void framesCarryTheStreamHeadAndAMaskedChecksum() {
        byte[] framed = KineRecord.framed(new byte[] {'a'});

        // Stream identifier, then chunk type 1 of 5 bytes, then the masked CRC-32C of "a".
        assertThat(Arrays.copyOf(framed, 10))
                .containsExactly(0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y');
        assertThat(Arrays.copyOfRange(framed, 10, 14)).containsExactly(1, 5, 0, 0);
        assertThat(framed).hasSize(19).endsWith((byte) 'a');
    }

    @Test
    void contentBeyondOneChunkIsReadBackWhole() throws IOException {
        byte[] data = new byte[200_000];
        Arrays.fill(data, (byte) 'x');

        JsonNode read = KineRecord.parse(KineRecord.value("/k", data, 1, 0, 0));

        assertThat(read.path("KV").path("Value").binaryValue()).isEqualTo(data);
    }

    @Test
    void whatIsNotFramedIsRefused() {
        assertThatThrownBy(() -> KineRecord.parse(new byte[] {1, 2, 3}))
                .isInstanceOf(IOException.class);
    }
}
