package dev.twonode.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.DatagramReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdNotifierTest {

    @TempDir Path folder;

    @Test
    void everyMessageArrivesAsSystemdWantsIt() throws Exception {
        String address = folder.resolve("notify").toString();
        try (DatagramReceiver systemd = new DatagramReceiver(address)) {
            SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address));

            assertThat(notifier.isActive()).isTrue();
            assertThat(notifier.ready("leader term=7\nlag=0")).isTrue();
            assertThat(systemd.receive()).hasValue("READY=1\nSTATUS=leader term=7 lag=0");
            assertThat(notifier.status("follower · in sync")).isTrue();
            assertThat(systemd.receive()).hasValue("STATUS=follower · in sync");
            assertThat(notifier.alive()).isTrue();
            assertThat(systemd.receive()).hasValue("WATCHDOG=1");
            assertThat(notifier.stopping("handing over")).isTrue();
            assertThat(systemd.receive()).hasValue("STOPPING=1\nSTATUS=handing over");
            assertThat(notifier.extend(Duration.ofSeconds(3))).isTrue();
            assertThat(systemd.receive()).hasValue("EXTEND_TIMEOUT_USEC=3000000");
            assertThat(systemd.receive()).isEmpty();
        }
    }

    @Test
    void abstractSocketsAreReachedToo() {
        String address = "@twonode-test-" + ProcessHandle.current().pid();
        try (DatagramReceiver systemd = new DatagramReceiver(address)) {
            assertThat(SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address)).alive()).isTrue();
            assertThat(systemd.receive()).hasValue("WATCHDOG=1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "@",
                "vsock:2:9999",
                "relative",
            })
    void withoutAnAddressItDoesNothing(String address) {
        SystemdNotifier notifier =
                SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "10"));

        assertThat(notifier.isActive()).isFalse();
        assertThat(notifier.ready("x")).isFalse();
        assertThat(notifier.watchdogInterval()).isEmpty();
        assertThat(SystemdNotifier.of(Map.of()).isActive()).isFalse();
    }

    @Test
    void addressThatNoSocketCanHaveIsPassedOver() {
        String tooLong = "/" + "x".repeat(107);

        assertThat(SystemdNotifier.of(Map.of("NOTIFY_SOCKET", tooLong)).isActive()).isFalse();
    }

    @Test
    void listenerThatIsGoneDoesNoHarm() throws Exception {
        Path address = folder.resolve("notify");
        new DatagramReceiver(address.toString()).close();
        SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address.toString()));

        assertThat(notifier.ready("x")).isFalse();
        Files.delete(address);
        assertThat(notifier.ready("x")).isFalse();
    }

    @Test
    void listenerThatDoesNotReadDoesNotBlock() {
        String address = folder.resolve("notify").toString();
        try (DatagramReceiver systemd = new DatagramReceiver(address)) {
            SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address));
            boolean isTaken = true;
            for (int i = 0; i < 100_000 && isTaken; i++) {
                isTaken = notifier.alive();
            }

            assertThat(isTaken).isFalse();
            assertThat(systemd.receive()).isPresent();
        }
    }

    @Test
    void watchdogIsFedTwiceAsOftenAsAsked() {
        String own = Long.toString(ProcessHandle.current().pid());

        assertThat(watched("10000000", own)).hasValue(Duration.ofSeconds(5));
        assertThat(watched("10000000", "")).hasValue(Duration.ofSeconds(5));
        assertThat(watched("10000000", "1")).as("meant for another process").isEmpty();
        assertThat(watched("0", own)).isEmpty();
        assertThat(watched("soon", own)).isEmpty();
    }

    private static Optional<Duration> watched(String micros, String pid) {
        return SystemdNotifier.of(
                        Map.of(
                                "NOTIFY_SOCKET", "/run/none",
                                "WATCHDOG_USEC", micros,
                                "WATCHDOG_PID", pid))
                .watchdogInterval();
    }
}
