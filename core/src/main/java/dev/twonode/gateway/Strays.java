package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Patterns;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Requests that clients sent on connections which the gateway was about to close, and that no
/// server has seen. A client's next connection is known by its subscription to the subject on which
/// the answer is wanted: that one sends them.
final class Strays {

    private static final int MOST = 16_384;
    private static final long MOST_BYTES = 32L << 20;

    private final List<Stray> strays = new ArrayList<>();
    private final long patience;

    private record Stray(Frame.Publish publish, String reply, long since) {}

    /// @param patience how long a request may wait for its sender, in milliseconds
    Strays(long patience) {
        this.patience = patience;
    }

    synchronized void leave(Frame.Publish publish, String reply, long now) {
        strays.removeIf(stray -> now - stray.since() > patience);
        long bytes = strays.stream().mapToLong(stray -> stray.publish().bytes().length).sum();
        if (strays.size() < MOST && bytes < MOST_BYTES) {
            strays.add(new Stray(publish, reply, now));
        }
    }

    synchronized List<Frame.Publish> all() {
        return strays.stream().map(Stray::publish).toList();
    }

    /// Takes those whose answers a subscription receives.
    synchronized List<Frame.Publish> take(String pattern, long now) {
        if (strays.isEmpty()) {
            return List.of();
        }
        List<Frame.Publish> taken = new ArrayList<>();
        Iterator<Stray> all = strays.iterator();
        while (all.hasNext()) {
            Stray stray = all.next();
            if (now - stray.since() <= patience && Patterns.matches(pattern, stray.reply())) {
                taken.add(stray.publish());
                all.remove();
            }
        }
        return taken;
    }
}
