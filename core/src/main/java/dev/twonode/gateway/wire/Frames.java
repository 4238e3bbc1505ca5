package dev.twonode.gateway.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Frames that the gateway says itself.
public final class Frames {

    private static final byte[] NO_HEADERS = {};

    private Frames() {}

    public static Frame.Info info(String json) {
        return new Frame.Info(utf8("INFO " + json + "\r\n"));
    }

    public static Frame.Connect connect(String json) {
        return new Frame.Connect(utf8("CONNECT " + json + "\r\n"));
    }

    public static Frame.Failure failure(String text) {
        return new Frame.Failure(utf8("-ERR '" + text + "'\r\n"));
    }

    public static Frame.Subscribe subscribe(String subject, @Nullable String queue, String sid) {
        String group = queue == null ? "" : queue + " ";
        return new Frame.Subscribe(
                latin1("SUB " + subject + " " + group + sid + "\r\n"), subject, queue, sid);
    }

    public static Frame.Unsubscribe unsubscribe(String sid, long max) {
        String limit = max == 0 ? "" : " " + max;
        return new Frame.Unsubscribe(latin1("UNSUB " + sid + limit + "\r\n"), sid, max);
    }

    /// A publish that wants its answer on `reply`.
    public static Frame.Publish publish(String subject, String reply, byte[] payload) {
        return publish(subject, reply, NO_HEADERS, payload);
    }

    /// A publish with headers.
    ///
    /// @param reply where an answer is wanted, null for nowhere
    /// @param headers a whole block of headers, empty for none
    public static Frame.Publish publish(
            String subject, @Nullable String reply, byte[] headers, byte[] payload) {
        int total = headers.length + payload.length;
        String sizes = headers.length == 0 ? "" : headers.length + " ";
        byte[] line =
                latin1(
                        (headers.length == 0 ? "PUB " : "HPUB ")
                                + subject
                                + (reply == null ? " " : " " + reply + " ")
                                + sizes
                                + total
                                + "\r\n");
        byte[] bytes = new byte[line.length + total + 2];
        System.arraycopy(line, 0, bytes, 0, line.length);
        System.arraycopy(headers, 0, bytes, line.length, headers.length);
        System.arraycopy(payload, 0, bytes, line.length + headers.length, payload.length);
        bytes[bytes.length - 2] = '\r';
        bytes[bytes.length - 1] = '\n';
        return new Frame.Publish(bytes, subject, reply, line.length, line.length + headers.length);
    }

    /// A publish that has headers, which end with an empty line, with one more behind them.
    public static Frame.Publish withHeader(Frame.Publish publish, String name, String value) {
        byte[] line = latin1(name + ": " + value + "\r\n");
        byte[] before = publish.headerBlock();
        byte[] headers = new byte[before.length + line.length];
        int end = before.length - 2; // the empty line that ends them
        System.arraycopy(before, 0, headers, 0, end);
        System.arraycopy(line, 0, headers, end, line.length);
        System.arraycopy(before, end, headers, end + line.length, 2);
        return publish(publish.subject(), publish.reply(), headers, publish.payload());
    }

    /// A delivery to a client's subscription.
    public static Frame.Message message(String subject, String sid, byte[] payload) {
        byte[] line = latin1("MSG " + subject + " " + sid + " " + payload.length + "\r\n");
        return new Frame.Message(join(line, payload), subject, sid, null, line.length, line.length);
    }

    /// What a server delivers when nobody listens on a request's subject.
    public static Frame.Message noResponders(String subject, String sid) {
        return status(subject, sid, "503");
    }

    /// A delivery of a status, such as `404 No Messages`, maybe with lines of headers behind it.
    public static Frame.Message status(String subject, String sid, String status) {
        byte[] headers = utf8("NATS/1.0 " + status + "\r\n\r\n");
        int size = headers.length;
        byte[] line = latin1("HMSG " + subject + " " + sid + " " + size + " " + size + "\r\n");
        return new Frame.Message(
                join(line, headers), subject, sid, null, line.length, line.length + size);
    }

    private static byte[] join(byte[] line, byte[] payload) {
        byte[] bytes = new byte[line.length + payload.length + 2];
        System.arraycopy(line, 0, bytes, 0, line.length);
        System.arraycopy(payload, 0, bytes, line.length, payload.length);
        bytes[bytes.length - 2] = '\r';
        bytes[bytes.length - 1] = '\n';
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
