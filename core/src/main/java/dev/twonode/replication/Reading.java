package dev.twonode.replication;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a range of one stream from its feed, message by message, to a proven end. Used by one
/// thread.
final class Reading implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int SILENT_POLLS = 3;

    private final Store store;
    private final long to;
    private final ArrayDeque<StoredMessage> arrived = new ArrayDeque<>();
    private long next;
    private Store.@Nullable Feed feed;

    /// @param from first sequence of the range
    /// @param to last sequence of the range, inclusive
    Reading(Store store, long from, long to) {
        this.store = store;
        this.next = Math.max(1, from);
        this.to = to;
    }

    /// The next message, which stays the next one. Empty when the range has no more.
    Optional<StoredMessage> peek() throws StoreException {
        int silent = 0;
        while (arrived.isEmpty()) {
            if (next > to || (feed == null && nothingLeft())) {
                return Optional.empty();
            }
            if (feed == null) {
                feed = store.feed(next);
            }
            arrived.addAll(feed.poll(PATIENCE));
            if (arrived.isEmpty()) {
                if (nothingLeft()) {
                    return Optional.empty();
                }
                if (++silent >= SILENT_POLLS) {
                    throw new StoreException(
                            StoreException.Kind.UNKNOWN,
                            "reading stands still at sequence " + next);
                }
            }
        }
        StoredMessage message = arrived.getFirst();
        return message.sequence() > to ? Optional.empty() : Optional.of(message);
    }

    /// The next message, and moves on.
    Optional<StoredMessage> take() throws StoreException {
        Optional<StoredMessage> message = peek();
        if (message.isPresent()) {
            arrived.removeFirst();
            next = message.get().sequence() + 1;
        }
        return message;
    }

    private boolean nothingLeft() throws StoreException {
        Optional<StoredMessage> following = store.next(next);
        return following.isEmpty() || following.get().sequence() > to;
    }

    @Override
    public void close() {
        if (feed != null) {
            feed.close();
        }
    }
}
