package dev.twonode.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerVersionTest {

    @ParameterizedTest
    @CsvSource({
        "2.10.29, 2.15.2, true",
        "2.14.3, 2.12.1, true",
        "2.15.2, 2.15.0, true",
        "2.15.2, 2.14.9, false",
        "2.15.0-dev, 2.10.29, false",
        "3.0.0, 2.15.2, true",
        "v2.15.2, 2.16.1, true",
        "unknown, 2.15.2, false",
        "2.15.2, unknown, false",
        "2.15.2, '', false",
    })
    void aServerRestoresWhatItCanRead(String source, String target, boolean possible) {
        assertThat(ServerVersion.parse(target).restoresFrom(ServerVersion.parse(source)))
                .isEqualTo(possible);
    }
}
