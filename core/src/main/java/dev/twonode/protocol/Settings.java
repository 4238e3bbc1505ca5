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
/// @param stopsAlone whether a leader takes no sole right for silence (`--when-alone=stop`)
/// @param ahead how far beyond the commit sequence a gateway of this node may show: 0 with
///   `--commit=both`, else `--max-loss`
/// @param timing its time-outs
public record Settings(
        NodeName node,
        String process,
        String newPairId,
        boolean designated,
        boolean startAloneLoosely,
        boolean stopOnDivergence,
        boolean stopsAlone,
        long ahead,
        Timing timing) {

    /// How far the ceiling is set above what may be shown.
    private static final long HEADROOM = 10_000;

    public Settings {
        if (ahead < 0) {
            throw new IllegalArgumentException("ahead cannot be negative: " + ahead);
        }
    }

    /// A node whose gateways show nothing beyond the commit sequence, and which goes on alone.
    public Settings(
            NodeName node,
            String process,
            String newPairId,
            boolean designated,
            boolean startAloneLoosely,
            boolean stopOnDivergence,
            Timing timing) {
        this(
                node,
                process,
                newPairId,
                designated,
                startAloneLoosely,
                stopOnDivergence,
                false,
                0,
                timing);
    }

    /// The ceiling to be journalled with a commit sequence (rule J2).
    long ceiling(long commit) {
        return commit + ahead + HEADROOM;
    }

    /// Whether a ceiling is so near to what may be shown that it is time for a new one.
    boolean isScarce(long ceiling, long commit) {
        return commit + ahead + HEADROOM / 2 > ceiling;
    }
}
