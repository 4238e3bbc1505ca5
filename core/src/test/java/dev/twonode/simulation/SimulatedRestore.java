package dev.twonode.simulation;

import dev.twonode.protocol.Mark;
import dev.twonode.replication.Face;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Restores a snapshot as servers do: from 2.15 on a restore that breaks off leaves a part behind,
/// before that it leaves nothing.
final class SimulatedRestore {

    private SimulatedRestore() {}

    static StreamFacts run(SimulatedStore store, Store.Snapshot source, Mark mark, String session)
            throws StoreException {
        SimulatedServer server = store.server();
        if (server.hasStream()) {
            throw new StoreException(Kind.REFUSED, "the stream exists (10130)");
        }
        boolean archive = SimulatedSnapshot.isArchive(server.version());
        String process = server.serverId();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            Optional<byte[]> chunk = source.next();
            while (chunk.isPresent()) {
                received.writeBytes(chunk.get());
                chunk = source.next();
            }
        } catch (StoreException | AgentDeath broken) {
            leavePart(server, source, received.toByteArray(), new Face.Fenced(mark, session));
            throw broken;
        }
        byte[] content = received.toByteArray();
        if (content.length > 0 && content[0] == SimulatedSnapshot.ARCHIVE && !archive) {
            throw new StoreException(Kind.REFUSED, "invalid tar header (10062)");
        }
        if (!process.equals(server.serverId())) {
            throw new StoreException(Kind.UNKNOWN, "the restore's connection was lost");
        }
        SimulatedStream made =
                server.make(source.facts().perSubject(), new Face.Fenced(mark, session));
        made.fill(messages(content), source.facts().lastSeq());
        server.sync();
        return server.factsOf(made);
    }

    private static void leavePart(
            SimulatedServer server, Store.Snapshot source, byte[] content, Face face)
            throws StoreException {
        if (SimulatedSnapshot.isArchive(server.version()) && server.isRunning()) {
            SimulatedStream part = server.make(source.facts().perSubject(), face);
            List<StoredMessage> some = messages(content, 3);
            part.fill(some, some.isEmpty() ? 0 : some.getLast().sequence());
            server.sync();
        }
    }

    /// The messages of a snapshot.
    static List<StoredMessage> messages(byte[] content) {
        return messages(content, Integer.MAX_VALUE);
    }

    private static List<StoredMessage> messages(byte[] content, int limit) {
        List<StoredMessage> messages = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            in.skipNBytes(Math.min(1, in.available()));
            while (in.available() > 0 && messages.size() < limit) {
                messages.add(read(in));
            }
        } catch (IOException cutOff) {
            if (limit == Integer.MAX_VALUE) {
                throw new UncheckedIOException(cutOff);
            }
        }
        return messages;
    }

    private static StoredMessage read(DataInputStream in) throws IOException {
        long sequence = in.readLong();
        String subject = in.readUTF();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        int names = in.readInt();
        for (int i = 0; i < names; i++) {
            String name = in.readUTF();
            List<String> values = new ArrayList<>();
            int count = in.readInt();
            for (int j = 0; j < count; j++) {
                values.add(in.readUTF());
            }
            headers.put(name, List.copyOf(values));
        }
        byte[] data = in.readNBytes(in.readInt());
        Instant time = Instant.parse(in.readUTF());
        return new StoredMessage(sequence, subject, headers, data, time);
    }
}
