package dev.twonode.protocol;

/// How a node came to the right to lead.
enum Cause {
    /// Won the contest on contact; needs the loser's consent.
    CONTEST,
    /// Its journal holds the sole right, or this is the pair's first start.
    ALONE,
    /// The leader is gone and this follower is in sync, or the leader resigned.
    FAILOVER,
    /// The leader's agent is gone, and everything that its server held was copied (rule G3).
    DRAINED,
    /// The leader granted a term.
    GRANT,
    /// An operator forced it; writes may be lost.
    FORCED
}
