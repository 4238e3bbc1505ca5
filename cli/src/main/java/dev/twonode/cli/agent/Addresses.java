package dev.twonode.cli.agent;

import java.net.URI;
import java.util.Locale;

/// Parts of a server's address.
final class Addresses {

    private static final int USUAL_PORT = 4222;

    private Addresses() {}

    /// The host, empty when there is none.
    static String host(String address) {
        String host = uri(address).getHost();
        return host == null ? "" : host.toLowerCase(Locale.ROOT);
    }

    static int port(String address) {
        int port = uri(address).getPort();
        return port < 0 ? USUAL_PORT : port;
    }

    /// Whether the host means the machine itself, whoever says it.
    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
    }

    private static URI uri(String address) {
        try {
            return URI.create(address.contains("://") ? address : "nats://" + address);
        } catch (IllegalArgumentException e) {
            return URI.create("nats:///");
        }
    }
}
