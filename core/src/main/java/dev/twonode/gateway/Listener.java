package dev.twonode.gateway;

import dev.twonode.gateway.wire.FrameReader;
import dev.twonode.gateway.wire.Frames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Accepts clients at one address.
final class Listener {

    private static final int BACKLOG = 1_024;
    private static final Duration BREATH = Duration.ofMillis(50);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(1);

    private final ServerSocket socket;
    private volatile @Nullable Thread accepting;

    private Listener(ServerSocket socket) {
        this.socket = socket;
    }

    static Listener open(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.getHostString(), address.getPort()), BACKLOG);
            return new Listener(socket);
        } catch (IOException e) {
            socket.close();
            String why = String.valueOf(e.getMessage());
            throw new IOException(
                    "the gateway cannot listen at "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + " ("
                            + why
                            + (why.contains("in use") ? "); end what does, or give" : "); give")
                            + " another address with --gateway",
                    e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void start(Surroundings around) {
        accepting = Thread.ofVirtual().name("gateway-listener").start(() -> acceptAll(around));
    }

    private void acceptAll(Surroundings around) {
        while (!socket.isClosed()) {
            try {
                accept(around, socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    around.trouble("accept", "no client could be accepted: " + e.getMessage());
                    breathe();
                }
            }
        }
    }

    /// What keeps a client from being accepted, such as too many open files, is not gone at once.
    private static void breathe() {
        try {
            Thread.sleep(BREATH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void accept(Surroundings around, Socket accepted) {
        try {
            Link link = new Link(accepted, FrameReader.CLIENT_LINE);
            if (around.sessions().size() >= GatewaySettings.MOST_CLIENTS) {
                around.trouble("too many", "a client was turned away: there are too many");
                link.send(Frames.failure("Maximum Connections Exceeded"));
                link.close();
                return;
            }
            Session session = new Session(around, link);
            around.sessions().add(session);
            around.start("gateway-client", session);
        } catch (IOException e) {
            around.trouble("accept", "a client left at once: " + e.getMessage());
        }
    }

    /// Accepts nobody any more. Whoever was accepted is among the sessions then.
    void close() {
        try {
            socket.close();
            Thread thread = accepting;
            if (thread != null) {
                thread.join(ENDS_WITHIN);
            }
        } catch (IOException e) {
            // It is not used any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
