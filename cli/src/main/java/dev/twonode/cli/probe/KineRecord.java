package dev.twonode.cli.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// How kine stores a key and its value in a JetStream bucket, so that the bucket of a demo is one
/// that kine can be started on.
public final class KineRecord {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALPHABET =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// Opens every stream of Snappy frames.
    private static final byte[] STREAM_HEAD = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};

    private static final byte UNCOMPRESSED_CHUNK = 1;
    private static final int CHUNK_HEAD = 4;
    private static final int CHECKSUM_BYTES = 4;
    private static final int LARGEST_CHUNK = 65_536;

    private KineRecord() {}

    /// The subject under which a bucket keeps a key: its parts in base 58, joined by dots.
    ///
    /// @param key a key such as `/registry/pods/default/web`
    public static String subject(String bucket, String key) {
        StringBuilder subject = new StringBuilder("$KV.").append(bucket);
        for (String part : key.split("/", -1)) {
            byte[] bytes = (part.isEmpty() ? "/" : part).getBytes(StandardCharsets.UTF_8);
            subject.append('.').append(base58(bytes));
        }
        return subject.toString();
    }

    /// The stored form of a value.
    ///
    /// @param version how many times the key was written, this time included
    /// @param createRevision revision of the first write, 0 when this is it
    /// @param previous revision of the write before, 0 when this is the first
    public static byte[] value(
            String key, byte[] data, long version, long createRevision, long previous) {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("Key", key);
        inner.put("Value", data);
        inner.put("Version", version);
        inner.put("CreateRevision", createRevision);
        inner.put("ModRevision", 0);
        inner.put("Lease", 0);
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("KV", inner);
        outer.put("PrevRevision", previous);
        outer.put("Create", previous == 0);
        outer.put("Delete", false);
        try {
            return framed(JSON.writeValueAsBytes(outer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Reads back a stored value that [#value] made.
    static JsonNode parse(byte[] stored) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream(stored.length);
        ByteBuffer rest = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        if (stored.length < STREAM_HEAD.length) {
            throw new IOException("not a stream of Snappy frames");
        }
        rest.position(STREAM_HEAD.length);
        while (rest.remaining() > CHUNK_HEAD + CHECKSUM_BYTES) {
            int head = rest.getInt();
            int length = (head >>> 8) - CHECKSUM_BYTES;
            if ((head & 0xff) != UNCOMPRESSED_CHUNK || length > rest.remaining() - CHECKSUM_BYTES) {
                throw new IOException("a compressed or broken chunk");
            }
            rest.position(rest.position() + CHECKSUM_BYTES);
            content.write(stored, rest.position(), length);
            rest.position(rest.position() + length);
        }
        return JSON.readTree(content.toByteArray());
    }

    /// Snappy's framing format with uncompressed chunks: kine reads it, and nothing here has to
    /// compress.
    static byte[] framed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 32);
        out.writeBytes(STREAM_HEAD);
        for (int from = 0; from < content.length; from += LARGEST_CHUNK) {
            int length = Math.min(LARGEST_CHUNK, content.length - from);
            CRC32C checksum = new CRC32C();
            checksum.update(content, from, length);
            ByteBuffer chunk =
                    ByteBuffer.allocate(CHUNK_HEAD + CHECKSUM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            chunk.putInt(((length + CHECKSUM_BYTES) << 8) | UNCOMPRESSED_CHUNK);
            chunk.putInt(masked((int) checksum.getValue()));
            out.writeBytes(chunk.array());
            out.write(content, from, length);
        }
        return out.toByteArray();
    }

    /// Bitcoin's base 58, as kine's keys have it.
    static String base58(byte[] bytes) {
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        StringBuilder digits = new StringBuilder();
        BigInteger rest = new BigInteger(1, bytes);
        BigInteger base = BigInteger.valueOf(ALPHABET.length());
        while (rest.signum() > 0) {
            BigInteger[] parts = rest.divideAndRemainder(base);
            digits.append(ALPHABET.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return ALPHABET.substring(0, 1).repeat(zeros) + digits.reverse();
    }

    /// Snappy stores checksums rotated and offset, so that a checksum of checksums stays useful.
    private static int masked(int checksum) {
        return Integer.rotateRight(checksum, 15) + 0xa282ead8;
    }
}
