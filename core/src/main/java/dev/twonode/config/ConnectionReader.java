package dev.twonode.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes [ConnectionSettings] for one's own server and for the peer's out of the settings.
final class ConnectionReader {

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private final Values values;
    private final Duration connectTimeout;

    ConnectionReader(Values values, Duration connectTimeout) {
        this.values = values;
        this.connectTimeout = connectTimeout;
    }

    /// The connection to one's own server, empty after a problem with its address.
    Optional<ConnectionSettings> own() {
        Optional<Credentials> login = new LoginReader(values, LoginKeys.OWN).read();
        TlsSettings tls =
                new TlsSettings(
                        FileCheck.certificate(values, Setting.TLSCERT, Setting.TLSKEY).orElse(null),
                        FileCheck.certificate(values, Setting.TLSKEY, Setting.TLSCERT).orElse(null),
                        FileCheck.readable(values, Setting.TLSCA).orElse(null),
                        values.isOn(Setting.TLSFIRST));
        return assemble(Setting.SERVER, login.orElse(new Credentials.None()), tls);
    }

    /// The connection to the peer's server: what is not said of the peer is as for one's own.
    Optional<ConnectionSettings> peer(Credentials ownLogin, TlsSettings ownTls) {
        Optional<Credentials> login = new LoginReader(values, LoginKeys.PEER).read();
        boolean hasCert = values.isSet(Setting.PEER_TLSCERT) || values.isSet(Setting.PEER_TLSKEY);
        Path cert =
                FileCheck.certificate(values, Setting.PEER_TLSCERT, Setting.PEER_TLSKEY)
                        .orElse(null);
        Path key =
                FileCheck.certificate(values, Setting.PEER_TLSKEY, Setting.PEER_TLSCERT)
                        .orElse(null);
        TlsSettings tls =
                new TlsSettings(
                        hasCert ? cert : ownTls.cert(),
                        hasCert ? key : ownTls.key(),
                        FileCheck.readable(values, Setting.PEER_TLSCA).orElse(ownTls.ca()),
                        values.isSet(Setting.PEER_TLSFIRST)
                                ? values.isOn(Setting.PEER_TLSFIRST)
                                : ownTls.first());
        return assemble(Setting.PEER_URL, login.orElse(ownLogin), tls);
    }

    private Optional<ConnectionSettings> assemble(
            Setting address, Credentials login, TlsSettings tls) {
        List<ServerUrl> servers = values.parsed(address, ConnectionReader::urls).orElse(List.of());
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        boolean hasUser = servers.stream().anyMatch(s -> s.userInfo() != null);
        if (hasUser && !(login instanceof Credentials.None)) {
            values.problem(
                    address,
                    "the address names a user, and another setting says how to log in; keep one");
        }
        Duration timeout =
                values.duration(Setting.TIMEOUT).orElse(ConnectionSettings.USUAL_TIMEOUT);
        if (timeout.isZero()) {
            values.problem(Setting.TIMEOUT, "has to be longer than nothing");
        }
        String inbox =
                values.parsed(Setting.INBOX_PREFIX, ConnectionReader::prefix).orElse("_INBOX");
        return Optional.of(
                new ConnectionSettings(servers, login, tls, inbox, connectTimeout, timeout));
    }

    private static List<ServerUrl> urls(String text) {
        List<ServerUrl> urls = new ArrayList<>();
        Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .forEach(part -> urls.add(ServerUrl.parse(part)));
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no address; write one like nats://HOST:4222");
        }
        return urls;
    }

    /// A subject prefix without the dot at its end.
    static String prefix(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (!PREFIX.matcher(bare).matches()) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is no subject prefix; use letters, digits, '-' and '_', with dots"
                            + " between the parts");
        }
        return bare;
    }
}
