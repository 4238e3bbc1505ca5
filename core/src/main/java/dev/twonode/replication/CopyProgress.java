package dev.twonode.replication;

/// How far a long copy is.
///
/// @param phase what is being done
/// @param done messages or bytes done so far
/// @param total messages or bytes in all, as far as known at the start
/// @param perSecond messages or bytes a second, over the whole phase
/// @param remainingMs estimated time left, -1 while unknown
public record CopyProgress(Phase phase, long done, long total, long perSecond, long remainingMs) {

    /// What is being done.
    public enum Phase {
        IDLE,
        COMPARING,
        EXPORTING,
        RESYNCING,
        TAILING
    }

    /// Nothing is being copied.
    public static final CopyProgress NONE = new CopyProgress(Phase.IDLE, 0, 0, 0, 0);

    /// Told how far a copy is, some ten times a second at most and at the end of each phase.
    @FunctionalInterface
    public interface Listener {
        void at(CopyProgress progress);
    }
}
