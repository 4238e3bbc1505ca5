package dev.twonode.gateway.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One message of the protocol. It keeps the bytes it came as, so that passing it on costs nothing
/// and changes nothing.
@SuppressWarnings("ArrayRecordComponent") // passed on as they came, never compared
public sealed interface Frame {

    /// The whole frame as it goes over the wire.
    byte[] bytes();

    /// The server's greeting, or news about it later.
    record Info(byte[] bytes) implements Frame {
        /// What it says, in JSON.
        public String json() {
            return afterWord(bytes, "INFO".length());
        }
    }

    /// The client's introduction.
    record Connect(byte[] bytes) implements Frame {
        /// What it says, in JSON.
        public String json() {
            return afterWord(bytes, "CONNECT".length());
        }
    }

    /// A client publishes.
    record Publish(
            byte[] bytes, String subject, @Nullable String reply, int headersAt, int payloadAt)
            implements Content {}

    /// A client subscribes.
    ///
    /// @param queue its queue group, null for none
    /// @param sid the client's name for the subscription
    record Subscribe(byte[] bytes, String subject, @Nullable String queue, String sid)
            implements Frame {}

    /// A client ends a subscription.
    ///
    /// @param max after so many messages since it began, 0 for at once
    record Unsubscribe(byte[] bytes, String sid, long max) implements Frame {}

    /// A server delivers.
    record Message(
            byte[] bytes,
            String subject,
            String sid,
            @Nullable String reply,
            int headersAt,
            int payloadAt)
            implements Content {}

    /// Asks for a [Pong].
    record Ping(byte[] bytes) implements Frame {
        public static final Ping PING = new Ping(ascii("PING\r\n"));
    }

    /// Answers a [Ping].
    record Pong(byte[] bytes) implements Frame {
        public static final Pong PONG = new Pong(ascii("PONG\r\n"));
    }

    /// The server took what came before; only clients that asked for it get it.
    record Ok(byte[] bytes) implements Frame {
        public static final Ok OK = new Ok(ascii("+OK\r\n"));
    }

    /// The server refuses something.
    record Failure(byte[] bytes) implements Frame {
        /// What it says, without its quotes.
        public String text() {
            return afterWord(bytes, "-ERR".length()).replace("'", "");
        }
    }

    /// A frame with a payload, and maybe headers.
    sealed interface Content extends Frame permits Publish, Message {

        String subject();

        /// Where an answer is wanted, null for nowhere.
        @Nullable String reply();

        /// Index of the first byte of the headers; that of the payload when there are none.
        int headersAt();

        /// Index of the first byte of the payload.
        int payloadAt();

        /// Index behind the payload's last byte.
        default int end() {
            return bytes().length - 2;
        }

        default int payloadLength() {
            return end() - payloadAt();
        }

        default boolean hasHeaders() {
            return headersAt() < payloadAt();
        }

        /// The payload as text.
        default String text() {
            return new String(bytes(), payloadAt(), payloadLength(), StandardCharsets.UTF_8);
        }

        /// The first value of a header, null when it is not there.
        default @Nullable String header(String name) {
            return Headers.value(bytes(), headersAt(), payloadAt(), name);
        }

        /// The block of headers, empty when there are none.
        default byte[] headerBlock() {
            return Arrays.copyOfRange(bytes(), headersAt(), payloadAt());
        }

        /// The payload.
        default byte[] payload() {
            return Arrays.copyOfRange(bytes(), payloadAt(), end());
        }

        /// What follows the number in the headers' first line, empty for nothing.
        default String statusText() {
            return Headers.statusText(bytes(), headersAt(), payloadAt());
        }

        /// The number in the headers' first line, 0 when there is none.
        default int status() {
            return Headers.status(bytes(), headersAt(), payloadAt());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String afterWord(byte[] bytes, int word) {
        return new String(bytes, word, bytes.length - word, StandardCharsets.UTF_8).strip();
    }
}
