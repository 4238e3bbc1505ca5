package dev.twonode.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// The addresses of a gateway that is still to be opened: they are this process's, and whoever
/// connects waits.
public final class Entrance {

    private final GatewaySettings settings;
    private final List<Listener> listeners;

    private Entrance(GatewaySettings settings, List<Listener> listeners) {
        this.settings = settings;
        this.listeners = List.copyOf(listeners);
    }

    /// Takes every address.
    ///
    /// @throws IOException if one of them cannot be used; none is taken then
    public static Entrance at(GatewaySettings settings) throws IOException {
        List<Listener> listeners = new ArrayList<>();
        try {
            for (InetSocketAddress address : settings.addresses()) {
                listeners.add(Listener.open(address));
            }
        } catch (IOException e) {
            listeners.forEach(Listener::close);
            throw e;
        }
        return new Entrance(settings, listeners);
    }

    /// Gives the addresses back.
    public void close() {
        listeners.forEach(Listener::close);
    }

    GatewaySettings settings() {
        return settings;
    }

    List<Listener> listeners() {
        return listeners;
    }
}
