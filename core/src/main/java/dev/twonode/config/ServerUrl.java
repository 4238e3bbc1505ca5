package dev.twonode.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The address of a NATS server: `nats://HOST:PORT`; the scheme and the port may be left out.
///
/// @param scheme `nats`, `tls`, `ws` or `wss`
/// @param host name or address, an IPv6 address without its brackets
/// @param port 1 to 65535
/// @param userInfo what stood before `@`, which never appears in `toString`
public record ServerUrl(String scheme, String host, int port, @Nullable Secret userInfo) {

    private static final List<String> SCHEMES = List.of("nats", "tls", "ws", "wss");
    private static final Pattern HAS_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

    public ServerUrl {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    /// Reads an address.
    ///
    /// @throws IllegalArgumentException if the text is none; the message says why
    public static ServerUrl parse(String text) {
        String trimmed = text.strip();
        String whole = HAS_SCHEME.matcher(trimmed).matches() ? trimmed : "nats://" + trimmed;
        URI uri = uri(whole, text);
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException(
                    "unknown scheme '" + scheme + "' in a server address; use nats:// or tls://");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException(
                    hostFault(authority(uri))
                            + " in '"
                            + masked(text)
                            + "'; write an address like nats://HOST:4222");
        }
        String path = Objects.requireNonNullElse(uri.getRawPath(), "");
        if (!(path.isEmpty() || path.equals("/"))
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "'" + masked(text) + "' has something after the port; leave it out");
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() == -1 ? defaultPort(scheme) : uri.getPort();
        String info = uri.getRawUserInfo();
        return new ServerUrl(scheme, bare, port, info == null ? null : new Secret(info));
    }

    /// What follows the user part, empty when there is nothing.
    private static String authority(URI uri) {
        String all = Objects.requireNonNullElse(uri.getRawAuthority(), "");
        return all.substring(all.lastIndexOf('@') + 1);
    }

    /// Why an address has no host that can be used.
    private static String hostFault(String authority) {
        int colon = authority.indexOf(':');
        if (authority.isEmpty() || (colon == 0 && authority.lastIndexOf(":") == 0)) {
            return "no host";
        }
        if (colon != authority.lastIndexOf(':')) {
            return "an IPv6 address without brackets (write [::1]:4222)";
        }
        if (colon > 0 && !authority.substring(colon + 1).matches("[0-9]*")) {
            return "a port that is no number";
        }
        return "a host name with more than letters, digits, '-' and '.'";
    }

    /// Whether both lead to the same port of the same machine, as far as the spelling tells.
    public boolean isSameEndpointAs(ServerUrl other) {
        return port == other.port
                && (host.equalsIgnoreCase(other.host) || (isLoopback() && other.isLoopback()));
    }

    /// Whether it leads to who listens at that address of this machine, as far as the spelling
    /// tells.
    boolean isServedBy(InetSocketAddress listening) {
        String there = listening.getHostString();
        boolean everywhere = there.equals("0.0.0.0") || there.equals("::");
        return port == listening.getPort()
                && (host.equalsIgnoreCase(there)
                        || (isLoopback() && (everywhere || isLoopback(there))));
    }

    /// The address with its user part, for the client library only.
    public String withSecret() {
        return userInfo == null ? toString() : text(userInfo.value() + "@");
    }

    @Override
    public String toString() {
        return text(userInfo == null ? "" : Secret.MASK + "@");
    }

    private boolean isLoopback() {
        return isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    private String text(String user) {
        String shownHost = host.contains(":") ? "[" + host + "]" : host;
        return scheme + "://" + user + shownHost + ":" + port;
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "ws" -> 80;
            case "wss" -> 443;
            default -> 4222;
        };
    }

    private static URI uri(String whole, String text) {
        try {
            return new URI(whole);
        } catch (URISyntaxException e) {
            // The exception quotes its input, which may hold a password.
            throw new IllegalArgumentException(
                    "'" + masked(text) + "' is not an address like nats://HOST:4222");
        }
    }

    /// A text that failed to parse, less what may be its password.
    private static String masked(String text) {
        int at = text.lastIndexOf('@');
        return at < 0 ? text : Secret.MASK + text.substring(at);
    }
}
