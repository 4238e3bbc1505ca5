package dev.twonode.cli.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A NATS client of the fewest possible parts, so that many of them weigh little on the machine
/// that is measured: one connection, one inbox, one request at a time.
final class RawClient implements AutoCloseable {

    private static final int DEADLINE_MS = 10_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String inbox;
    private final String subject;
    private final byte[] payload;
    private long last;

    RawClient(int port, int number) throws IOException {
        String key = "connection-" + number;
        subject = NatsWrite.subject(BenchPair.BUCKET, key);
        payload = NatsWrite.payload(key);
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(DEADLINE_MS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        inbox = "_INBOX.bench" + number + "." + System.nanoTime();
        awaitLine("INFO");
        send("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n");
        send("SUB " + inbox + " 1\r\nPING\r\n");
        awaitLine("PONG");
    }

    /// Writes a key that nobody else writes, guarded by the last write's sequence, and waits for
    /// the answer.
    void write() throws IOException {
        String headers = "NATS/1.0\r\n" + NatsWrite.EXPECTED + ": " + last + "\r\n\r\n";
        int length = headers.length() + payload.length;
        String line = "HPUB %s %s %d %d\r\n".formatted(subject, inbox, headers.length(), length);
        byte[] head = (line + headers).getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[head.length + payload.length + 2];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(payload, 0, whole, head.length, payload.length);
        whole[whole.length - 2] = '\r';
        whole[whole.length - 1] = '\n';
        out.write(whole);
        String announced = awaitLine("MSG");
        int size = Integer.parseInt(announced.substring(announced.lastIndexOf(' ') + 1));
        String answer = new String(in.readNBytes(size + 2), StandardCharsets.UTF_8);
        int at = answer.indexOf("\"seq\":");
        if (at < 0 || answer.contains("\"error\"")) {
            throw new IOException("not written: " + answer.strip());
        }
        last = Long.parseLong(answer.substring(at + 6).replaceFirst("[^0-9].*", "").strip());
    }

    /// Reads up to a line that begins so, answering pings.
    private String awaitLine(String wanted) throws IOException {
        while (true) {
            String line = line();
            if (line.startsWith(wanted)) {
                return line;
            }
            if (line.startsWith("PING")) {
                send("PONG\r\n");
            } else if (line.startsWith("-ERR") || line.startsWith("HMSG")) {
                throw new IOException(line);
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
