package dev.twonode.gateway;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a gateway is told.
///
/// @param addresses where it listens
/// @param bucket the bucket that is copied
/// @param holdTimeout how long a request waits for a leader before it is answered with an error
/// @param dialTimeout bound of one attempt to reach a server
/// @param leftovers the file in which requests wait while the agent is started again
/// @param encryption behind the greeting, null for none
public record GatewaySettings(
        List<InetSocketAddress> addresses,
        String bucket,
        Duration holdTimeout,
        Duration dialTimeout,
        Path leftovers,
        @Nullable Encryption encryption) {

    /// How long the requests of an ended term may stay without an answer once their client reaches
    /// the new leader.
    static final Duration SETTLE = Duration.ofMillis(250);

    /// How long a client that waits for an answer is silent when nobody else on its side is about
    /// to say something.
    static final Duration PAUSE = Duration.ofMillis(1);

    /// How long a client that does not wait may take to say the next, and how long one that goes on
    /// talking may take to pause.
    static final Duration TALK = Duration.ofMillis(25);

    /// How long a client may take to notice that its connection ends.
    static final Duration LINGER = Duration.ofSeconds(2);

    /// How long a gateway that ends waits for the answers of what is under way, and then for each
    /// client to notice.
    static final Duration FAREWELL = Duration.ofMillis(200);

    /// How long what a client has said may take to be read before its connection is closed.
    static final Duration DRAIN = Duration.ofMillis(100);

    /// How long the other end may keep a write waiting.
    static final Duration STUCK = Duration.ofSeconds(10);

    /// How long a client may take to introduce itself.
    static final Duration INTRODUCTION = Duration.ofSeconds(10);

    /// Clients that get threads of the system's.
    static final int FEW_CLIENTS = 256;

    /// Clients at a time.
    static final int MOST_CLIENTS = 2_000;

    public GatewaySettings {
        addresses = List.copyOf(addresses);
    }
}
