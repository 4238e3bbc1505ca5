package dev.twonode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.protocol.Journal;
import dev.twonode.protocol.Leadership;
import dev.twonode.protocol.Memory;
import dev.twonode.protocol.NodeName;
import dev.twonode.protocol.Reason;
import dev.twonode.protocol.Settings;
import dev.twonode.protocol.State;
import dev.twonode.protocol.Timing;
import dev.twonode.service.SystemdNotifier;
import dev.twonode.testing.DatagramReceiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceReportsTest {

    private static final NodeName A = new NodeName("a");

    private final Memory memory = started().memory();
    private final State joining = new State.Joining(memory, Reason.FENCED, 0, 0);
    private final State waiting = new State.Waiting(memory, Reason.NO_PROOF, 0, "", 0);
    private final DatagramReceiver systemd;
    private final ServiceReports reports;
    private final HandClock clock = new HandClock(1_000);

    ServiceReportsTest(@TempDir Path folder) {
        String address = folder.resolve("notify").toString();
        systemd = new DatagramReceiver(address);
        reports =
                new ServiceReports(
                        SystemdNotifier.of(
                                Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "10000000")),
                        clock);
    }

    private static State started() {
        Settings settings = new Settings(A, "a1", "pair", true, false, false, Timing.DEFAULT);
        return new Leadership(settings).start(Journal.blank(A), 0);
    }

    @AfterEach
    void closeSocket() {
        systemd.close();
    }

    private List<String> heard() {
        List<String> all = new ArrayList<>();
        for (Optional<String> next = systemd.receive(); next.isPresent(); ) {
            all.add(next.get());
            next = systemd.receive();
        }
        return all;
    }

    @Test
    void aNodeIsReadyOnceItKnowsItsRole() {
        reports.beat(started());
        reports.beat(joining);
        assertThat(heard())
                .contains(
                        "STATUS=starting term=0: started",
                        "STATUS=joining term=0: own stream fenced")
                .noneMatch(message -> message.contains("READY"));

        reports.beat(waiting);
        assertThat(heard())
                .singleElement()
                .asString()
                .startsWith("READY=1\nSTATUS=waiting term=0: no contact");

        reports.beat(joining);
        assertThat(heard()).containsExactly("STATUS=joining term=0: own stream fenced");
    }

    @Test
    void aStateThatStaysIsToldOnce() {
        reports.beat(waiting);
        heard();

        reports.beat(waiting);
        reports.beat(waiting);

        assertThat(heard()).isEmpty();
    }

    @Test
    void aLongStartAsksForMoreTimeUntilTheRoleIsKnown() {
        reports.beat(joining);
        assertThat(heard()).contains("EXTEND_TIMEOUT_USEC=30000000");
        clock.now += 9_999;
        reports.beat(joining);
        assertThat(heard()).doesNotContain("EXTEND_TIMEOUT_USEC=30000000");
        clock.now += 1;
        reports.beat(joining);
        assertThat(heard()).contains("EXTEND_TIMEOUT_USEC=30000000");

        reports.beat(waiting);
        heard();
        clock.now += 60_000;
        reports.beat(waiting);
        assertThat(heard()).containsExactly("WATCHDOG=1");
    }

    @Test
    void theWatchdogIsFedAtHalfItsTimeByBeatsAndNothingElse() {
        reports.beat(waiting);
        heard();
        for (int beat = 0; beat < 301; beat++) {
            clock.now += 50;
            reports.beat(waiting);
        }

        assertThat(heard()).containsExactly("WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1");

        clock.now += 60_000;
        assertThat(heard()).isEmpty();
    }
}
