package dev.twonode.gateway;

import java.io.IOException;
import java.net.Socket;

/// How what clients say is kept secret.
@FunctionalInterface
public interface Encryption {

    /// The same connection, encrypted: this side of the handshake comes first.
    ///
    /// @throws IOException if the other end does not play its side
    Socket encrypt(Socket plain) throws IOException;
}
