package dev.twonode.gateway;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/// An address of the gateway in two spellings. A client that knows only one address waits before it
/// connects anew, one that knows two does not, even if they lead to the same place.
final class Spellings {

    private Spellings() {}

    /// @param address one that a client can reach: that of its own connection
    static List<String> of(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String port = ":" + address.getPort();
        String literal = literal(host);
        boolean isLocalhost =
                literal.equals("127.0.0.1")
                        || (host instanceof Inet6Address && host.isLoopbackAddress());
        if (isLocalhost) {
            return List.of(literal + port, "localhost" + port);
        }
        return host instanceof Inet4Address
                ? List.of(literal + port, "[::ffff:" + literal + "]" + port)
                : List.of(literal + port, literal.toUpperCase(Locale.ROOT) + port);
    }

    private static String literal(InetAddress host) {
        String text = host.getHostAddress();
        int zone = text.indexOf('%');
        String bare = zone < 0 ? text : text.substring(0, zone);
        return host instanceof Inet6Address ? "[" + bare + "]" : bare;
    }
}
