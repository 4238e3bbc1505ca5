package dev.twonode.cli.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// The keys that a writer writes to, and the value of each of its writes.
public final class Keys {

    /// How many keys take turns. With ten values kept per key the last 5,000 writes can be read
    /// back.
    public static final int COUNT = 500;

    private final String[] names = new String[COUNT];
    private final String[] subjects = new String[COUNT];

    public Keys(String bucket) {
        for (int i = 0; i < COUNT; i++) {
            names[i] = "/registry/twonode/probe/key-%03d".formatted(i);
            subjects[i] = KineRecord.subject(bucket, names[i]);
        }
    }

    /// The subject of a key in the bucket.
    public String subject(int key) {
        return subjects[key];
    }

    /// The name of a key as kine's clients see it.
    public String name(int key) {
        return names[key];
    }

    /// The stored form of one write.
    byte[] value(int key, long number, Revisions revisions) {
        byte[] data =
                "write %d, version %d"
                        .formatted(number, revisions.version() + 1)
                        .getBytes(StandardCharsets.UTF_8);
        return KineRecord.value(
                names[key], data, revisions.version() + 1, revisions.created(), revisions.last());
    }

    /// Checksum of a payload.
    public static long digest(byte[] payload) {
        CRC32C checksum = new CRC32C();
        checksum.update(payload);
        return (checksum.getValue() << 16) | (payload.length & 0xffff);
    }

    /// What a writer knows of a key.
    ///
    /// @param version how many times it was written
    /// @param created sequence of the first write
    /// @param last sequence of the newest write, 0 when there is none
    record Revisions(long version, long created, long last) {

        static final Revisions NONE = new Revisions(0, 0, 0);

        /// What a stored value says of its key.
        static Revisions of(byte[] stored, long sequence) throws IOException {
            JsonNode kv = KineRecord.parse(stored).path("KV");
            long created = kv.path("CreateRevision").asLong();
            return new Revisions(
                    kv.path("Version").asLong(), created == 0 ? sequence : created, sequence);
        }

        /// After one more write.
        Revisions written(long sequence) {
            return new Revisions(version + 1, created == 0 ? sequence : created, sequence);
        }
    }
}
