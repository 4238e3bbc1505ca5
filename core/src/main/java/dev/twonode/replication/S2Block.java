package dev.twonode.replication;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Unpacks one block of the S2 format, of which Snappy's is the older part: the length of the
/// content, then literals and copies of what has been unpacked before.
public final class S2Block {

    /// More than any block that the format allows.
    private static final int MOST_BYTES = 8 << 20;

    private static final int KIND_BITS = 2;
    private static final int LITERAL = 0;
    private static final int NEAR_COPY = 1;
    private static final int COPY = 2;
    private static final int LONGEST_SHORT_LITERAL = 59;
    private static final int LEAST_NEAR_COPY = 4;

    private final ByteBuffer packed;
    private final byte[] content;
    private int done;

    /// How far back the newest copy began; a copy may repeat it.
    private int distance;

    private S2Block(ByteBuffer packed, byte[] content) {
        this.packed = packed;
        this.content = content;
    }

    /// The content of a block.
    ///
    /// @param packed what is left of it is the block; it is read to its end
    public static byte[] unpack(ByteBuffer packed) throws IOException {
        packed.order(ByteOrder.LITTLE_ENDIAN);
        try {
            long length = length(packed);
            if (length > MOST_BYTES) {
                throw new IOException("a block of " + length + " bytes");
            }
            S2Block block = new S2Block(packed, new byte[(int) length]);
            while (packed.hasRemaining()) {
                block.element();
            }
            if (block.done != length) {
                throw new IOException(
                        "a block of %d bytes ends at %d".formatted(length, block.done));
            }
            return block.content;
        } catch (BufferUnderflowException e) {
            throw new IOException("a block ends within an element", e);
        }
    }

    private static long length(ByteBuffer packed) throws IOException {
        long length = 0;
        for (int shift = 0; shift <= 28; shift += 7) {
            byte next = packed.get();
            length |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return length;
            }
        }
        throw new IOException("the length of a block does not end");
    }

    private void element() throws IOException {
        int tag = packed.get() & 0xff;
        int rest = tag >>> KIND_BITS;
        switch (tag & 0b11) {
            case LITERAL -> literal(rest);
            case NEAR_COPY -> nearCopy(rest);
            case COPY -> {
                distance = packed.getShort() & 0xffff;
                copy(rest + 1L);
            }
            default -> {
                distance = packed.getInt();
                copy(rest + 1L);
            }
        }
    }

    private void literal(int rest) throws IOException {
        long length =
                1 + (rest <= LONGEST_SHORT_LITERAL ? rest : number(rest - LONGEST_SHORT_LITERAL));
        if (length > content.length - done || length > packed.remaining()) {
            throw new IOException("a literal of " + length + " bytes");
        }
        packed.get(content, done, (int) length);
        done += (int) length;
    }

    /// Three bits of length, and a distance of eleven bits; none means the distance before, and
    /// that the three bits may be the number of bytes in which a greater length follows.
    private void nearCopy(int rest) throws IOException {
        int length = rest & 0b111;
        int far = ((rest >>> 3) << 8) | (packed.get() & 0xff);
        if (far != 0) {
            distance = far;
            copy(LEAST_NEAR_COPY + length);
            return;
        }
        long repeated =
                switch (length) {
                    case 5 -> number(1) + LEAST_NEAR_COPY;
                    case 6 -> number(2) + (1 << 8);
                    case 7 -> number(3) + (1 << 16);
                    default -> length;
                };
        copy(LEAST_NEAR_COPY + repeated);
    }

    private long number(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (packed.get() & 0xffL) << (8 * i);
        }
        return value;
    }

    /// A copy may reach into what it has itself produced: it repeats it then.
    private void copy(long length) throws IOException {
        if (distance <= 0 || distance > done || length > content.length - done) {
            throw new IOException("a copy of %d bytes from %d before".formatted(length, distance));
        }
        int from = done - distance;
        int left = (int) length;
        while (left > 0) {
            int piece = Math.min(left, done - from);
            System.arraycopy(content, from, content, done, piece);
            done += piece;
            left -= piece;
        }
    }
}
