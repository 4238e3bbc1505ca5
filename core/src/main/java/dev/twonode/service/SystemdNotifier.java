package dev.twonode.service;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells systemd how the service is, by its protocol of datagrams (`sd_notify(3)`). Does nothing
/// when nobody asked for it, and never fails: a service that cannot report still serves.
public final class SystemdNotifier {

    private final @Nullable UnixDatagram socket;
    private final @Nullable Duration watchdog;

    private SystemdNotifier(@Nullable UnixDatagram socket, @Nullable Duration watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /// The notifier that this environment asks for.
    ///
    /// @param environment the process's environment variables
    public static SystemdNotifier of(Map<String, String> environment) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        UnixDatagram socket =
                UnixDatagram.isAddress(address) ? UnixDatagram.open(address).orElse(null) : null;
        return new SystemdNotifier(socket, socket == null ? null : watchdogOf(environment));
    }

    /// Whether anybody listens.
    public boolean isActive() {
        return socket != null;
    }

    /// How often [#alive] has to be called, half of what systemd waits; empty when it does not
    /// watch. Only the loop that decides may do it, so that a stuck one is noticed.
    public Optional<Duration> watchdogInterval() {
        return Optional.ofNullable(watchdog);
    }

    /// The node knows its role. Said again it only changes the status.
    public boolean ready(String status) {
        return send("READY=1\nSTATUS=" + oneLine(status));
    }

    /// One line for `systemctl status`.
    public boolean status(String status) {
        return send("STATUS=" + oneLine(status));
    }

    /// The loop that decides has come round.
    public boolean alive() {
        return send("WATCHDOG=1");
    }

    /// The orderly stop has begun.
    public boolean stopping(String status) {
        return send("STOPPING=1\nSTATUS=" + oneLine(status));
    }

    /// Starting or stopping takes longer: systemd waits this much from now on.
    public boolean extend(Duration time) {
        return send("EXTEND_TIMEOUT_USEC=" + time.toNanos() / 1_000);
    }

    private boolean send(String message) {
        return socket != null && socket.send(message);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static @Nullable Duration watchdogOf(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (!pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return null;
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0 ? Duration.ofNanos(micros * 500) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
