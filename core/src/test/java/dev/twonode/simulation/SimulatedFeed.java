package dev.twonode.simulation;

import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import java.time.Duration;
import java.util.List;

/// Reads on in one stream of one server process.
final class SimulatedFeed implements Store.Feed {

    private static final int BATCH = 16;

    private final SimulatedStore store;
    private final SimulatedStream stream;
    private final String serverId;
    private long next;

    SimulatedFeed(SimulatedStore store, SimulatedStream stream, long next) {
        this.store = store;
        this.stream = stream;
        this.serverId = store.server().serverId();
        this.next = next;
    }

    @Override
    public List<StoredMessage> poll(Duration patience) throws StoreException {
        return store.call("poll", this::arrived);
    }

    private List<StoredMessage> arrived() throws StoreException {
        if (!serverId.equals(store.server().serverId())) {
            throw new StoreException(Kind.UNREACHABLE, "the feed's connection was lost");
        }
        if (store.server().stream() != stream) {
            throw new StoreException(Kind.NO_STREAM, "the feed's stream is gone");
        }
        List<StoredMessage> batch =
                stream.messages().tailMap(next).values().stream().limit(BATCH).toList();
        if (!batch.isEmpty()) {
            next = batch.getLast().sequence() + 1;
        }
        return batch;
    }

    @Override
    public void close() {
        next = Long.MAX_VALUE;
    }
}
