package dev.twonode.nats;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.ServerUrl;
import dev.twonode.gateway.ServerDial;
import dev.twonode.protocol.Showing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Opens connections for the gateway to speak the protocol on by itself, secured as the agent's own
/// connections to the same server are.
public final class GatewayDial implements ServerDial {

    private static final int MAX_GREETING = 256 * 1024;

    private final ConnectionSettings own;
    private final ConnectionSettings peer;

    /// @param own this node's server
    /// @param peer the other node's server
    public GatewayDial(ConnectionSettings own, ConnectionSettings peer) {
        this.own = own;
        this.peer = peer;
    }

    @Override
    public Greeted dial(Showing.Place place, Duration patience) throws IOException {
        ConnectionSettings settings =
                switch (place) {
                    case OWN -> own;
                    case PEER -> peer;
                };
        @Nullable IOException last = null;
        for (ServerUrl url : settings.servers()) {
            try {
                return dialAny(settings, url, patience);
            } catch (UnknownHostException e) {
                last = new IOException("the host name in " + url + " is unknown", e);
            } catch (IOException e) {
                last = new IOException(url + ": " + e.getMessage(), e);
            }
        }
        throw Objects.requireNonNull(last);
    }

    /// Dials every address of a host name.
    private static Greeted dialAny(ConnectionSettings settings, ServerUrl url, Duration patience)
            throws IOException {
        @Nullable IOException last = null;
        for (InetAddress address : InetAddress.getAllByName(url.host())) {
            try {
                return dial(settings, url, address, new Socket(), patience);
            } catch (IOException e) {
                last = e;
            }
        }
        throw Objects.requireNonNull(last);
    }

    /// Dials one address.
    ///
    /// @param socket a new one; closed when this fails
    static Greeted dial(
            ConnectionSettings settings,
            ServerUrl url,
            InetAddress address,
            Socket socket,
            Duration patience)
            throws IOException {
        int millis = Math.toIntExact(patience.toMillis());
        try {
            socket.connect(new InetSocketAddress(address, url.port()), millis);
            socket.setSoTimeout(millis);
            Greeted greeted = greeted(settings, url, socket);
            greeted.socket().setSoTimeout(0);
            return greeted;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Greeted greeted(ConnectionSettings settings, ServerUrl url, Socket socket)
            throws IOException {
        if (settings.tls().first()) {
            Socket secure = secured(settings, url, socket);
            return new Greeted(secure, greeting(secure.getInputStream()));
        }
        String info = greeting(socket.getInputStream());
        boolean secured =
                settings.tls().isDemanded()
                        || url.scheme().equals("tls")
                        || Json.read(info).path("tls_required").asBoolean();
        return new Greeted(secured ? secured(settings, url, socket) : socket, info);
    }

    private static Socket secured(ConnectionSettings settings, ServerUrl url, Socket socket)
            throws IOException {
        try {
            SSLSocket secure =
                    (SSLSocket)
                            PemTls.context(settings.tls())
                                    .getSocketFactory()
                                    .createSocket(socket, url.host(), url.port(), true);
            secure.startHandshake();
            return secure;
        } catch (DialException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Reads the first line and not a byte more, since TLS may begin behind it.
    private static String greeting(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("it closed the connection without a greeting");
            }
            if (line.size() == MAX_GREETING) {
                throw new IOException("its greeting does not end");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        if (!text.startsWith("INFO ")) {
            throw new IOException("it is no NATS server");
        }
        String info = text.substring("INFO ".length());
        if (Json.read(info).path(GATEWAY_MARK).asBoolean()) {
            throw new IOException("it is a gateway of twonode, not a NATS server");
        }
        return info;
    }
}
