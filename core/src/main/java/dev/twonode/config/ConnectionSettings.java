package dev.twonode.config;

import java.time.Duration;
import java.util.List;

/// What is needed to connect to one node's NATS server.
///
/// @param servers its addresses, one or more, all of the same server
/// @param credentials who we are
/// @param tls how the connection is protected
/// @param inboxPrefix prefix of the subjects that answers come on, without a dot at its end
/// @param connectTimeout bound of one attempt to connect
/// @param requestTimeout bound of one request, unless the caller knows better
public record ConnectionSettings(
        List<ServerUrl> servers,
        Credentials credentials,
        TlsSettings tls,
        String inboxPrefix,
        Duration connectTimeout,
        Duration requestTimeout) {

    public ConnectionSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a connection needs the address of a server");
        }
    }

    /// How long one request may take unless `--timeout` says otherwise.
    static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);

    /// A connection without credentials or TLS and with usual time-outs.
    public static ConnectionSettings plain(String url) {
        return new ConnectionSettings(
                List.of(ServerUrl.parse(url)),
                new Credentials.None(),
                TlsSettings.UNSET,
                "_INBOX",
                Duration.ofMillis(500),
                USUAL_TIMEOUT);
    }

    /// The address to name in messages.
    public ServerUrl server() {
        return servers.getFirst();
    }

    public ConnectionSettings withTimeouts(Duration connect, Duration request) {
        return new ConnectionSettings(servers, credentials, tls, inboxPrefix, connect, request);
    }
}
