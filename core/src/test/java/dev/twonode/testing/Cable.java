package dev.twonode.testing;

import java.io.Closeable;
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
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// A way to a server on this machine that behaves like a network's: each direction can go dark, and
/// what was sent meanwhile arrives late, as with packets that are sent again. Nobody is told that
/// the way is cut: connections stay, and new ones get no answer.
public final class Cable implements AutoCloseable {

    private static final int PIECE = 16 << 10;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;
    private boolean darkThere;
    private boolean darkBack;
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    /// @param target port of the server on the loopback address
    public Cable(int target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("cable").start(this::accept);
    }

    /// Address of this end.
    public String url() {
        return "nats://127.0.0.1:" + port();
    }

    /// Port of this end on the loopback address.
    public int port() {
        return listening.getLocalPort();
    }

    /// Lets nothing through, in either direction.
    public void cut() {
        set(true, true);
    }

    /// Lets nothing through to the server; what it sends arrives.
    public void cutThere() {
        set(true, false);
    }

    /// Lets nothing through from the server; what is sent to it arrives.
    public void cutBack() {
        set(false, true);
    }

    /// Lets everything through again, what waited first.
    public void mend() {
        bytesPerSecond = Long.MAX_VALUE;
        set(false, false);
    }

    /// Lets everything through again except what waited, which is lost with its connections: as
    /// when a machine died meanwhile that would have had to send it again.
    public void mendAnew() {
        open.forEach(Cable::end);
        mend();
    }

    /// Carries no more than this from the server, until mended.
    public void slowDown(long bytes) {
        bytesPerSecond = bytes;
    }

    private void set(boolean there, boolean back) {
        lock.lock();
        try {
            darkThere = there;
            darkBack = back;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        open.forEach(Cable::end);
        end(listening);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().name("cable-join").start(() -> join(client));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private void join(Socket client) {
        try {
            // The handshake is answered by this end, so it says nothing of the other one: an end
            // that is refused breaks the connection, which comes as near as a relay can.
            awaitLight(true);
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(server);
            Thread.ofVirtual().name("cable-there").start(() -> carry(client, server, true));
            Thread.ofVirtual().name("cable-back").start(() -> carry(server, client, false));
        } catch (IOException e) {
            end(client);
            open.remove(client);
        }
    }

    private void carry(Socket from, Socket to, boolean there) {
        byte[] piece = new byte[PIECE];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                awaitLight(there);
                pace(n, there);
                out.write(piece, 0, n);
            }
            awaitLight(there);
        } catch (IOException e) {
            // The other direction ends with this one.
            end(to);
        } finally {
            open.remove(from);
            end(from);
            end(to);
        }
    }

    private void pace(int bytes, boolean there) {
        long rate = bytesPerSecond;
        if (!there && rate != Long.MAX_VALUE) {
            LockSupport.parkNanos(bytes * 1_000_000_000L / rate);
        }
    }

    /// Waits until this direction is open.
    private void awaitLight(boolean there) {
        lock.lock();
        try {
            while (!closed && (there ? darkThere : darkBack)) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void end(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
