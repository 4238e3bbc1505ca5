package dev.twonode.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Finds out whether two connections end at servers that pass messages to each other, or at one and
/// the same. Such a pair is refused: one node's requests would be heard by the other, and two
/// streams of one name cannot exist side by side.
public final class JoinedServers {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private JoinedServers() {}

    /// Looks at both servers, and sends messages to one that only a joined server passes to the
    /// other.
    ///
    /// @param patience how long messages are tried; interest needs a moment to spread
    /// @return in words why the two must not be a pair; empty when nothing speaks against it, or
    ///   when one of them is not connected
    public static Optional<String> find(Messaging own, Messaging peer, Duration patience)
            throws InterruptedException {
        Optional<ServerIdentity> here = own.server();
        Optional<ServerIdentity> there = peer.server();
        if (here.isEmpty() || there.isEmpty()) {
            return Optional.empty();
        }
        if (here.get().id().equals(there.get().id())) {
            return Optional.of(
                    here.get().url()
                            + " and "
                            + there.get().url()
                            + " are one and the same server, this node's own; let --peer-url name"
                            + " the other machine's");
        }
        if (passes(own, peer, patience)) {
            return Optional.of(
                    here.get().url()
                            + " and "
                            + there.get().url()
                            + " pass messages to each other"
                            + " (cluster, gateway or leafnode), so neither agent could tell its own"
                            + " words from the other's; remove what joins the two servers from"
                            + " their configurations");
        }
        return Optional.empty();
    }

    private static boolean passes(Messaging from, Messaging to, Duration patience)
            throws InterruptedException {
        String subject = "_TWONODE.joined." + UUID.randomUUID();
        byte[] body = "?".getBytes(StandardCharsets.US_ASCII);
        CountDownLatch heard = new CountDownLatch(1);
        long deadline = System.nanoTime() + patience.toNanos();
        try (Messaging.Subscription _ = to.subscribe(subject, _ -> heard.countDown())) {
            do {
                if (!from.publish(subject, body)) {
                    return false;
                }
                if (heard.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            } while (System.nanoTime() < deadline);
            return false;
        }
    }
}
