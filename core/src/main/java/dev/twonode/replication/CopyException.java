package dev.twonode.replication;

import java.io.IOException;
import java.util.Objects;

/// A piece of copy work did not succeed, and whose fault that is. What was done so far may be done
/// again: every piece of work starts over safely.
public final class CopyException extends Exception {

    private static final long serialVersionUID = 1L;

    /// Where the work failed.
    public enum Side {
        /// At this node's own server.
        OWN,
        /// At the leader's server.
        LEADER,
        /// In this node's state folder: nothing was deleted, an operator has to make room.
        DISK
    }

    private final Side side;
    private final StoreException.Kind kind;

    CopyException(Side side, StoreException cause) {
        super(nameOf(side) + ": " + cause.getMessage(), cause);
        this.side = side;
        this.kind = cause.kind();
    }

    CopyException(Side side, StoreException.Kind kind, String message) {
        super(nameOf(side) + ": " + message);
        this.side = side;
        this.kind = kind;
    }

    CopyException(String what, IOException cause) {
        super(nameOf(Side.DISK) + ": " + what + ": " + cause.getMessage(), cause);
        this.side = Side.DISK;
        this.kind = StoreException.Kind.UNUSABLE;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public Side side() {
        return side;
    }

    /// What is known of the call that failed.
    public StoreException.Kind kind() {
        return kind;
    }

    private static String nameOf(Side side) {
        return switch (side) {
            case OWN -> "own stream";
            case LEADER -> "leader's stream";
            case DISK -> "state folder";
        };
    }
}
