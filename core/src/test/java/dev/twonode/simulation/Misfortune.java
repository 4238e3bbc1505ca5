package dev.twonode.simulation;

/// What may go wrong.
enum Misfortune {
    /// An agent is killed and started again by its supervisor.
    AGENT_KILLED,
    /// A server is killed and started again.
    SERVER_KILLED,
    /// A server is killed and is back at once, before its agent has noticed much.
    SERVER_RESTARTED,
    /// Agent and server are killed together.
    NODE_KILLED,
    /// The power fails: what a server has not synced is lost.
    POWER_CUT,
    /// Both nodes lose their power.
    BOTH_CUT,
    /// An agent does not run for a while.
    AGENT_PAUSED,
    /// A server does not run for a while.
    SERVER_PAUSED,
    /// Neither runs for a while.
    NODE_PAUSED,
    /// The machine sleeps: the monotonic clock stands still meanwhile, the wall clock does not.
    NODE_SUSPENDED,
    /// The nodes cannot reach each other.
    CUT,
    /// One node cannot reach the other.
    CUT_ONE_WAY,
    /// A node's wall clock jumps.
    CLOCK_JUMP,
    /// A server has no room left for a while.
    DISK_FULL,
    /// A journal cannot be written for a while.
    JOURNAL_FULL,
    /// The disk of a journal hangs for a while: whoever decides waits for it.
    JOURNAL_HANGS,
    /// An agent dies between two actions or in the middle of a call.
    DEATH_BETWEEN_ACTIONS,
    /// Agent and server die together between two actions or in the middle of a call.
    NODE_DEATH_BETWEEN_ACTIONS,
    /// An agent, and perhaps its server, dies just before or after it writes its journal.
    DEATH_AT_THE_JOURNAL,
    /// A server dies just before or after it carries out a call.
    SERVER_DEATH_AT_CALL,
    /// An operator asks the leader to hand over.
    STEP_DOWN,
    /// An agent is asked to stop, and is started again.
    STOP,
    /// An operator suspends automatic failover for a while.
    SUSPENSION
}
