package dev.twonode.nats;

import java.nio.charset.StandardCharsets;

/// Tells the usual acknowledgement of a publish from every other answer without parsing JSON, which
/// at full speed would cost a third of a core.
public final class Acknowledgement {

    private static final byte[] START = "{\"stream\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQUENCE = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DUPLICATE = "\"duplicate\"".getBytes(StandardCharsets.US_ASCII);

    private Acknowledgement() {}

    /// Whether this says that the message was stored anew with exactly this sequence.
    public static boolean isPlain(byte[] body, long sequence) {
        if (!matches(body, 0, START) || find(body, DUPLICATE) >= 0) {
            return false;
        }
        int at = find(body, SEQUENCE);
        if (at < 0) {
            return false;
        }
        long number = 0;
        int digit = at + SEQUENCE.length;
        while (digit < body.length && body[digit] >= '0' && body[digit] <= '9') {
            number = number * 10 + (body[digit] - '0');
            digit++;
        }
        return number == sequence
                && digit < body.length
                && (body[digit] == ',' || body[digit] == '}');
    }

    private static int find(byte[] body, byte[] part) {
        for (int at = 0; at <= body.length - part.length; at++) {
            if (matches(body, at, part)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] body, int at, byte[] part) {
        if (body.length - at < part.length) {
            return false;
        }
        for (int i = 0; i < part.length; i++) {
            if (body[at + i] != part[i]) {
                return false;
            }
        }
        return true;
    }
}
