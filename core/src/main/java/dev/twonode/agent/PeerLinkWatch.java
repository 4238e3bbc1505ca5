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
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns what happens to the connection to the peer's server into events. Only a connection that
/// stood, ended and was then refused proves that the server process is gone (rule G2).
final class PeerLinkWatch implements Consumer<LinkEvent> {

    private static final Log LOG = Log.of(PeerLinkWatch.class);

    private final RateLimit failures = RateLimit.untilCleared();
    private final RateLimit strayed = RateLimit.untilCleared();
    private final Inbox inbox;
    private final Clock clock;
    private final String url;
    private final long patience;
    private Peer.Link told = Peer.Link.DOWN;
    private boolean stood;
    private Dialed.@Nullable Failed failure;
    private @Nullable ServerIdentity reached;
    private PeerReports.@Nullable Heard heard;

    /// Since when what was heard of the peer does not fit what is reached, negative while it does.
    private long astraySince = -1;

    /// The peer is heard, by its own connection to this node's server, and says that its server
    /// answers, while that server is not found where this node looks for it.
    ///
    /// @param why what is found there
    /// @param remedy what to do
    record Astray(String why, String remedy) {}

    /// @param url where the peer's server is looked for
    /// @param peerTimeout how long both may say different things, as when a server is restarted
    PeerLinkWatch(Inbox inbox, Clock clock, String url, Duration peerTimeout) {
        this.inbox = inbox;
        this.clock = clock;
        this.url = url;
        this.patience = peerTimeout.toMillis();
    }

    @Override
    public synchronized void accept(LinkEvent event) {
        switch (event) {
            case LinkEvent.Connected(ServerIdentity server) -> {
                stood = true;
                reached = server;
                failure = null;
                failures.clear();
                LOG.info("peer's server: connected to nats-server " + server.version());
                tell(Peer.Link.UP);
            }
            case LinkEvent.Disconnected(_, String why) -> {
                LOG.warn("peer's server: connection ended: " + why);
                reached = null;
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

    /// Compares what the peer says of its server with what is reached.
    synchronized void heard(PeerReports.Heard now) {
        heard = now;
        if (!now.report().store().usable() || why(now).isEmpty()) {
            astraySince = -1;
            strayed.clear();
            return;
        }
        if (astraySince < 0) {
            astraySince = now.at();
        }
        astray().ifPresent(it -> LOG.warnOnce(strayed, it.remedy()));
    }

    /// That the peer's server is somewhere else, empty while nothing says so, or is not said any
    /// more.
    synchronized Optional<Astray> astray() {
        PeerReports.Heard last = heard;
        if (last == null || astraySince < 0) {
            return Optional.empty();
        }
        boolean lasts = last.at() - astraySince >= patience;
        boolean isFresh = clock.millis() - last.at() < patience;
        return lasts && isFresh
                ? why(last).map(it -> new Astray(it, remedy(last, it)))
                : Optional.empty();
    }

    private Optional<String> why(PeerReports.Heard now) {
        Dialed.Failed failed = failure;
        if (failed != null) {
            return isElsewhere(failed) ? Optional.of(failed.why()) : Optional.empty();
        }
        ServerIdentity there = reached;
        String named = now.report().store().serverId();
        return there == null || named == null || named.equals(there.id())
                ? Optional.empty()
                : Optional.of("what answers at " + url + " is another server");
    }

    /// A server that lets nobody in may well be the right one.
    private static boolean isElsewhere(Dialed.Failed failed) {
        return switch (failed) {
            case Dialed.Refused _, Dialed.TimedOut _, Dialed.Unreachable _ -> true;
            case Dialed.Unsuitable(Dialed.Fault fault, _) ->
                    switch (fault) {
                        case PROTOCOL, GATEWAY -> true;
                        case AUTHORIZATION, OWN_FILES, TLS, TOO_OLD, FULL -> false;
                    };
        };
    }

    private String remedy(PeerReports.Heard now, String why) {
        String peer = now.report().sender().node().value();
        String where =
                now.server().isEmpty() ? "" : ", at " + now.server() + " as seen from its machine";
        return "Node "
                + peer
                + " is heard, but this node does not reach its NATS server: "
                + why
                + ". That server answers "
                + peer
                + where
                + ". Let --peer-url of this node name it, or open the way to it.";
    }

    private void tell(Peer.Link now) {
        if (now != told) {
            told = now;
            inbox.post(new Event.PeerLink(clock.millis(), now));
        }
    }
}
