package dev.twonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimingTest {

    @TempDir Path folder;

    @Test
    void defaultsAreTheOnesOfTheProtocol() {
        Timing timing = new ConfigFixture(folder).withPeer().config().timing();

        assertThat(timing.toProtocol()).isEqualTo(dev.twonode.protocol.Timing.DEFAULT);
    }

    @Test
    void livePeerMayLoseTwoHeartbeats() {
        assertThat(problem(Setting.HEARTBEAT, "600ms"))
                .isEqualTo(
                        "--peer-timeout 1.5s is shorter than three times --heartbeat 600ms: a live"
                                + " peer would count as gone after two lost heartbeats. Use at"
                                + " least 1.8s");
    }

    @Test
    void proofOfSilenceFitsIntoItsLastThird() {
        assertThat(problem(Setting.DIAL_TIMEOUT, "501ms"))
                .startsWith("--dial-timeout 501ms is longer than a third of --peer-timeout 1.5s: ");
    }

    @Test
    void attemptsToReachThePeerDoNotOverlap() {
        assertThat(problem(Setting.RETRY_INTERVAL, "400ms"))
                .startsWith("--retry-interval 400ms is shorter than --dial-timeout 500ms: ");
    }

    @Test
    void handoverIsGivenTheTimeToNoticeAGonePeer() {
        assertThat(problem(Setting.SHUTDOWN_TIMEOUT, "1s"))
                .startsWith("--shutdown-timeout 1s is shorter than --peer-timeout 1.5s: ");
    }

    @Test
    void extremesAreRefused() {
        assertThat(problem(Setting.HEARTBEAT, "5ms")).contains("too short");
        assertThat(problem(Setting.PEER_RETRIES, "-1")).contains("is negative");
        assertThat(problem(Setting.DIAL_TIMEOUT, "0")).contains("longer than nothing");
        ConfigFixture machine = new ConfigFixture(folder).withPeer();
        machine.flag(Setting.PEER_TIMEOUT, "10m").flag(Setting.SHUTDOWN_TIMEOUT, "10m");
        assertThat(machine.onlyProblem()).contains("writes would stop that long");
    }

    private String problem(Setting setting, String text) {
        return new ConfigFixture(folder).withPeer().flag(setting, text).onlyProblem();
    }
}
