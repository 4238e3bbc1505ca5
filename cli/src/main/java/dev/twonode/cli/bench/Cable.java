package dev.twonode.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A way to a server that can be cut and mended: a small TCP relay in this process.
///
/// While it is cut nothing passes and nobody is told, as when a cable is pulled. What was connected
/// before goes on when it is mended; what was dialled meanwhile stays dead, as a connection does
/// whose first packet was lost.
final class Cable implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean cut;

    /// @param target port of the server on the loopback address
    Cable(int target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// Address of this end.
    String url() {
        return "nats://127.0.0.1:" + listening.getLocalPort();
    }

    void cut() {
        set(true);
    }

    void mend() {
        set(false);
    }

    private void set(boolean now) {
        lock.lock();
        try {
            cut = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isCut() {
        lock.lock();
        try {
            return cut;
        } finally {
            lock.unlock();
        }
    }

    private void awaitWhole() {
        lock.lock();
        try {
            while (cut) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Cable::end);
        mend();
    }

    private void accept() {
        while (!listening.isClosed()) {
            acceptOne();
        }
    }

    private void acceptOne() {
        try {
            join(listening.accept());
        } catch (IOException e) {
            // Closed, or the server refused: the client has seen its connection end.
            return;
        }
    }

    private void join(Socket client) throws IOException {
        open.add(client);
        if (isCut()) {
            Thread.ofVirtual().start(() -> swallow(client));
            return;
        }
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            end(client);
            throw e;
        }
        open.add(server);
        Thread.ofVirtual().start(() -> carry(client, server));
        Thread.ofVirtual().start(() -> carry(server, client));
    }

    /// Waits until the client gives up.
    private void swallow(Socket client) {
        try (client) {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return;
        } finally {
            open.remove(client);
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitWhole();
                out.write(buffer, 0, read);
            }
            awaitWhole();
        } catch (IOException e) {
            return;
        } finally {
            open.remove(from);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
