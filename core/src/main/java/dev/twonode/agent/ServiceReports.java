package dev.twonode.agent;

import dev.twonode.node.Clock;
import dev.twonode.node.StateNames;
import dev.twonode.protocol.Role;
import dev.twonode.protocol.State;
import dev.twonode.service.SystemdNotifier;
import java.time.Duration;

/// Tells systemd how the node is, on the thread that decides: ready once the node knows its role,
/// one line for `systemctl status` at each change, and the watchdog's food, which a stuck thread
/// does not send.
///
/// A node that waits for its peer or for an operator is ready: it has started, and a start that
/// hangs would hide from the operator what it says.
final class ServiceReports {

    /// A start may take as long as the server beside it needs; systemd is asked for this much more
    /// at every third of it.
    private static final Duration LONGER = Duration.ofSeconds(30);

    private final SystemdNotifier systemd;
    private final Clock clock;
    private final long feedEvery;
    private String told = "";
    private boolean ready;
    private long fed;
    private long extended;

    ServiceReports(SystemdNotifier systemd, Clock clock) {
        this.systemd = systemd;
        this.clock = clock;
        this.feedEvery = systemd.watchdogInterval().map(Duration::toMillis).orElse(Long.MAX_VALUE);
        this.fed = clock.millis();
        this.extended = fed - LONGER.toMillis();
    }

    /// Called at every tick.
    void beat(State state) {
        if (!systemd.isActive()) {
            return;
        }
        long now = clock.millis();
        tell(state);
        if (!ready && now - extended >= LONGER.toMillis() / 3) {
            systemd.extend(LONGER);
            extended = now;
        }
        if (now - fed >= feedEvery) {
            systemd.alive();
            fed = now;
        }
    }

    private void tell(State state) {
        String words = words(state);
        if (!ready && hasRole(state.role())) {
            systemd.ready(words);
            ready = true;
        } else if (!words.equals(told)) {
            systemd.status(words);
        }
        told = words;
    }

    private static boolean hasRole(Role role) {
        return switch (role) {
            case FOLLOWING, LEADING, WAITING -> true;
            case STARTING, JOINING, PROMOTING, HANDING_OVER, STOPPED -> false;
        };
    }

    /// `leader term=7: the peer is silent`.
    private static String words(State state) {
        return state.role().word()
                + " term="
                + StateNames.term(state)
                + ": "
                + state.reason().words();
    }
}
