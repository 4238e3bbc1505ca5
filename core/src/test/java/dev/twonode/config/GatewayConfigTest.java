package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.config.GatewayConfig.Commit;
import dev.twonode.config.GatewayConfig.WhenAlone;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigTest {

    @TempDir Path folder;
    private ConfigFixture machine;

    @BeforeEach
    void machine() {
        machine = new ConfigFixture(folder).withPeer();
    }

    @Test
    void gatewayListensOnLoopbackAndShowsWhatIsOnBothNodes() {
        assertThat(machine.config().gateway())
                .isEqualTo(
                        new GatewayConfig(
                                List.of(at("127.0.0.1", 4240)),
                                Commit.BOTH,
                                WhenAlone.SERVE,
                                1_000,
                                Duration.ofSeconds(10),
                                "",
                                Optional.empty()));
    }

    @Test
    void everyFlagReachesItsPlace() {
        machine.flag(Setting.GATEWAY, "127.0.0.1:4240, [::1]:4241")
                .flag(Setting.COMMIT, "leader")
                .flag(Setting.WHEN_ALONE, "stop")
                .flag(Setting.MAX_LOSS, "7")
                .flag(Setting.HOLD_TIMEOUT, "3s")
                .flag(Setting.ON_REVISIONS_LOST, "systemctl restart k3s");

        assertThat(machine.config().gateway())
                .isEqualTo(
                        new GatewayConfig(
                                List.of(at("127.0.0.1", 4240), at("::1", 4241)),
                                Commit.LEADER,
                                WhenAlone.STOP,
                                7,
                                Duration.ofSeconds(3),
                                "systemctl restart k3s",
                                Optional.empty()));
    }

    @Test
    void aCertificateComesWithItsKeyAndBothAreThere() throws IOException {
        Path chain = Files.writeString(folder.resolve("gateway.pem"), "chain");
        Path key = Files.writeString(folder.resolve("gateway.key"), "key");
        machine.flag(Setting.GATEWAY_TLSCERT, chain.toString());

        assertThat(machine.problems()).anyMatch(it -> it.contains("--gateway-tlskey"));
        assertThat(machine.flag(Setting.GATEWAY_TLSKEY, key.toString()).config().gateway())
                .extracting(GatewayConfig::certificate)
                .isEqualTo(Optional.of(new GatewayConfig.Certificate(chain, key)));
    }

    @Test
    void offMeansNoGateway() {
        assertThat(machine.flag(Setting.GATEWAY, "off").config().gateway().addresses()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "here; neither HOST:PORT",
                "127.0.0.1; neither HOST:PORT",
                "127.0.0.1:70000; not between 1 and 65535",
                "off,127.0.0.1:4240; goes with no other address"
            })
    void addressThatIsNoneIsRefused(String text, String why) {
        assertThat(machine.flag(Setting.GATEWAY, text).problems())
                .anyMatch(problem -> problem.startsWith("--gateway") && problem.contains(why));
    }

    @Test
    void lossIsNotNegative() {
        assertThat(machine.flag(Setting.MAX_LOSS, "-1").problems())
                .anyMatch(problem -> problem.contains("negative"));
    }

    @Test
    void whoeverMayLoseWritesIsTold() {
        assertThat(machine.flag(Setting.COMMIT, "leader").load().warnings())
                .anyMatch(warning -> warning.contains("can lose up to 1000"));
    }

    private static InetSocketAddress at(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }
}
