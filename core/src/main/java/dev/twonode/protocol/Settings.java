package dev.twonode.protocol;

/// What a node knows about itself before anything happens.
///
/// @param node its name
/// @param process identity of this agent process, random per start
/// @param newPairId the identity that the pair gets if this node has to give it one
/// @param designated whether this is the node that leads a new pair (`--leader`)
/// @param startAloneLoosely whether a designated node that led when it stopped goes on without
///   contact (`--start-alone=designated`)
/// @param stopOnDivergence whether orphans wait for an operator (`--on-divergence=stop`)
/// @param timing its time-outs
public record Settings(
        NodeName node,
        String process,
        String newPairId,
        boolean designated,
        boolean startAloneLoosely,
        boolean stopOnDivergence,
        Timing timing) {}
