package dev.twonode.simulation;

/// What goes wrong at one call on a store.
public enum Fault {
    /// Nothing.
    NONE,
    /// Nothing is sent.
    UNREACHABLE,
    /// The request is lost.
    LOST,
    /// The request is carried out and its answer is lost.
    ANSWER_LOST,
    /// The server has no room left for this one.
    DISK_FULL,
    /// The server is killed and started again before the request reaches it.
    SERVER_RESTARTS_BEFORE,
    /// The server carries the request out, is killed and started again before it answers.
    SERVER_RESTARTS_AFTER,
    /// The caller's process dies before the request is sent.
    AGENT_DIES_BEFORE,
    /// The caller's process dies when the request was carried out.
    AGENT_DIES_AFTER
}
