package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.FrameReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Frames as they come over the wire.
final class GatewayFrames {

    private GatewayFrames() {}

    static Frame.Publish publish(String subject, String reply, String body, String... headers) {
        return (Frame.Publish) read("PUB " + subject + " " + reply, body, headers);
    }

    static Frame.Message message(String subject, String reply, String body, String... headers) {
        return (Frame.Message) read("MSG " + subject + " 1 " + reply, body, headers);
    }

    /// A header line without a colon is a status.
    private static Frame read(String start, String body, String... headers) {
        StringBuilder block = new StringBuilder();
        if (headers.length > 0) {
            boolean status = !headers[0].contains(":");
            block.append("NATS/1.0").append(status ? " " + headers[0] : "").append("\r\n");
            for (int i = status ? 1 : 0; i < headers.length; i++) {
                block.append(headers[i]).append("\r\n");
            }
            block.append("\r\n");
        }
        int total = block.length() + body.length();
        String line =
                headers.length > 0
                        ? "H" + start + " " + block.length() + " " + total
                        : start + " " + total;
        String text = line + "\r\n" + block + body + "\r\n";
        try {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            Frame frame = new FrameReader(new ByteArrayInputStream(bytes), 10_000).next();
            if (frame == null) {
                throw new AssertionError("no frame in " + text);
            }
            return frame;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
