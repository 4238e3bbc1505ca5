package dev.twonode.gateway;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// The pulls of one client that were promised signs of life. While no server gives them the gateway
/// does: a client that hears nothing takes its consumer for lost, and kine may end then.
final class Pulls {

    private static final int MOST = 1_024;

    private final Map<String, Waiting> byReply = new LinkedHashMap<>();

    private static final class Waiting {

        private final Pull pull;
        private final long ends;
        private long toldAt;

        Waiting(Pull pull, long now) {
            this.pull = pull;
            this.ends = now + pull.expires();
            this.toldAt = now - pull.heartbeat();
        }
    }

    /// Remembers a pull. The next one with the same reply takes its place.
    void add(String reply, Pull pull, long now) {
        if (pull.heartbeat() <= 0) {
            return;
        }
        byReply.remove(reply);
        byReply.put(reply, new Waiting(pull, now));
        if (byReply.size() > MOST) {
            byReply.remove(byReply.keySet().iterator().next());
        }
    }

    /// What to say now, by reply.
    ///
    /// @param hears whether anybody listens there
    Map<String, String> due(long now, Predicate<String> hears) {
        Map<String, String> due = new LinkedHashMap<>();
        Iterator<Map.Entry<String, Waiting>> all = byReply.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Waiting> each = all.next();
            Waiting waiting = each.getValue();
            if (!hears.test(each.getKey())) {
                all.remove();
            } else if (now >= waiting.ends) {
                all.remove();
                due.put(each.getKey(), waiting.pull.timeout());
            } else if (now - waiting.toldAt >= waiting.pull.heartbeat()) {
                waiting.toldAt = now;
                due.put(each.getKey(), Pull.HEARTBEAT);
            }
        }
        return due;
    }
}
