package dev.twonode.replication;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A snapshot read back from the state folder, as an operator would with `nats stream restore`.
final class SnapshotFile implements Store.Snapshot {

    private static final int CHUNK_BYTES = 128 * 1024;

    private final StreamFacts facts;
    private final String manifest;
    private final InputStream data;

    SnapshotFile(StreamFacts facts, String manifest, Path file) throws IOException {
        this.facts = facts;
        this.manifest = manifest;
        this.data = Files.newInputStream(file);
    }

    @Override
    public StreamFacts facts() {
        return facts;
    }

    @Override
    public String manifest() {
        return manifest;
    }

    @Override
    public Optional<byte[]> next() throws StoreException {
        try {
            byte[] chunk = new byte[CHUNK_BYTES];
            int length = data.readNBytes(chunk, 0, chunk.length);
            return length == 0 ? Optional.empty() : Optional.of(Arrays.copyOf(chunk, length));
        } catch (IOException failure) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE, "local snapshot: " + failure, failure);
        }
    }

    @Override
    public void close() {
        try {
            data.close();
        } catch (IOException readToItsEndAnyway) {
            return;
        }
    }
}
