package dev.twonode.agent;

import dev.twonode.logging.Log;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.LinkEvent;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import dev.twonode.protocol.Event;
import dev.twonode.protocol.Peer;
import java.util.function.Consumer;

/// Turns what happens to the connection to the peer's server into events. Only a connection that
/// stood, ended and was then refused proves that the server process is gone (rule G2).
final class PeerLinkWatch implements Consumer<LinkEvent> {

    private static final Log LOG = Log.of(PeerLinkWatch.class);

    private final Inbox inbox;
    private final Clock clock;
    private Peer.Link told = Peer.Link.DOWN;
    private boolean stood;

    PeerLinkWatch(Inbox inbox, Clock clock) {
        this.inbox = inbox;
        this.clock = clock;
    }

    @Override
    public synchronized void accept(LinkEvent event) {
        switch (event) {
            case LinkEvent.Connected _ -> {
                stood = true;
                tell(Peer.Link.UP, "connected");
            }
            case LinkEvent.Disconnected(_, String why) -> tell(Peer.Link.DOWN, why);
            case LinkEvent.DialFailed(Dialed.Refused(String why)) -> {
                if (stood) {
                    tell(Peer.Link.REFUSED, why);
                }
            }
            case LinkEvent.DialFailed(Dialed.Failed failed) -> tell(Peer.Link.DOWN, failed.why());
        }
    }

    private void tell(Peer.Link now, String why) {
        if (now != told) {
            told = now;
            LOG.info("peer's server: " + now + ": " + why);
            inbox.post(new Event.PeerLink(clock.millis(), now));
        }
    }
}
