package dev.twonode.gateway.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/// Writes whole frames, from any thread, until it is told that there are no more. Says since when a
/// write has been stuck, because the other end does not read.
public final class FrameWriter {

    private static final int BUFFER = 32 * 1024;

    /// Says that no write is under way.
    public static final long IDLE = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private boolean ended;
    private volatile long writingSince = IDLE;
    private volatile long writtenAt = System.nanoTime();

    /// @param out where to; not buffered itself
    public FrameWriter(OutputStream out) {
        this.out = out;
    }

    /// Adds a frame to what is sent next.
    public void write(Frame frame) throws IOException {
        write(frame.bytes());
    }

    void write(byte[] bytes) throws IOException {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            writtenAt = System.nanoTime();
            if (bytes.length > buffer.length - filled) {
                send();
            }
            if (bytes.length > buffer.length) {
                put(bytes, bytes.length);
                return;
            }
            System.arraycopy(bytes, 0, buffer, filled, bytes.length);
            filled += bytes.length;
        } finally {
            lock.unlock();
        }
    }

    /// Sends what was written.
    public void flush() throws IOException {
        lock.lock();
        try {
            send();
        } finally {
            lock.unlock();
        }
    }

    /// Sends what was written, which was the last of it. What is written from now on is for nobody:
    /// it is no failure of the connection, on which the other end may still say something.
    public void end() throws IOException {
        lock.lock();
        try {
            ended = true;
            send();
        } finally {
            lock.unlock();
        }
    }

    private void send() throws IOException {
        int length = filled;
        filled = 0;
        if (length > 0) {
            put(buffer, length);
        }
    }

    private void put(byte[] bytes, int length) throws IOException {
        writingSince = Math.max(1, System.nanoTime());
        try {
            out.write(bytes, 0, length);
            out.flush();
        } finally {
            writingSince = IDLE;
        }
    }

    /// When the write under way began (of [System#nanoTime]), or [#IDLE].
    public long writingSince() {
        return writingSince;
    }

    /// When the newest frame was added, of [System#nanoTime].
    public long writtenAt() {
        return writtenAt;
    }
}
