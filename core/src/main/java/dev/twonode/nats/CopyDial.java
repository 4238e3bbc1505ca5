package dev.twonode.nats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.config.ServerUrl;
import dev.twonode.gateway.ServerDial.Greeted;
import dev.twonode.messaging.Denial;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/// Opens connections of the copy's own to the server process that a session leads to, as the same
/// user and secured in the same way.
final class CopyDial {

    private final ConnectionSettings settings;
    private final Consumer<Denial> denied;

    /// @param denied told what a server does not let this login do
    CopyDial(ConnectionSettings settings, Consumer<Denial> denied) {
        this.settings = settings;
        this.denied = denied;
    }

    /// @param patience bound for each of the server's addresses
    /// @throws StoreException if that process is not there any more, or takes no more connections
    CopyLine open(Session beside, Duration patience) throws StoreException {
        ServerUrl url =
                settings.servers().stream()
                        .filter(one -> one.toString().equals(beside.server().url()))
                        .findFirst()
                        .orElseThrow();
        IOException failure = new IOException("the host name has no address");
        try {
            for (InetAddress address : InetAddress.getAllByName(url.host())) {
                try {
                    return open(beside, url, address, patience);
                } catch (IOException e) {
                    failure = e;
                }
            }
        } catch (UnknownHostException e) {
            failure = e;
        }
        throw new StoreException(
                Kind.UNREACHABLE,
                "no connection to " + url + " for the copy: " + failure.getMessage(),
                failure);
    }

    private CopyLine open(Session beside, ServerUrl url, InetAddress address, Duration patience)
            throws IOException, StoreException {
        // An interrupt ends what a thread does on a channel's socket.
        Greeted greeted =
                GatewayDial.dial(settings, url, address, SocketChannel.open().socket(), patience);
        JsonNode info = Json.read(greeted.info());
        if (!info.path("server_id").asText().equals(beside.server().id())) {
            greeted.socket().close();
            throw new IOException("another server process answers there");
        }
        CopyLine line =
                new CopyLine(
                        url.toString(),
                        greeted.socket(),
                        text ->
                                Denied.of(text, url.toString(), settings.inboxPrefix())
                                        .ifPresent(denied));
        try {
            line.introduce(login(beside, url, info), beside, patience);
            return line;
        } catch (StoreException e) {
            line.close();
            throw e;
        }
    }

    private static String login(Session beside, ServerUrl url, JsonNode info) {
        byte[] nonce = info.path("nonce").asText().getBytes(StandardCharsets.US_ASCII);
        return beside.connection()
                .getOptions()
                .buildProtocolConnectOptionsString(
                        url.withSecret(),
                        info.path("auth_required").asBoolean(),
                        nonce.length == 0 ? null : nonce)
                .toString();
    }
}
