package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.gateway.wire.Patterns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client's subscriptions, to be made again at another server.
final class Subscriptions {

    /// A server's own default is no limit; nobody but an attacker needs more.
    static final int MOST = 100_000;

    private final Map<String, Subscription> bySid = new LinkedHashMap<>();

    private static final class Subscription {
        private final String subject;
        private final @Nullable String queue;
        private long delivered;
        private long max;

        Subscription(String subject, @Nullable String queue) {
            this.subject = subject;
            this.queue = queue;
        }
    }

    /// Remembers a subscription.
    ///
    /// @return whether there was room
    boolean add(Frame.Subscribe subscribe) {
        if (bySid.size() >= MOST) {
            return false;
        }
        bySid.put(subscribe.sid(), new Subscription(subscribe.subject(), subscribe.queue()));
        return true;
    }

    void end(Frame.Unsubscribe unsubscribe) {
        Subscription known = bySid.get(unsubscribe.sid());
        if (known == null) {
            return;
        }
        if (unsubscribe.max() <= known.delivered) {
            bySid.remove(unsubscribe.sid());
        } else {
            known.max = unsubscribe.max();
        }
    }

    void delivered(String sid) {
        Subscription known = bySid.get(sid);
        if (known != null && ++known.delivered == known.max) {
            bySid.remove(sid);
        }
    }

    /// The name of a subscription that a subject reaches, null for none.
    @Nullable String sidOf(String subject) {
        for (Map.Entry<String, Subscription> each : bySid.entrySet()) {
            if (Patterns.matches(each.getValue().subject, subject)) {
                return each.getKey();
            }
        }
        return null;
    }

    /// What makes them again, each with what is left of its maximum.
    List<Frame> replay() {
        List<Frame> frames = new ArrayList<>();
        bySid.forEach((sid, known) -> {
            frames.add(Frames.subscribe(known.subject, known.queue, sid));
            if (known.max > 0) {
                frames.add(Frames.unsubscribe(sid, known.max - known.delivered));
                known.max -= known.delivered;
                known.delivered = 0;
            }
        });
        return frames;
    }
}
