package dev.twonode.cli.bench;

import java.io.IOException;

/// One way to write a key again and again, each write guarded by the revision of the last one.
@FunctionalInterface
interface GuardedWrite {

    /// Writes once and waits for the answer.
    ///
    /// @throws IOException if it was not made
    void write() throws IOException, InterruptedException;
}
