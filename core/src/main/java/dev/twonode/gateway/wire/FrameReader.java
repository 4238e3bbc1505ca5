package dev.twonode.gateway.wire;

import dev.twonode.gateway.wire.FrameException.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads frames from a stream of bytes that may be cut anywhere. A frame costs one array for its
/// bytes and what is needed to address it.
public final class FrameReader {

    /// What a client may put into one line; a server's own limit is 4 KiB unless it is raised.
    public static final int CLIENT_LINE = 64 * 1024;

    /// What a server may: its greeting names the servers of a whole cluster.
    public static final int SERVER_LINE = 256 * 1024;

    private static final int BUFFER = 16 * 1024;
    private static final int FIRST_PART = 64 * 1024;

    private final InputStream in;
    private final int maxLine;
    private volatile long maxPayload = Integer.MAX_VALUE;
    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;

    /// @param maxLine the longest control line that is read
    public FrameReader(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    /// Refuses payloads, with their headers, that are longer.
    public void limitPayload(long bytes) {
        maxPayload = bytes;
    }

    /// How long a payload with its headers may be.
    public long maxPayload() {
        return maxPayload;
    }

    /// Whether a part of what comes next is here already, so that writing may wait for it.
    public boolean hasBuffered() {
        return start < end;
    }

    /// Waits until a part of what comes next is here, or the stream has ended. Should the stream
    /// itself give up waiting, nothing is lost: the same can be asked again.
    ///
    /// @return whether anything is to be had from [#next], if only the end
    public boolean await() throws IOException {
        if (start < end) {
            return true;
        }
        start = 0;
        end = 0;
        try {
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /// The next frame, null at the orderly end of the stream.
    ///
    /// @throws FrameException if the bytes are none
    public @Nullable Frame next() throws IOException {
        int lineEnd = findLineEnd();
        if (lineEnd < 0) {
            return null;
        }
        int lineStart = start;
        ControlLine line = new ControlLine(buffer, lineStart, lineEnd);
        int behind = lineEnd + 1;
        if (line.words() == 0) {
            throw line.malformed("an empty line");
        }
        return parse(line, lineStart, behind);
    }

    private Frame parse(ControlLine line, int from, int behind) throws IOException {
        if (line.is("PUB") || line.is("HPUB")) {
            return publish(line, from, behind);
        }
        if (line.is("MSG") || line.is("HMSG")) {
            return message(line, from, behind);
        }
        byte[] bytes = Arrays.copyOfRange(buffer, from, behind);
        start = behind;
        if (line.is("PING")) {
            return Frame.Ping.PING;
        }
        if (line.is("PONG")) {
            return Frame.Pong.PONG;
        }
        if (line.is("SUB")) {
            return subscribe(line, bytes);
        }
        if (line.is("UNSUB")) {
            return unsubscribe(line, bytes);
        }
        if (line.is("CONNECT")) {
            return new Frame.Connect(bytes);
        }
        if (line.is("INFO")) {
            return new Frame.Info(bytes);
        }
        if (line.is("+OK")) {
            return Frame.Ok.OK;
        }
        if (line.is("-ERR")) {
            return new Frame.Failure(bytes);
        }
        throw new FrameException(Fault.UNKNOWN_OPERATION, "'" + line.shown() + "'");
    }

    private static Frame subscribe(ControlLine line, byte[] bytes) throws FrameException {
        return switch (line.words()) {
            case 3 -> new Frame.Subscribe(bytes, line.word(1), null, line.word(2));
            case 4 -> new Frame.Subscribe(bytes, line.word(1), line.word(2), line.word(3));
            default -> throw line.malformed("'" + line.shown() + "' is no subscription");
        };
    }

    private static Frame unsubscribe(ControlLine line, byte[] bytes) throws FrameException {
        return switch (line.words()) {
            case 2 -> new Frame.Unsubscribe(bytes, line.word(1), 0);
            case 3 -> new Frame.Unsubscribe(bytes, line.word(1), line.number(2));
            default -> throw line.malformed("'" + line.shown() + "' ends no subscription");
        };
    }

    /// `PUB subject [reply] size` and `HPUB subject [reply] headers total`.
    private Frame publish(ControlLine line, int from, int behind) throws IOException {
        int sizes = line.is("HPUB") ? 2 : 1;
        boolean replies = line.words() == sizes + 3;
        if (!replies && line.words() != sizes + 2) {
            throw line.malformed("'" + line.shown() + "' is no publish");
        }
        String subject = line.word(1);
        String reply = replies ? line.word(2) : null;
        Sizes announced = sizes(line, sizes);
        byte[] bytes = withPayload(from, behind, announced.total());
        int headersAt = behind - from;
        return new Frame.Publish(bytes, subject, reply, headersAt, headersAt + announced.headers());
    }

    /// `MSG subject sid [reply] size` and `HMSG subject sid [reply] headers total`.
    private Frame message(ControlLine line, int from, int behind) throws IOException {
        int sizes = line.is("HMSG") ? 2 : 1;
        boolean replies = line.words() == sizes + 4;
        if (!replies && line.words() != sizes + 3) {
            throw line.malformed("'" + line.shown() + "' is no message");
        }
        String subject = line.word(1);
        String sid = line.word(2);
        String reply = replies ? line.word(3) : null;
        Sizes announced = sizes(line, sizes);
        byte[] bytes = withPayload(from, behind, announced.total());
        int headersAt = behind - from;
        return new Frame.Message(
                bytes, subject, sid, reply, headersAt, headersAt + announced.headers());
    }

    private record Sizes(int headers, int total) {}

    private Sizes sizes(ControlLine line, int count) throws FrameException {
        int total = Math.toIntExact(line.number(line.words() - 1));
        int headers = count == 1 ? 0 : Math.toIntExact(line.number(line.words() - 2));
        if (headers > total) {
            throw line.malformed("'" + line.shown() + "' has more headers than bytes");
        }
        if (total > maxPayload) {
            throw new FrameException(
                    Fault.PAYLOAD_TOO_LONG,
                    "'" + line.shown() + "' is longer than " + maxPayload + " bytes");
        }
        return new Sizes(headers, total);
    }

    /// The line and its payload as one array, which grows with what really arrives.
    private byte[] withPayload(int from, int behind, int payload) throws IOException {
        long whole = (long) (behind - from) + payload + 2;
        if (whole > Integer.MAX_VALUE - 8) {
            throw new FrameException(Fault.PAYLOAD_TOO_LONG, payload + " bytes");
        }
        int length = (int) whole;
        int here = Math.min(length, end - from);
        byte[] bytes = Arrays.copyOfRange(buffer, from, from + Math.max(here, first(length)));
        start = from + here;
        int filled = here;
        while (filled < length) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            int read = in.read(bytes, filled, bytes.length - filled);
            if (read < 0) {
                throw new FrameException(Fault.CUT_OFF, "within a payload");
            }
            filled += read;
        }
        if (bytes[length - 2] != '\r' || bytes[length - 1] != '\n') {
            throw new FrameException(
                    Fault.MALFORMED, "a payload is not as long as its line announces");
        }
        return bytes;
    }

    private static int first(int length) {
        return Math.min(length, FIRST_PART);
    }

    /// Index of the end of the line that begins at `start`, or -1 at the end of the stream.
    private int findLineEnd() throws IOException {
        int scanned = start;
        while (true) {
            for (int at = scanned; at < end; at++) {
                if (buffer[at] == '\n') {
                    return at;
                }
            }
            if (end - start > maxLine) {
                throw new FrameException(Fault.LINE_TOO_LONG, "more than " + maxLine + " bytes");
            }
            int before = end - start;
            makeRoom();
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                if (before > 0) {
                    throw new FrameException(Fault.CUT_OFF, "within a line");
                }
                return -1;
            }
            scanned = start + before;
            end += read;
        }
    }

    private void makeRoom() {
        int held = end - start;
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, held);
            start = 0;
            end = held;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
    }
}
