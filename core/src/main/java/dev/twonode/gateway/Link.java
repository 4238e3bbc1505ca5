package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.FrameReader;
import dev.twonode.gateway.wire.FrameWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// One TCP connection that carries frames.
final class Link {

    private static final int PROBE_AFTER_S = 30;
    private static final int PROBE_EVERY_S = 10;
    private static final int PROBES = 3;

    private final Socket plain;
    private final int maxLine;
    private volatile Socket socket;
    private volatile FrameReader reader;
    private volatile FrameWriter writer;
    private volatile boolean closed;
    private volatile long heardAt = System.nanoTime();

    /// @param maxLine the longest control line that the other end may send
    Link(Socket socket, int maxLine) throws IOException {
        this.plain = socket;
        this.maxLine = maxLine;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        probe(socket);
        this.reader = new FrameReader(socket.getInputStream(), maxLine);
        this.writer = new FrameWriter(socket.getOutputStream());
    }

    /// An end that vanished without a word is found out within a minute.
    private static void probe(Socket socket) throws IOException {
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, PROBE_AFTER_S);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_EVERY_S);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        }
    }

    /// Goes on encrypted, before the other end has said anything.
    void encrypt(Encryption encryption) throws IOException {
        Socket secret = encryption.encrypt(plain);
        reader = new FrameReader(secret.getInputStream(), maxLine);
        writer = new FrameWriter(secret.getOutputStream());
        socket = secret;
    }

    /// The address at which the other end reached this one.
    InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    FrameReader reader() {
        return reader;
    }

    /// The next frame, null when the other end is done.
    @Nullable Frame next() throws IOException {
        Frame frame = reader.next();
        heardAt = System.nanoTime();
        return frame;
    }

    /// When the other end said something last, of [System#nanoTime].
    long heardAt() {
        return heardAt;
    }

    /// When the other end was told something last, of [System#nanoTime].
    long toldAt() {
        return writer.writtenAt();
    }

    void write(Frame frame) throws IOException {
        writer.write(frame);
    }

    void flush() throws IOException {
        writer.flush();
    }

    void send(Frame frame) throws IOException {
        writer.write(frame);
        writer.flush();
    }

    long writingSince() {
        return writer.writingSince();
    }

    /// Ends what is said; what the other end still says can be read.
    void finishWriting() throws IOException {
        writer.end();
        try {
            socket.shutdownOutput();
        } catch (UnsupportedOperationException | SocketException e) {
            close();
        }
    }

    /// Whether the other end has said something that nobody has read.
    boolean hasUnread() {
        try {
            return plain.getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    boolean isClosed() {
        return closed;
    }

    /// Closes the connection, and drops what the system would still try to send.
    void abort() {
        try {
            plain.setSoLinger(true, 0);
        } catch (SocketException e) {
            // It is closed already.
        }
        close();
    }

    /// Closes the connection below the encryption, whose own end would wait for one who does not
    /// read.
    void close() {
        closed = true;
        try {
            plain.close();
        } catch (IOException e) {
            // Nobody is left to whom it would matter.
        }
    }
}
