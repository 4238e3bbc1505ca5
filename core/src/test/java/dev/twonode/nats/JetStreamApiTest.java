package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JetStreamApiTest {

    /// Consumers have other names at each attempt.
    @Test
    void whatIsRefusedTimeAndAgainIsRefusedInTheSameWords() {
        assertThat(refused("UFUUt8oFxw9Yl4GOTXYi6o"))
                .isEqualTo(refused("UFUUt8oFxw9Yl4GOTXYiAK"))
                .isEqualTo("CONSUMER.CREATE.KV_kine.twonode-*: maximum consumers limit reached");
    }

    private static String refused(String name) {
        return String.valueOf(
                JetStreamApi.failure(
                                "CONSUMER.CREATE.KV_kine.twonode-" + name,
                                Json.object().put("description", "maximum consumers limit reached"))
                        .getMessage());
    }
}
