package dev.twonode.cli.agent;

import dev.twonode.config.ConnectionSettings;

/// Opens the way to the server of one node. Does not connect yet.
@FunctionalInterface
public interface AgentClients {

    /// A client of the server that the settings name.
    AgentClient open(ConnectionSettings settings);

    /// Clients over NATS.
    static AgentClients overNats() {
        return NatsAgentClient::new;
    }
}
