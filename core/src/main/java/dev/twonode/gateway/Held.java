package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What a client published while nothing could be sent on. Once it is full, nothing more is read
/// from the client.
final class Held {

    private static final int MOST = 4_096;
    private static final long MOST_BYTES = 1L << 20;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    private record Entry(Frame.Publish publish, long since) {}

    boolean isFull() {
        return entries.size() >= MOST || bytes >= MOST_BYTES;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void add(Frame.Publish publish, long now) {
        entries.add(new Entry(publish, now));
        bytes += publish.bytes().length;
    }

    /// Adds what was published before all that is here.
    void putFirst(List<Frame.Publish> earlier, long now) {
        for (Frame.Publish publish : earlier.reversed()) {
            entries.addFirst(new Entry(publish, now));
            bytes += publish.bytes().length;
        }
    }

    /// Takes everything out.
    List<Frame.Publish> takeAll() {
        return takeOlderThan(Long.MAX_VALUE);
    }

    /// Takes out what came before that time.
    List<Frame.Publish> takeOlderThan(long time) {
        List<Frame.Publish> taken = new ArrayList<>();
        while (!entries.isEmpty() && entries.element().since() < time) {
            Frame.Publish publish = entries.remove().publish();
            bytes -= publish.bytes().length;
            taken.add(publish);
        }
        return taken;
    }
}
