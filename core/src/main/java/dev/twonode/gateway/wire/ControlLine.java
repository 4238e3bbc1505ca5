package dev.twonode.gateway.wire;

import dev.twonode.gateway.wire.FrameException.Fault;
import java.nio.charset.StandardCharsets;

/// A control line, cut into its words where they lie.
final class ControlLine {

    /// No control line has more words; what is behind the last belongs to it.
    private static final int MOST_WORDS = 7;

    private static final long GREATEST = Integer.MAX_VALUE;

    private final byte[] bytes;
    private final int[] from = new int[MOST_WORDS];
    private final int[] to = new int[MOST_WORDS];
    private int words;

    /// @param start index of the first byte
    /// @param end index behind the last byte, the line's end not counted
    ControlLine(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        int at = start;
        while (at < end && words < MOST_WORDS) {
            while (at < end && isBlank(bytes[at])) {
                at++;
            }
            if (at == end) {
                break;
            }
            from[words] = at;
            while (at < end && !isBlank(bytes[at])) {
                at++;
            }
            to[words++] = at;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    int words() {
        return words;
    }

    /// Whether the first word is this one, in capitals or not.
    boolean is(String word) {
        if (words == 0 || to[0] - from[0] != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Character.toUpperCase((char) bytes[from[0] + i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// A word as text. Each byte becomes one character, so that any subject survives.
    String word(int index) {
        return new String(bytes, from[index], to[index] - from[index], StandardCharsets.ISO_8859_1);
    }

    /// A word that is a number.
    long number(int index) throws FrameException {
        long number = 0;
        for (int at = from[index]; at < to[index]; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                throw malformed("'" + shown() + "' has a size that is no number");
            }
            number = number * 10 + digit;
            if (number > GREATEST) {
                throw new FrameException(
                        Fault.PAYLOAD_TOO_LONG, "'" + shown() + "' announces more than there is");
            }
        }
        return number;
    }

    FrameException malformed(String why) {
        return new FrameException(Fault.MALFORMED, why);
    }

    /// The beginning of the line, fit for a log.
    String shown() {
        int end = words == 0 ? 0 : Math.min(to[words - 1], from[0] + 40);
        StringBuilder text = new StringBuilder();
        for (int at = words == 0 ? 0 : from[0]; at < end; at++) {
            text.append(bytes[at] >= ' ' && bytes[at] < 127 ? (char) bytes[at] : '?');
        }
        return text.toString();
    }
}
