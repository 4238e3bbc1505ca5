package dev.twonode.gateway;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A connection's requests without an answer yet, in the order in which they were sent. Bounded:
/// the oldest ones are forgotten first, which then fare as they would without a gateway.
final class Requests {

    private static final int MOST = 16_384;
    private static final long MOST_BYTES = 8L << 20;

    private final Map<String, Request> byReply = new LinkedHashMap<>();
    private long bytes;

    void add(Request request) {
        remove(request.reply);
        byReply.put(request.reply, request);
        bytes += request.publish.bytes().length;
        Iterator<Request> oldest = byReply.values().iterator();
        while (byReply.size() > MOST || bytes > MOST_BYTES) {
            bytes -= oldest.next().publish.bytes().length;
            oldest.remove();
        }
    }

    @Nullable Request get(String reply) {
        return byReply.get(reply);
    }

    void remove(String reply) {
        Request before = byReply.remove(reply);
        if (before != null) {
            bytes -= before.publish.bytes().length;
        }
    }

    boolean isEmpty() {
        return byReply.isEmpty();
    }

    int size() {
        return byReply.size();
    }

    /// Those that are as far as this.
    List<Request> that(Request.Progress progress) {
        return byReply.values().stream().filter(r -> r.progress == progress).toList();
    }

    List<Request> all() {
        return new ArrayList<>(byReply.values());
    }
}
