package dev.twonode.nats;

import dev.twonode.replication.S2Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Rewrites a snapshot so that a server can take it in small steps.
///
/// Servers send snapshots as S2 streams, whose blocks hold up to a mebibyte of messages; a server
/// that restores one unpacks a block and then stores all messages in it before it reads on. When
/// each of them is forced to the disk that takes long, and a server that is busy with one piece of
/// a restore for five seconds gives up. So blocks are unpacked here and sent on as small ones,
/// uncompressed. For a server that stores a block in no time that is a waste: its blocks pass as
/// they are. So does a stream of another format.
///
/// Frames: a kind, the length in three bytes, the body. Bodies of blocks begin with a checksum.
final class SmallFrames {

    /// Holds a few messages.
    static final int MOST_BYTES = 8 * 1024;

    private static final int HEAD = 4;
    private static final int CHECKSUM = 4;
    private static final int COMPRESSED = 0x00;
    private static final int UNCOMPRESSED = 0x01;
    private static final int LAST_UNSKIPPABLE = 0x7f;
    private static final int IDENTIFIER = 0xff;

    private byte[] partial = {};
    private int passing;
    private boolean begun;
    private boolean foreign;

    /// Takes the next piece of a snapshot.
    ///
    /// @param small whether blocks are made small; one that has begun to pass passes to its end
    /// @return as much of it as can be passed on
    /// @throws IOException if it is not a valid stream
    byte[] take(byte[] piece, boolean small) throws IOException {
        if (!begun && piece.length > 0) {
            begun = true;
            foreign = (piece[0] & 0xff) != IDENTIFIER;
        }
        if (foreign) {
            return piece;
        }
        if (passing >= piece.length) {
            passing -= piece.length;
            return piece;
        }
        ByteBuffer in = joined(piece).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length + piece.length / 8);
        pass(in, out);
        while (in.remaining() >= HEAD) {
            int head = in.getInt(in.position());
            int length = head >>> 8;
            if (!small && isBlock(head & 0xff)) {
                passing = HEAD + length;
                pass(in, out);
            } else if (in.remaining() - HEAD < length) {
                break;
            } else {
                frame(head & 0xff, in.slice(in.position() + HEAD, length), out);
                in.position(in.position() + HEAD + length);
            }
        }
        partial = new byte[in.remaining()];
        in.get(partial);
        return out.toByteArray();
    }

    /// Checks that the stream did not end within a frame.
    void end() throws IOException {
        if (partial.length > 0 || passing > 0) {
            throw new IOException("the snapshot ends within a frame");
        }
    }

    private static boolean isBlock(int kind) {
        return kind == COMPRESSED || kind == UNCOMPRESSED;
    }

    private void pass(ByteBuffer in, ByteArrayOutputStream out) {
        byte[] part = new byte[Math.min(passing, in.remaining())];
        in.get(part);
        out.writeBytes(part);
        passing -= part.length;
    }

    private ByteBuffer joined(byte[] piece) {
        if (partial.length == 0) {
            return ByteBuffer.wrap(piece);
        }
        return ByteBuffer.allocate(partial.length + piece.length).put(partial).put(piece).flip();
    }

    private static void frame(int kind, ByteBuffer body, ByteArrayOutputStream out)
            throws IOException {
        switch (kind) {
            case IDENTIFIER -> {
                byte[] name = new byte[body.remaining()];
                body.get(name);
                out.writeBytes(head(IDENTIFIER, name.length).array());
                out.writeBytes(name);
            }
            case COMPRESSED -> {
                int checksum = checksum(body);
                cut(S2Block.unpack(body), checksum, out);
            }
            case UNCOMPRESSED -> {
                int checksum = checksum(body);
                byte[] content = new byte[body.remaining()];
                body.get(content);
                cut(content, checksum, out);
            }
            default -> {
                if (kind <= LAST_UNSKIPPABLE) {
                    throw new IOException("a frame of the unknown kind " + kind);
                }
            }
        }
    }

    private static int checksum(ByteBuffer body) throws IOException {
        if (body.remaining() < CHECKSUM) {
            throw new IOException("a block without a checksum");
        }
        return body.order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static void cut(byte[] content, int checksum, ByteArrayOutputStream out)
            throws IOException {
        if (masked(content, 0, content.length) != checksum) {
            throw new IOException("a block does not match its checksum");
        }
        for (int from = 0; from < content.length; from += MOST_BYTES) {
            int length = Math.min(MOST_BYTES, content.length - from);
            out.writeBytes(head(UNCOMPRESSED, length + CHECKSUM).array());
            out.writeBytes(
                    ByteBuffer.allocate(CHECKSUM)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(masked(content, from, length))
                            .array());
            out.write(content, from, length);
        }
    }

    private static ByteBuffer head(int kind, int length) {
        return ByteBuffer.allocate(HEAD)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((length << 8) | kind);
    }

    /// The format's checksum: rotated and offset, so that a checksum of checksums stays useful.
    private static int masked(byte[] content, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(content, from, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }
}
