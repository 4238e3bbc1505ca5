package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Rewriting a snapshot into small frames.
class SmallFramesTest {

    private static final byte[] IDENTIFIER = frame(0xff, "S2sTwO".getBytes(StandardCharsets.UTF_8));
    private static final byte[] CONTENT = new byte[100_000];

    static {
        new SplittableRandom(7).nextBytes(CONTENT);
    }

    @Test
    void aLargeBlockComesOutInSmallOnes() throws IOException {
        byte[] out = take(join(IDENTIFIER, uncompressed(CONTENT)), 1 << 20);

        List<byte[]> blocks = blocks(out);
        assertThat(blocks).hasSize(1 + CONTENT.length / SmallFrames.MOST_BYTES);
        assertThat(blocks).allMatch(block -> block.length <= SmallFrames.MOST_BYTES);
        assertThat(join(blocks.toArray(new byte[0][]))).isEqualTo(CONTENT);
        assertThat(Arrays.copyOf(out, IDENTIFIER.length)).isEqualTo(IDENTIFIER);
    }

    @Test
    void aCompressedBlockComesOutUncompressed() throws IOException {
        byte[] content = "ab".repeat(50).getBytes(StandardCharsets.UTF_8);
        // A hundred bytes: the literal "ab", and copies of 60 and 38 bytes from two before.
        byte[] packed = {
            100, 4, 'a', 'b', (byte) ((59 << 2) | 2), 2, 0, (byte) ((37 << 2) | 2), 2, 0
        };

        byte[] out = take(join(IDENTIFIER, block(0, content, packed)), 1 << 20);

        assertThat(blocks(out)).containsExactly(content);
    }

    @Test
    void whereTheStreamIsCutDoesNotMatter() throws IOException {
        byte[] stream = join(IDENTIFIER, uncompressed(CONTENT), frame(0xfe, new byte[5]));

        assertThat(take(stream, 1)).isEqualTo(take(stream, 1 << 20));
        assertThat(take(stream, 777)).isEqualTo(take(stream, 1 << 20));
    }

    @Test
    void whatMayBeSkippedIsLeftOut() throws IOException {
        byte[] with = join(IDENTIFIER, frame(0x99, new byte[300]), uncompressed(CONTENT));

        assertThat(take(with, 4096)).isEqualTo(take(join(IDENTIFIER, uncompressed(CONTENT)), 4096));
    }

    @Test
    void aStreamOfAnotherFormatPassesAsItIs() throws IOException {
        assertThat(take(CONTENT, 1000)).isEqualTo(CONTENT);
    }

    @Test
    void blocksOfAQuickServerPassAsTheyAreWhereverTheyAreCut() throws IOException {
        byte[] stream = join(IDENTIFIER, uncompressed(CONTENT), uncompressed(CONTENT));

        for (int pieces : new int[] {1, 3, 777, 100_020, 1 << 20}) {
            assertThat(take(stream, pieces, _ -> false)).isEqualTo(stream);
        }
    }

    @Test
    void blocksBecomeSmallFromTheNextOneOn() throws IOException {
        byte[] first = join(IDENTIFIER, uncompressed(CONTENT));
        byte[] stream = join(first, uncompressed(CONTENT));

        for (int pieces : new int[] {1, 777, 4096}) {
            byte[] out = take(stream, pieces, from -> from > 50_000);
            assertThat(Arrays.copyOf(out, first.length)).isEqualTo(first);
            assertThat(blocks(out)).hasSize(2 + CONTENT.length / SmallFrames.MOST_BYTES);
            assertThat(join(blocks(out).toArray(new byte[0][]))).isEqualTo(join(CONTENT, CONTENT));
        }
    }

    @Test
    void blocksPassAgainFromTheNextOneOn() throws IOException {
        byte[] stream = join(IDENTIFIER, uncompressed(CONTENT), uncompressed(CONTENT));

        byte[] out = take(stream, 777, from -> from < 50_000);

        assertThat(blocks(out).getLast()).isEqualTo(CONTENT);
        assertThat(join(blocks(out).toArray(new byte[0][]))).isEqualTo(join(CONTENT, CONTENT));
    }

    @Test
    void damageIsNotPassedOn() {
        byte[] damaged = join(IDENTIFIER, uncompressed(CONTENT));
        damaged[5_000]++;

        assertRefused(damaged, "does not match its checksum");
        assertRefused(join(IDENTIFIER, frame(0x02, new byte[9])), "of the unknown kind 2");
        assertRefused(join(IDENTIFIER, frame(0x00, new byte[3])), "without a checksum");
    }

    @Test
    void aStreamThatEndsWithinAFrameIsIncomplete() {
        byte[] whole = join(IDENTIFIER, uncompressed(CONTENT));

        assertRefused(Arrays.copyOf(whole, whole.length - 1), "ends within a frame");
        assertThatThrownBy(() -> take(Arrays.copyOf(whole, 50_000), 4096, _ -> false))
                .hasMessageContaining("ends within a frame");
    }

    private static void assertRefused(byte[] stream, String why) {
        assertThatThrownBy(() -> take(stream, 4096))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static byte[] take(byte[] stream, int pieces) throws IOException {
        return take(stream, pieces, _ -> true);
    }

    private static byte[] take(byte[] stream, int pieces, IntPredicate small) throws IOException {
        SmallFrames frames = new SmallFrames();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < stream.length; from += pieces) {
            int to = Math.min(stream.length, from + pieces);
            out.writeBytes(frames.take(Arrays.copyOfRange(stream, from, to), small.test(from)));
        }
        frames.end();
        return out.toByteArray();
    }

    /// The contents of the uncompressed blocks behind the identifier, their checksums proven.
    private static List<byte[]> blocks(byte[] stream) {
        List<byte[]> blocks = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        in.position(IDENTIFIER.length);
        while (in.hasRemaining()) {
            int head = in.getInt();
            int checksum = in.getInt();
            byte[] content = new byte[(head >>> 8) - 4];
            in.get(content);
            assertThat(head & 0xff).isEqualTo(1);
            assertThat(checksum).isEqualTo(masked(content));
            blocks.add(content);
        }
        return blocks;
    }

    private static byte[] uncompressed(byte[] content) {
        return block(1, content, content);
    }

    private static byte[] block(int kind, byte[] content, byte[] body) {
        byte[] checksum =
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(masked(content))
                        .array();
        return frame(kind, join(checksum, body));
    }

    private static byte[] frame(int kind, byte[] body) {
        byte[] head =
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((body.length << 8) | kind)
                        .array();
        return join(head, body);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static int masked(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }
}
