package dev.twonode.agent;

import dev.twonode.node.Clock;
import java.time.Instant;

/// A clock that a test moves by hand. The wall clock stands still.
final class HandClock implements Clock {

    long now;

    HandClock(long now) {
        this.now = now;
    }

    @Override
    public long millis() {
        return now;
    }

    @Override
    public Instant wall() {
        return Instant.EPOCH;
    }
}
