package dev.twonode.simulation;

import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A snapshot in the simulation's own format: a byte for the version of the format, then the
/// messages one after the other. As on servers, what it shall hold is said when it is opened, and
/// the messages are read once it is taken: those that newer ones pushed out meanwhile are missing.
final class SimulatedSnapshot implements Store.Snapshot {

    static final int ARCHIVE = 2;
    static final int LEGACY = 1;
    private static final int FIRST_ARCHIVE_MINOR = 15;
    private static final int CHUNK_BYTES = 1000;

    private final SimulatedStore store;
    private final StreamFacts facts;
    private byte @Nullable [] content;
    private final String serverId;
    private int position;
    private boolean closed;

    private SimulatedSnapshot(SimulatedStore store, StreamFacts facts) {
        this.store = store;
        this.facts = facts;
        this.serverId = store.server().serverId();
    }

    static SimulatedSnapshot of(SimulatedStore store) throws StoreException {
        return new SimulatedSnapshot(store, store.server().factsOf(store.server().stream()));
    }

    private byte[] content() throws StoreException {
        byte[] known = content;
        if (known != null) {
            return known;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(isArchive(store.server().version()) ? ARCHIVE : LEGACY);
            for (StoredMessage message : store.server().stream().messages().values()) {
                if (message.sequence() <= facts.lastSeq()) {
                    write(out, message);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] read = bytes.toByteArray();
        content = read;
        return read;
    }

    static boolean isArchive(String version) {
        return Integer.parseInt(version.split("\\.", -1)[1]) >= FIRST_ARCHIVE_MINOR;
    }

    private static void write(DataOutputStream out, StoredMessage message) throws IOException {
        out.writeLong(message.sequence());
        out.writeUTF(message.subject());
        out.writeInt(message.headers().size());
        for (Map.Entry<String, List<String>> header : message.headers().entrySet()) {
            out.writeUTF(header.getKey());
            out.writeInt(header.getValue().size());
            for (String value : header.getValue()) {
                out.writeUTF(value);
            }
        }
        out.writeInt(message.data().length);
        out.write(message.data());
        out.writeUTF(message.time().toString());
    }

    @Override
    public StreamFacts facts() {
        return facts;
    }

    @Override
    public String manifest() {
        return "{\"config\":{\"name\":\"KV_kine\",\"max_msgs_per_subject\":%d},\"state\":{}}"
                .formatted(facts.perSubject());
    }

    @Override
    public Optional<byte[]> next() throws StoreException {
        return store.call(
                "chunk",
                () -> {
                    if (!serverId.equals(store.server().serverId())) {
                        throw new StoreException(Kind.UNREACHABLE, "the snapshot broke off");
                    }
                    byte[] all = content();
                    if (closed || position == all.length) {
                        return Optional.empty();
                    }
                    int from = position;
                    position = Math.min(all.length, from + CHUNK_BYTES);
                    return Optional.of(Arrays.copyOfRange(all, from, position));
                });
    }

    @Override
    public void close() {
        closed = true;
    }
}
