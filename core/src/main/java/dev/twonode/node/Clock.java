package dev.twonode.node;

import java.time.Instant;

/// The two clocks of a node. Nothing outside `node` and `agent` reads either.
public interface Clock {

    /// Milliseconds that never go back; only differences mean anything.
    long millis();

    /// The time of day, for people and for the peer to compare with its own.
    Instant wall();

    /// The machine's clocks.
    static Clock system() {
        return new Clock() {
            @Override
            public long millis() {
                return System.nanoTime() / 1_000_000;
            }

            @Override
            public Instant wall() {
                return Instant.now();
            }
        };
    }
}
