package dev.twonode.config;

/// What this node has to know of the pair.
///
/// @param bucket the KV bucket that is copied
/// @param designated whether this node leads the first time (rule T4)
/// @param subjectPrefix before the plain subjects, with a dot at its end, or empty
/// @param startAlone what a node needs to lead without having met its peer (rule S3)
/// @param onDivergence what follows when both sides wrote without each other
public record PairSettings(
        String bucket,
        boolean designated,
        String subjectPrefix,
        StartAlone startAlone,
        OnDivergence onDivergence) {

    /// What a node needs to lead without having met its peer.
    public enum StartAlone {
        /// The journal's word that it has the sole right.
        PROOF,
        /// Being the designated node that led when it stopped; counts as a forced promotion.
        DESIGNATED
    }

    /// What follows when both sides wrote without each other.
    public enum OnDivergence {
        /// The losing side exports its orphans and copies the other.
        REJOIN,
        /// Both wait, fenced, for an operator.
        STOP
    }

    /// The stream behind the bucket.
    public String stream() {
        return "KV_" + bucket;
    }
}
