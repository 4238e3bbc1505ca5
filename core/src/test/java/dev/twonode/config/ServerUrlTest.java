package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "localhost:4222, nats://localhost:4222",
        "nats://10.0.0.7, nats://10.0.0.7:4222",
        "NATS://Edge-2:4300/, nats://Edge-2:4300",
        "tls://edge:4443, tls://edge:4443",
        "wss://edge, wss://edge:443",
        "ws://edge, ws://edge:80",
        "'[fd00::1]:4222', 'nats://[fd00::1]:4222'",
        "' edge ', nats://edge:4222"
    })
    void fillsInSchemeAndPort(String text, String whole) {
        assertThat(ServerUrl.parse(text)).hasToString(whole);
    }

    @ParameterizedTest
    @CsvSource({
        "http://edge:4222, unknown scheme 'http'",
        "nats://, is not an address",
        "edge:70000, port 70000",
        "edge:0, port 0",
        "nats://edge:4222/kine, after the port",
        "nats://edge?noEmbed, after the port",
        "edge one, is not an address",
        ":4222, no host",
        "edge:abc, a port that is no number",
        "::1, without brackets",
        "edge_1:4222, a host name with more than"
    })
    void refusesWhatIsNoServerAddress(String text, String reason) {
        assertThatThrownBy(() -> ServerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void showsThePasswordOnlyToTheClient() {
        ServerUrl url = ServerUrl.parse("nats://ann:geheim@edge:4222");

        assertThat(url).hasToString("nats://***@edge:4222");
        assertThat(url.withSecret()).isEqualTo("nats://ann:geheim@edge:4222");
    }

    @Test
    void keepsThePasswordOutOfRefusals() {
        for (String bad : new String[] {"nats://ann:geheim@ed ge", "nats://ann:geheim@edge/x"}) {
            assertThatThrownBy(() -> ServerUrl.parse(bad)).message().doesNotContain("geheim");
            assertThatThrownBy(() -> ServerUrl.parse(bad)).hasNoCause();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:4222, localhost:4222, true",
        "'[::1]:4222', 127.0.0.2:4222, true",
        "edge:4222, EDGE, true",
        "localhost:4222, localhost:4223, false",
        "edge-1:4222, edge-2:4222, false"
    })
    void knowsItsOwnEndpointInOtherSpellings(String one, String other, boolean isSame) {
        assertThat(ServerUrl.parse(one).isSameEndpointAs(ServerUrl.parse(other))).isEqualTo(isSame);
    }
}
