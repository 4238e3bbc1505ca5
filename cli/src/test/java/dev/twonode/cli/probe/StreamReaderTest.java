package dev.twonode.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class StreamReaderTest {

    private static long digest(String... lines) {
        String headers = "NATS/1.0\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
        byte[] bytes = headers.getBytes(StandardCharsets.UTF_8);
        return StreamReader.digest(Base64.getEncoder().encodeToString(bytes));
    }

    @Test
    void theBlankAfterTheColonIsNoDifference() {
        assertThat(digest("KV-Operation: DEL")).isEqualTo(digest("KV-Operation:DEL"));
    }

    @Test
    void expectationsAreNoDifference() {
        assertThat(digest("KV-Operation: DEL", "Nats-Expected-Last-Subject-Sequence: 7"))
                .isEqualTo(digest("KV-Operation: DEL"));
    }

    @Test
    void anotherValueOrNameIsOne() {
        assertThat(digest("KV-Operation: DEL")).isNotEqualTo(digest("KV-Operation: PURGE"));
        assertThat(digest("A: x")).isNotEqualTo(digest("B: x"));
        assertThat(digest("A: x:y")).isNotEqualTo(digest("A: x: y"));
    }
}
