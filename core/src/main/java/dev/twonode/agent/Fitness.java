package dev.twonode.agent;

import dev.twonode.messaging.ServerIdentity;
import java.util.Optional;

/// Whether a server that answers can be a node's own.
final class Fitness {

    private Fitness() {}

    /// Why it cannot and what to do, empty when it can.
    static Optional<String> unfit(ServerIdentity server) {
        if (!server.jetStream()) {
            return Optional.of(
                    "JetStream is not enabled on the server at "
                            + server.url()
                            + ". Start nats-server with 'jetstream {}' in its configuration"
                            + " or with -js");
        }
        if (!server.cluster().isEmpty()) {
            return Optional.of(
                    "the server at "
                            + server.url()
                            + " is part of the cluster '"
                            + server.cluster()
                            + "'. Each node needs a server on its own: remove 'cluster {}' from"
                            + " its configuration");
        }
        return Optional.empty();
    }
}
