package dev.twonode.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The key in which kine keeps the revision below which it answers "compacted", as kine itself
/// writes it: the subject in base 58, the value as JSON in Snappy frames. Its content is a version,
/// on which API servers agree before they compact, and that revision.
final class CompactionKey {

    private static final String KEY = "compact_rev_key_apiserver";
    private static final String ALPHABET =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Opens every stream of frames, whether Snappy's or S2's: its kind, and the length of a name.
    private static final byte[] IDENTIFIER = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};

    private static final int FRAME_HEAD = 4;
    private static final int CHECKSUM = 4;
    private static final int COMPRESSED = 0;
    private static final int UNCOMPRESSED = 1;

    private CompactionKey() {}

    /// What is known of the key's last write.
    ///
    /// @param version its version, 0 when it was never written
    /// @param created the revision of its first write, 0 when it was never written
    /// @param revision the revision of that last write
    private record Written(long version, long created, long revision) {

        static final Written NEVER = new Written(0, 0, 0);
    }

    /// The subject under which a bucket keeps the key. Keys without a leading slash are kept apart.
    static String subject(String bucket) {
        return "$KV." + bucket + ".meta." + base58(KEY.getBytes(StandardCharsets.UTF_8));
    }

    /// The message that compacts everything below its own revision.
    ///
    /// @param previous the key's message before
    static StoredMessage at(
            long revision, String bucket, Optional<StoredMessage> previous, Instant now) {
        Written before = previous.map(CompactionKey::read).orElse(Written.NEVER);
        byte[] content = ((before.version() + 1) + "|" + revision).getBytes(StandardCharsets.UTF_8);
        ObjectNode record = JSON.createObjectNode();
        record.putObject("KV")
                .put("Key", KEY)
                .put("Value", content)
                .put("Version", 0)
                .put("CreateRevision", before.created())
                .put("ModRevision", 0)
                .put("Lease", 0);
        record.put("PrevRevision", before.revision())
                .put("Create", before.version() == 0)
                .put("Delete", false);
        try {
            byte[] data = framed(JSON.writeValueAsBytes(record));
            return new StoredMessage(revision, subject(bucket), Map.of(), data, now);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A key that cannot be read is as good as none: kine would not get a revision out of it.
    private static Written read(StoredMessage message) {
        try {
            JsonNode record = JSON.readTree(unframed(message.data()));
            JsonNode kv = record.path("KV");
            String content = new String(kv.path("Value").binaryValue(), StandardCharsets.UTF_8);
            long version = Long.parseLong(content.split("\\|", 2)[0]);
            long created = kv.path("CreateRevision").asLong();
            boolean deleted = record.path("Delete").asBoolean();
            return deleted
                    ? Written.NEVER
                    : new Written(
                            version,
                            created == 0 ? message.sequence() : created,
                            message.sequence());
        } catch (IOException | RuntimeException e) {
            return Written.NEVER;
        }
    }

    private static byte[] unframed(byte[] stored) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (in.remaining() >= FRAME_HEAD) {
            int head = in.getInt();
            int length = head >>> 8;
            if (length > in.remaining()) {
                throw new IOException("a frame of " + length + " bytes is cut off");
            }
            ByteBuffer body = in.slice(in.position(), length);
            in.position(in.position() + length);
            int kind = head & 0xff;
            if (kind == COMPRESSED || kind == UNCOMPRESSED) {
                body.position(CHECKSUM);
                out.writeBytes(kind == COMPRESSED ? S2Block.unpack(body) : rest(body));
            }
        }
        return out.toByteArray();
    }

    private static byte[] rest(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return bytes;
    }

    /// One frame, uncompressed: kine's reader takes it, and nothing here has to compress.
    private static byte[] framed(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return ByteBuffer.allocate(IDENTIFIER.length + FRAME_HEAD + CHECKSUM + content.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(IDENTIFIER)
                .putInt(((content.length + CHECKSUM) << 8) | UNCOMPRESSED)
                .putInt(Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8)
                .put(content)
                .array();
    }

    /// Bitcoin's base 58, as kine's subjects have it.
    private static String base58(byte[] bytes) {
        StringBuilder digits = new StringBuilder();
        BigInteger rest = new BigInteger(1, bytes);
        BigInteger base = BigInteger.valueOf(ALPHABET.length());
        while (rest.signum() > 0) {
            BigInteger[] parts = rest.divideAndRemainder(base);
            digits.append(ALPHABET.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return digits.reverse().toString();
    }
}
