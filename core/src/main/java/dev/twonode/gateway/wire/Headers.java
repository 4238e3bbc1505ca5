package dev.twonode.gateway.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Looks into a block of headers without taking it apart: `NATS/1.0 503`, then `Name: value` lines.
final class Headers {

    private static final int VERSION = "NATS/1.0".length();

    private Headers() {}

    /// The first value of a header, null when it is not there. Names are compared as the server
    /// does: letter by letter.
    static @Nullable String value(byte[] bytes, int from, int to, String name) {
        int line = nextLine(bytes, from, to);
        while (line < to) {
            int next = nextLine(bytes, line, to);
            if (starts(bytes, line, next, name)) {
                int value = line + name.length() + 1;
                return new String(bytes, value, next - value, StandardCharsets.UTF_8).strip();
            }
            line = next;
        }
        return null;
    }

    /// The status in the first line, 0 for none.
    static int status(byte[] bytes, int from, int to) {
        int status = 0;
        int end = Math.min(to, from + VERSION + 4);
        for (int at = from + VERSION + 1; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /// What follows the status in the first line.
    static String statusText(byte[] bytes, int from, int to) {
        int line = nextLine(bytes, from, to);
        int text = Math.min(line, from + VERSION + 4);
        return new String(bytes, text, line - text, StandardCharsets.UTF_8).strip();
    }

    private static int nextLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, to);
    }

    private static boolean starts(byte[] bytes, int from, int to, String name) {
        if (to - from <= name.length() || bytes[from + name.length()] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
