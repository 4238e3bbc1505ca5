package dev.twonode.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// TLS of a connection, in PEM files as the `nats` command takes them.
///
/// @param cert certificate shown to the server, null for none; comes with `key`
/// @param key key of `cert`
/// @param ca authorities to trust, null for those of the Java runtime
/// @param first whether the handshake comes before the server's greeting
public record TlsSettings(
        @Nullable Path cert, @Nullable Path key, @Nullable Path ca, boolean first) {

    /// TLS only if the server or the address asks for it, with the runtime's authorities.
    public static final TlsSettings UNSET = new TlsSettings(null, null, null, false);

    public TlsSettings {
        if ((cert == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key come together");
        }
    }

    /// Whether anything here demands TLS, whatever the server and the address say.
    public boolean isDemanded() {
        return first || cert != null || ca != null;
    }

    /// The authorities to trust, empty for those of the Java runtime.
    public Optional<Path> authorities() {
        return Optional.ofNullable(ca);
    }
}
