package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Event;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns what happens to the connection to the own server into events. The store counts as down
/// when the connection ended and one fresh dial failed too, or when another server process answers
/// it (rules G2, T2).
final class OwnLinkWatch implements Consumer<LinkEvent> {

    private static final Log LOG = Log.of(OwnLinkWatch.class);

    private final RateLimit failures = RateLimit.untilCleared();
    private final Inbox inbox;
    private final Clock clock;
    private @Nullable ServerIdentity last;
    private boolean up;
    private Dialed.@Nullable Failed failure;

    OwnLinkWatch(Inbox inbox, Clock clock) {
        this.inbox = inbox;
        this.clock = clock;
    }

    @Override
    public synchronized void accept(LinkEvent event) {
        switch (event) {
            case LinkEvent.Connected(ServerIdentity server) -> connected(server);
            case LinkEvent.Disconnected(_, String why) ->
                    LOG.warn("own server: connection ended: " + why);
            case LinkEvent.DialFailed(var outcome) -> {
                LOG.warnOnce(failures, "own server: not reached: " + outcome.why());
                failure = outcome;
                lost(outcome.why());
            }
        }
    }

    /// Why the last attempt to connect failed, empty once one did not.
    synchronized Optional<Dialed.Failed> failure() {
        return Optional.ofNullable(failure);
    }

    private void connected(ServerIdentity server) {
        ServerIdentity before = last;
        if (up && before != null && !before.id().equals(server.id())) {
            LOG.warn("own server: it was restarted");
            lost("the server was restarted");
        }
        last = server;
        up = true;
        failure = null;
        failures.clear();
        LOG.info("own server: connected to nats-server " + server.version());
        inbox.post(new Event.OwnConnected(clock.millis()));
    }

    private void lost(String why) {
        if (up) {
            up = false;
            inbox.post(new Event.OwnLost(clock.millis(), why));
        }
    }
}
