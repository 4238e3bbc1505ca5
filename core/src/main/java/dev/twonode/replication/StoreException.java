package dev.twonode.replication;

import java.util.Objects;

/// A call on a [Store] did not succeed.
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1L;

    /// What is known of the call.
    public enum Kind {
        /// No connection to the server: nothing was sent.
        UNREACHABLE,
        /// Sent, and no answer came: it may or may not have been carried out.
        UNKNOWN,
        /// The server said no: nothing was changed.
        REFUSED,
        /// The stream does not exist: nothing was changed.
        NO_STREAM,
        /// The server answers but cannot store (JetStream off, disk full, read only).
        UNUSABLE,
        /// The sequence that an append needs is not the one that the stream would give.
        WRONG_SEQUENCE
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public Kind kind() {
        return kind;
    }
}
