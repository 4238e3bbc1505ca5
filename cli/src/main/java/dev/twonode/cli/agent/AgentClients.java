package dev.twonode.cli.agent;

/// placeholder
public interface AgentClients {
    static AgentClients overNats() {
        return new AgentClients() {};
    }
}
