package dev.twonode.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Something that listens where a NATS server should, and does what the test says.
final class FakeServer implements AutoCloseable {

    static final String ID = "FAKE";

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    /// What it does with a connection.
    @FunctionalInterface
    interface Manner {
        void serve(Socket socket) throws IOException;
    }

    FakeServer(Manner manner) {
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> acceptAll(manner));
    }

    private void acceptAll(Manner manner) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(manner, socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Manner manner, Socket socket) {
        try (socket) {
            manner.serve(socket);
        } catch (IOException e) {
            // The gateway has had enough.
        }
    }

    /// Greets, and answers the first ping.
    static void greet(Socket socket) throws IOException {
        inform(socket);
        awaitPing(socket);
        say(socket, "PONG\r\n");
    }

    static void inform(Socket socket) throws IOException {
        inform(socket, ID);
    }

    static void inform(Socket socket, String id) throws IOException {
        say(
                socket,
                "INFO {\"server_id\":\"" + id + "\",\"max_payload\":1048576,\"headers\":true}\r\n");
    }

    static void awaitPing(Socket socket) throws IOException {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf("PING\r\n") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("closed");
            }
            heard.append((char) b);
        }
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Connections so far.
    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
