package dev.twonode.nats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.ServerUrl;
import dev.twonode.gateway.ServerDial;
import dev.twonode.messaging.Dialed;
import dev.twonode.messaging.Dialed.Fault;
import dev.twonode.messaging.ServerIdentity;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Opens a bare TCP connection, reads the server's greeting and hangs up. Unlike the client library
/// it tells a refusal from silence, and a failed attempt costs no threads.
final class Dialer {

    private static final String TLS_FIRST_HINT = " (a server set to TLS first wants --tlsfirst)";
    private static final String SILENCE_HINT =
            " (a gateway of twonode is silent while no node leads; a server set to TLS first wants"
                    + " --tlsfirst)";
    private static final String REFUSED = "-ERR ";
    private static final int MAX_GREETING = 256 * 1024;

    private final ConnectionSettings settings;

    Dialer(ConnectionSettings settings) {
        this.settings = settings;
    }

    /// Dials every address of the server until one answers.
    Greeting dialAny() throws DialException {
        @Nullable DialException worst = null;
        for (ServerUrl url : settings.servers()) {
            try {
                return dial(url);
            } catch (DialException e) {
                worst = worse(worst, e);
            }
        }
        throw Objects.requireNonNull(worst);
    }

    /// Dials one address.
    Greeting dial(ServerUrl url) throws DialException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(url.host());
        } catch (UnknownHostException e) {
            throw new DialException(
                    new Dialed.Unreachable("the host name in " + url + " is unknown"), e);
        }
        @Nullable DialException worst = null;
        for (InetAddress address : addresses) {
            try {
                return dial(url, new InetSocketAddress(address, url.port()));
            } catch (DialException e) {
                worst = worse(worst, e);
            }
        }
        throw Objects.requireNonNull(worst);
    }

    /// Looks whether a server refuses whoever comes, which it says right behind its greeting: the
    /// client library does not pass that on.
    ///
    /// @return its words, empty when it waits for the client to speak
    Optional<String> refusal(String url) {
        return settings.servers().stream()
                .filter(each -> each.toString().equals(url))
                .findFirst()
                .flatMap(this::refusal);
    }

    private Optional<String> refusal(ServerUrl url) {
        int millis = Math.toIntExact(settings.connectTimeout().toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.host(), url.port()), millis);
            socket.setSoTimeout(millis);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String greeting = line(in);
            String next = greeting.startsWith("INFO ") ? line(in) : "";
            return Optional.of(next).filter(line -> line.startsWith(REFUSED));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Greeting dial(ServerUrl url, InetSocketAddress address) throws DialException {
        int millis = Math.toIntExact(settings.connectTimeout().toMillis());
        boolean accepted = false;
        try (Socket socket = new Socket()) {
            socket.connect(address, millis);
            accepted = true;
            socket.setSoTimeout(millis);
            if (settings.tls().first()) {
                return greeting(
                        url, new BufferedInputStream(secured(socket, url).getInputStream()));
            }
            return greeting(url, new BufferedInputStream(socket.getInputStream()));
        } catch (SocketTimeoutException e) {
            throw new DialException(
                    new Dialed.TimedOut(silence(url, accepted, millis), accepted), e);
        } catch (ConnectException e) {
            throw new DialException(
                    new Dialed.Refused(url + " refused the connection: nothing listens there"), e);
        } catch (NoRouteToHostException e) {
            throw new DialException(new Dialed.Unreachable("no route to " + url), e);
        } catch (SSLException e) {
            throw TlsFaults.of(url.toString(), settings.tls(), e);
        } catch (IOException e) {
            throw new DialException(brokeOff(url, e), e);
        }
    }

    /// A server that waits for a handshake gives up after a while and hangs up, in good order. One
    /// that is killed resets the connection, before or after the system here says it was taken.
    private Dialed.Failed brokeOff(ServerUrl url, IOException e) {
        return e instanceof EOFException
                ? new Dialed.Unsuitable(
                        Fault.PROTOCOL,
                        url + " broke off its greeting: " + e.getMessage() + tlsFirstHint())
                : new Dialed.Unreachable(url + " cannot be reached: " + e.getMessage());
    }

    private String silence(ServerUrl url, boolean accepted, int millis) {
        return accepted
                ? url
                        + " accepts connections but did not greet within "
                        + millis
                        + " ms"
                        + (settings.tls().first() ? "" : SILENCE_HINT)
                : url + " did not answer within " + millis + " ms";
    }

    private String tlsFirstHint() {
        return settings.tls().first() ? "" : TLS_FIRST_HINT;
    }

    private SSLSocket secured(Socket socket, ServerUrl url) throws IOException, DialException {
        SSLSocket secure =
                (SSLSocket)
                        PemTls.context(settings.tls())
                                .getSocketFactory()
                                .createSocket(socket, url.host(), url.port(), true);
        secure.startHandshake();
        return secure;
    }

    private static Greeting greeting(ServerUrl url, InputStream in)
            throws IOException, DialException {
        String line = line(in);
        if (!line.startsWith("INFO ")) {
            throw notNats(url);
        }
        try {
            JsonNode info = Json.read(line.substring("INFO ".length()));
            String id = info.path("server_id").asText();
            if (id.isEmpty()) {
                throw notNats(url);
            }
            ServerIdentity identity =
                    new ServerIdentity(
                            id,
                            info.path("server_name").asText(id),
                            info.path("version").asText(),
                            url.toString(),
                            info.path("jetstream").asBoolean(),
                            info.path("cluster").asText(""),
                            info.path("max_payload").asLong());
            boolean required = info.path("tls_required").asBoolean();
            return new Greeting(
                    identity,
                    required,
                    required || info.path("tls_available").asBoolean(),
                    info.path("tls_verify").asBoolean(),
                    info.path(ServerDial.GATEWAY_MARK).asBoolean());
        } catch (JsonProcessingException e) {
            throw notNats(url);
        }
    }

    private static DialException notNats(ServerUrl url) {
        return new DialException(
                new Dialed.Unsuitable(
                        Fault.PROTOCOL, "what listens at " + url + " is not a NATS server"));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection closed");
            }
            if (read.size() == MAX_GREETING) {
                return "";
            }
            read.write(b);
        }
        return read.toString(StandardCharsets.UTF_8).strip();
    }

    /// Of several addresses the least conclusive failure counts: only if all of them refuse is the
    /// server known to be down.
    private static DialException worse(@Nullable DialException one, DialException other) {
        return one == null || one.outcome() instanceof Dialed.Refused ? other : one;
    }
}
