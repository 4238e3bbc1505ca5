package dev.twonode.simulation;

/// The process that called is gone: nothing of it runs after this. An error, so that no code under
/// test takes it for a failure it could handle.
public final class AgentDeath extends Error {

    private static final long serialVersionUID = 1L;

    AgentDeath(String call) {
        super("the agent died at " + call);
    }
}
