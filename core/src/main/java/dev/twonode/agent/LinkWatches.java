package dev.twonode.agent;

import dev.twonode.config.Config;
import dev.twonode.messaging.Denial;
import dev.twonode.messaging.Messaging;
import dev.twonode.node.Clock;
import dev.twonode.node.Inbox;
import java.util.List;
import java.util.stream.Stream;

/// Those who watch the connections to the two servers.
record LinkWatches(OwnLinkWatch own, PeerLinkWatch peer) {

    static LinkWatches of(Inbox inbox, Clock clock, Config config) {
        return new LinkWatches(
                new OwnLinkWatch(inbox, clock),
                new PeerLinkWatch(
                        inbox,
                        clock,
                        config.peer().server().toString(),
                        config.timing().peerTimeout()));
    }

    /// What goes wrong with both connections now.
    Links links(Messaging toOwn, Messaging toPeer) {
        List<Denial> denials =
                Stream.concat(toOwn.denials().stream(), toPeer.denials().stream()).toList();
        return new Links(own.failure(), peer.failure(), peer.astray(), denials);
    }
}
