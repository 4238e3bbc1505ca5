package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Patterns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// Requests that clients sent on connections which the gateway was about to close, and that no
/// server has seen. A client's next connection is known by its subscription to the subject on which
/// the answer is wanted: that one sends them.
final class Strays {

    private static final int MOST = 16_384;
    private static final long MOST_BYTES = 32L << 20;

    private final Deque<Stray> strays = new ArrayDeque<>();
    private final long patience;
    private long bytes;

    private record Stray(Frame.Publish publish, String reply, long since) {

        int size() {
            return publish.bytes().length;
        }
    }

    /// @param patience how long a request may wait for its sender, in milliseconds
    Strays(long patience) {
        this.patience = patience;
    }

    synchronized void leave(Frame.Publish publish, String reply, long now) {
        while (!strays.isEmpty() && now - strays.getFirst().since() > patience) {
            bytes -= strays.removeFirst().size();
        }
        if (strays.size() < MOST && bytes < MOST_BYTES) {
            Stray stray = new Stray(publish, reply, now);
            strays.add(stray);
            bytes += stray.size();
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
                bytes -= stray.size();
            }
        }
        return taken;
    }
}
