package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.messaging.ServerIdentity;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Peer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns what happens to the connection to the peer's server into events. Only a connection that
/// stood, ended and was then refused proves that the server process is gone (rule G2).
final class PeerLinkWatch implements Consumer<LinkEvent> {

    private static final Log LOG = Log.of(PeerLinkWatch.class);

    private final RateLimit failures = RateLimit.untilCleared();
    private final Inbox inbox;
    private final Clock clock;
    private Peer.Link told = Peer.Link.DOWN;
    private boolean stood;
    private Dialed.@Nullable Failed failure;

    PeerLinkWatch(Inbox inbox, Clock clock) {
        this.inbox = inbox;
        this.clock = clock;
    }

    @Override
    public synchronized void accept(LinkEvent event) {
        switch (event) {
            case LinkEvent.Connected(ServerIdentity server) -> {
                stood = true;
                failure = null;
                failures.clear();
                LOG.info("peer's server: connected to nats-server " + server.version());
                tell(Peer.Link.UP);
            }
            case LinkEvent.Disconnected(_, String why) -> {
                LOG.warn("peer's server: connection ended: " + why);
                tell(Peer.Link.DOWN);
            }
            case LinkEvent.DialFailed(Dialed.Failed outcome) -> {
                LOG.warnOnce(failures, "peer's server: not reached: " + outcome.why());
                failure = outcome;
                boolean refused = outcome instanceof Dialed.Refused;
                if (stood || !refused) {
                    tell(refused ? Peer.Link.REFUSED : Peer.Link.DOWN);
                }
            }
        }
    }

    /// Why the last attempt to connect failed, empty once one did not.
    synchronized Optional<Dialed.Failed> failure() {
        return Optional.ofNullable(failure);
    }

    private void tell(Peer.Link now) {
        if (now != told) {
            told = now;
            inbox.post(new Event.PeerLink(clock.millis(), now));
        }
    }
}
