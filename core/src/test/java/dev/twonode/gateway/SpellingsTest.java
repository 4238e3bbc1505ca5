package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingsTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:4240, localhost:4240",
        "127.0.0.2, 127.0.0.2:4240, [::ffff:127.0.0.2]:4240",
        "::1, [0:0:0:0:0:0:0:1]:4240, localhost:4240",
        "172.18.0.5, 172.18.0.5:4240, [::ffff:172.18.0.5]:4240",
        "fd00::a, [fd00:0:0:0:0:0:0:a]:4240, [FD00:0:0:0:0:0:0:A]:4240"
    })
    void addressHasTwoThatLeadThere(String host, String one, String other)
            throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 4240);

        assertThat(Spellings.of(address)).isEqualTo(List.of(one, other));
    }
}
