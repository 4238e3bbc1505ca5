package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What the sessions of one gateway share.
///
/// @param settings what the gateway was told
/// @param bucket the copied bucket
/// @param board what may be shown, and where requests go
/// @param dial the way to the servers
/// @param strays requests that wait for their client to come back
/// @param millis the clock of the board
/// @param greeting the newest greeting of a server, for clients that come while there is no leader
/// @param sessions all of them
/// @param refusals whether the leader's server stores
/// @param troubles lets each kind of trouble be logged once in a while
record Surroundings(
        GatewaySettings settings,
        Bucket bucket,
        Board board,
        ServerDial dial,
        Strays strays,
        LongSupplier millis,
        AtomicReference<@Nullable Greeting> greeting,
        Set<Session> sessions,
        Refusals refusals,
        RateLimit troubles) {

    private static final Log LOG = Log.of(Gateway.class);

    static final String NO_LEADER = "no leader";
    static final String DIAL = "dial";
    private static final String GREETING = "greeting";

    /// What has ended when a leader's server takes a client.
    private static final List<String> AWAY = List.of(NO_LEADER, DIAL, GREETING);

    long now() {
        return millis.getAsLong();
    }

    /// Starts what serves one direction of one client. As long as there are few, on a thread of the
    /// system's: a virtual one is woken from a socket by way of two others, which for a single
    /// write takes longer than all else that is done here.
    void start(String name, Runnable work) {
        Thread.Builder thread =
                sessions.size() <= GatewaySettings.FEW_CLIENTS
                        ? Thread.ofPlatform().daemon()
                        : Thread.ofVirtual();
        thread.name(name).start(work);
    }

    /// One line per cause, and a reminder once in a while, whatever strangers do.
    void trouble(String cause, String message) {
        LOG.warnRarely(troubles, cause, "gateway: " + message);
    }

    /// A defect that one client met costs that client its connection, and nobody else anything.
    void defect(Session session, RuntimeException defect) {
        if (troubles.admit("defect").isPresent()) {
            LOG.error("gateway: a client was cut off by a defect of the gateway's", defect);
        }
        session.close();
    }

    /// A request that nobody has seen yet goes to its sender's next connection, which may be there
    /// already. Not to be called with a session's lock held.
    void leave(Frame.Publish publish) {
        String reply = publish.reply();
        if (reply == null) {
            return;
        }
        strays.leave(publish, reply, now());
        for (Session session : sessions) {
            if (session.hears(reply)) {
                session.adopt(reply);
                return;
            }
        }
    }

    /// What the last server said that was reached, null when none can be. It lets a client that
    /// comes while there is no leader wait instead of giving up.
    @Nullable Greeting lastGreeting() {
        for (Showing.Place place : Showing.Place.values()) {
            Greeting known = greeting.get();
            if (known != null) {
                return known;
            }
            try {
                ServerDial.Greeted greeted = dial.dial(place, settings.dialTimeout());
                greeted.socket().close();
                greeting.compareAndSet(null, Greeting.of(greeted.info()));
            } catch (IOException e) {
                trouble(GREETING, "a server is not reached: " + e.getMessage());
            }
        }
        return greeting.get();
    }

    /// A new connection to the server that leads next if a present handover succeeds, null when
    /// there is no handover, or no such server.
    @Nullable Upstream connectAhead() {
        if (!(board.now() instanceof Showing.Leader leader) || leader.takesRequests()) {
            return null;
        }
        try {
            return new Upstream(dial.dial(leader.place().other(), settings.dialTimeout()));
        } catch (IOException e) {
            trouble(DIAL, "the next leader's server is not reached: " + e.getMessage());
            return null;
        }
    }

    /// A new connection to the server of a leader.
    ///
    /// @throws IOException if it cannot be reached, or is another process than was announced
    Upstream connect(Showing.Leader leader) throws IOException {
        Upstream upstream = new Upstream(dial.dial(leader.place(), settings.dialTimeout()));
        greeting.set(upstream.greeting());
        if (!upstream.isOf(leader)) {
            upstream.close();
            throw new IOException("the leader's server was restarted since it was announced");
        }
        AWAY.forEach(troubles::forget);
        return upstream;
    }
}
