package dev.twonode.architecture.planted.protocol;

import dev.twonode.architecture.planted.node.Circle;
import dev.twonode.nats.NatsLink;
import io.nats.client.Options;
import java.time.Instant;
import java.util.Set;

/// Reads a clock, asks the system, depends on order and knows the client library.
public final class Impure {
    private final Set<String> names = Set.of("a", "b");
    private final Instant now = Instant.now();
    private final String system = System.lineSeparator();

    @Override
    public String toString() {
        return names + " " + now + system + Options.class + NatsLink.class + Circle.class;
    }
}
