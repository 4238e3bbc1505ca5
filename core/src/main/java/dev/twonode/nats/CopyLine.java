package dev.twonode.nats;

import dev.twonode.gateway.wire.Frame;
import dev.twonode.gateway.wire.FrameReader;
import dev.twonode.gateway.wire.FrameWriter;
import dev.twonode.gateway.wire.Frames;
import dev.twonode.messaging.Momentary;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection on which the copy speaks the protocol by itself, and on which a leader hears what
/// is acknowledged to it, beside that of the client library to the same server process. Whoever
/// uses it reads and writes on its own thread: the library has two threads of its own beside each
/// socket, and each message would wake both on its way.
///
/// It ends with the library's session, which notices a dead server in time, and with the interrupt
/// of a thread that reads or writes. One thread reads; any may write.
final class CopyLine implements AutoCloseable {

    /// What has begun to arrive goes on arriving, or the connection is of no use.
    private static final Duration STALL = Duration.ofSeconds(5);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String url;
    private final Consumer<String> refused;
    private final Socket socket;
    private final FrameReader in;
    private final FrameWriter out;
    private volatile CompletableFuture<Void> ending = CompletableFuture.completedFuture(null);
    private volatile String end = "";

    /// @param socket one whose greeting was read
    /// @param refused told what the server does not allow
    CopyLine(String url, Socket socket, Consumer<String> refused) throws IOException {
        this.url = url;
        this.refused = refused;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new FrameReader(socket.getInputStream(), FrameReader.SERVER_LINE);
        this.out = new FrameWriter(socket.getOutputStream());
    }

    /// Says who we are, and waits until the server has taken it.
    ///
    /// @param login what the client library says first, in JSON
    /// @param patience bound of the whole
    /// @throws StoreException of the kind `REFUSED` when the server does not take the login
    void introduce(String login, Session beside, Duration patience) throws StoreException {
        try {
            out.write(Frames.connect(login));
            out.write(Frame.Ping.PING);
            out.flush();
            long deadline = System.nanoTime() + patience.toNanos();
            Frame said = null;
            while (!(said instanceof Frame.Pong)) {
                // Before that it may greet once more, or ask whether we are here.
                said = arrives(deadline - System.nanoTime()) ? read() : silent(patience);
            }
        } catch (IOException e) {
            throw ended(e);
        }
        ending = beside.end().thenAccept(this::end);
    }

    private static Frame silent(Duration patience) throws IOException {
        throw new IOException("it did not take us in within " + patience.toMillis() + " ms");
    }

    void subscribe(String subject, String sid) throws StoreException {
        write(Frames.subscribe(onWire(subject), null, sid));
        flush();
    }

    /// Adds a message to what is sent next.
    ///
    /// @param headers a block of headers, empty for none
    void publish(String subject, @Nullable String reply, byte[] headers, byte[] body)
            throws StoreException {
        write(Frames.publish(onWire(subject), reply, headers, body));
    }

    /// Sends what was published.
    void flush() throws StoreException {
        try {
            out.flush();
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private void write(Frame frame) throws StoreException {
        try {
            out.write(frame);
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /// Whether a message, or a part of one, is here already.
    boolean hasBuffered() {
        return in.hasBuffered();
    }

    /// The next message; null when none has begun to arrive in that time.
    ///
    /// @param patience 0 for what is here already
    Frame.@Nullable Message next(Duration patience) throws StoreException {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (arrives(deadline - System.nanoTime())) {
                socket.setSoTimeout(Math.toIntExact(STALL.toMillis()));
                if (read() instanceof Frame.Message message) {
                    return message;
                }
            }
            return null;
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private boolean arrives(long nanos) throws IOException {
        if (in.hasBuffered()) {
            return true;
        }
        if (nanos <= 0) {
            return false;
        }
        socket.setSoTimeout((int) Math.max(1, nanos / NANOS_PER_MILLI));
        return in.await();
    }

    /// Waits for the next message for as long as the connection lasts.
    Frame.Message next() throws StoreException {
        try {
            socket.setSoTimeout(0);
            while (true) {
                if (read() instanceof Frame.Message message) {
                    return message;
                }
            }
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private Frame read() throws IOException, StoreException {
        Frame frame = in.next();
        return switch (frame) {
            case null -> throw new IOException("the server closed it");
            case Frame.Failure failure -> throw refusal(failure.text());
            case Frame.Ping _ -> {
                out.write(Frame.Pong.PONG);
                out.flush();
                yield frame;
            }
            case Frame.Info _,
                    Frame.Connect _,
                    Frame.Publish _,
                    Frame.Subscribe _,
                    Frame.Unsubscribe _,
                    Frame.Message _,
                    Frame.Pong _,
                    Frame.Ok _ ->
                    frame;
        };
    }

    /// What the server does not allow is said on every connection anew, and told as the library's
    /// is. Whatever else it says, it closes the connection.
    private StoreException refusal(String text) {
        refused.accept(text);
        boolean lasting = text.toLowerCase(Locale.ROOT).contains("violation");
        return new StoreException(
                lasting ? Kind.REFUSED : Kind.UNREACHABLE,
                url + " says: " + Momentary.without(text));
    }

    private StoreException ended(IOException cause) {
        String why = end.isEmpty() ? String.valueOf(cause.getMessage()) : end;
        return new StoreException(
                Kind.UNREACHABLE, "the connection to " + url + " ended: " + why, cause);
    }

    private void end(String why) {
        end = why;
        close();
    }

    @Override
    public void close() {
        ending.cancel(false);
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody is left to whom it would matter.
        }
    }

    /// Text as the reader and the writer of frames see it: each byte is a character.
    static String onWire(String text) {
        return isPlain(text)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// The reverse.
    static String fromWire(String bytes) {
        return isPlain(bytes)
                ? bytes
                : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
