package dev.twonode.contract;

import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StreamFacts;
import java.util.Optional;

/// A snapshot that breaks when it is read.
record BreakingSnapshot(Store.Snapshot source, StoreException failure) implements Store.Snapshot {

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
        throw failure;
    }

    @Override
    public void close() {
        source.close();
    }
}
