package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.Frames;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A header that tells one guarded write from another of the same words. Two clients that want the
/// same lock with the same value send the same bytes under the same condition: without it, both
/// find that value behind the old leader's end, and each takes it for its own.
///
/// It is stored and copied with the message, and means nothing to whoever reads it.
final class Stamp {

    static final String HEADER = "Twonode-Write";

    /// What a stamp adds to a frame's headers at most.
    static final int LONGEST = HEADER.length() + ": ".length() + 13 + "\r\n".length();

    private static final int DIGITS = 36;
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private Stamp() {}

    /// The write with a stamp of its own; as it is where it has one already, where the server would
    /// find it too long, or where its headers do not end as they should.
    ///
    /// @param longest how many bytes of headers and payload the server takes
    static Frame.Publish on(Frame.Publish write, long longest) {
        int length = write.end() - write.headersAt();
        boolean fits = length <= longest - LONGEST && endsWell(write.headerBlock());
        if (!fits || of(write) != null) {
            return write;
        }
        long random = ThreadLocalRandom.current().nextLong() >>> 1;
        return Frames.withHeader(write, HEADER, Long.toString(random, DIGITS));
    }

    private static boolean endsWell(byte[] headers) {
        int from = headers.length - END.length;
        return from >= 0 && Arrays.equals(headers, from, headers.length, END, 0, END.length);
    }

    static @Nullable String of(Frame.Content message) {
        return message.header(HEADER);
    }
}
