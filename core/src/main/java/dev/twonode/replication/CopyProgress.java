package dev.twonode.replication;

/// How far a long copy is.
///
/// @param phase what is being done
/// @param unit what is counted
/// @param done how much is done so far
/// @param total how much it is in all, as far as known at the start
/// @param perSecond how much was done a second, over the whole phase
/// @param remainingMs estimated time left, -1 while unknown
public record CopyProgress(
        Phase phase, Unit unit, long done, long total, long perSecond, long remainingMs) {

    /// What is being done.
    public enum Phase {
        IDLE,
        COMPARING,
        EXPORTING,
        RESYNCING,
        TAILING
    }

    /// What is counted: a stream that goes over whole is known by its bytes only.
    public enum Unit {
        MESSAGES,
        BYTES
    }

    /// Nothing is being copied.
    public static final CopyProgress NONE = of(Phase.IDLE, 0);

    /// A phase of which nobody can say how long it takes.
    ///
    /// @param remainingMs estimated time left, -1 while unknown
    public static CopyProgress of(Phase phase, long remainingMs) {
        return new CopyProgress(phase, Unit.MESSAGES, 0, 0, 0, remainingMs);
    }

    /// Told how far a copy is, some ten times a second at most and at the end of each phase.
    @FunctionalInterface
    public interface Listener {
        void at(CopyProgress progress);
    }
}
