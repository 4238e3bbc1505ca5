package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.replication.StoreException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {

    private static final Place PLACE =
            new Place(4711, 12, Instant.parse("2026-01-02T03:04:05.000000006Z"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$JS.ACK.KV_kine.c.1.4711.12.1767323045000000006.9",
                "$JS.ACK._.hash.KV_kine.c.1.4711.12.1767323045000000006.9",
                "$JS.ACK.hub.hash.KV_kine.c.1.4711.12.1767323045000000006.9.random"
            })
    void itIsReadFromEveryFormThatServersWrite(String reply) throws StoreException {
        assertThat(Place.of(reply)).isEqualTo(PLACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "_INBOX.x",
                "$JS.ACK.KV_kine.c.1.4711.12",
                "$JS.ACK.KV_kine.c.1.4711.twelve.1767323045000000006.9",
                "$JS.API.KV_kine.c.1.4711.12.1767323045000000006.9"
            })
    void anythingElseIsNamed(String reply) {
        assertThatThrownBy(() -> Place.of(reply))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'" + reply + "'");
    }
}
