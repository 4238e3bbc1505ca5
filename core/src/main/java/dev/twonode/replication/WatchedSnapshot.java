package dev.twonode.replication;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Passes a snapshot on, counts its bytes, and remembers whether it was the source that failed.
final class WatchedSnapshot implements Store.Snapshot {

    private final Store.Snapshot source;
    private final Pace pace;
    private long bytes;
    private @Nullable StoreException failure;

    WatchedSnapshot(Store.Snapshot source, Pace pace) {
        this.source = source;
        this.pace = pace;
    }

    /// Whether this exception came from the source, not from whoever read it.
    boolean hasThrown(StoreException thrown) {
        return failure == thrown;
    }

    @Override
    public StreamFacts facts() {
        return source.facts();
    }

    @Override
    public String manifest() {
        return source.manifest();
    }

    @Override
    public Optional<byte[]> next() throws StoreException {
        try {
            Optional<byte[]> chunk = source.next();
            if (chunk.isPresent()) {
                bytes += chunk.get().length;
                pace.at(bytes);
            }
            return chunk;
        } catch (StoreException thrown) {
            failure = thrown;
            throw thrown;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
