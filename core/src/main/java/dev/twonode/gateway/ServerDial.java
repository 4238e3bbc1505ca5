package dev.twonode.gateway;

import dev.twonode.protocol.Showing;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/// The way to the two servers, as they are configured.
@FunctionalInterface
public interface ServerDial {

    /// What a gateway adds to the greeting that it passes on, so that an agent or a command that
    /// was given its address for a server's can tell. Clients leave out what they do not know.
    String GATEWAY_MARK = "twonode_gateway";

    /// Connects, reads the greeting, and makes the connection secure where that is asked for.
    ///
    /// @param patience bound of the whole attempt
    /// @throws IOException if the server cannot be reached or is none; the message says why
    Greeted dial(Showing.Place place, Duration patience) throws IOException;

    /// A connection on which the server has said who it is.
    ///
    /// @param socket the connection, of which nothing behind the greeting was read
    /// @param info the greeting, in JSON
    record Greeted(Socket socket, String info) {}
}
