package dev.twonode.cli.bench;

import java.util.List;
import java.util.Locale;

/// The two rules by which a gateway confirms writes, each with what it may cost.
///
/// @see dev.twonode.config.GatewayConfig.Commit
enum Commit {
    LEADER(1.5, 1.4, 0.8),
    BOTH(2.5, 1.7, 0.6);

    private final double nats;
    private final double kine;
    private final double throughput;

    Commit(double nats, double kine, double throughput) {
        this.nats = nats;
        this.kine = kine;
        this.throughput = throughput;
    }

    /// How many times as long one write through the gateway may take as one straight to a server.
    double nats() {
        return nats;
    }

    /// How many times as long it may take through kine as through a kine straight on a server.
    double kine() {
        return kine;
    }

    /// What part of a server's own throughput has to be left.
    double throughput() {
        return throughput;
    }

    /// What an agent is told.
    List<String> arguments() {
        return List.of("--commit", word());
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
