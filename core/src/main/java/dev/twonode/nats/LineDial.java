package dev.twonode.nats;

import dev.twonode.replication.StoreException;

/// Opens a connection of one's own to the server process that a session leads to. Whoever asks
/// waits for it, so it ends within a bound.
@FunctionalInterface
interface LineDial {
    CopyLine open(Session beside) throws StoreException;
}
