package dev.twonode.protocol;

/// Revisions that a promotion gave up, because it could not prove that nobody was shown them with
/// content that is gone: the stream goes on beyond them (rules J1, J3).
///
/// @param term number of the term that began so
/// @param from the first of these revisions
/// @param to the revision at which the stream goes on: that of kine's compaction key
/// @param bounded whether nobody was shown any beyond these
/// @param stage what is done about it on this node
public record Jump(long term, long from, long to, boolean bounded, Stage stage) {

    /// What is done about a jump.
    public enum Stage {
        /// The stream has not been seen to go so far.
        UNDER_WAY,
        /// kine and the API server of this node know the old revisions, and nobody was told.
        DONE,
        /// The hook has restarted them, or an operator says so.
        RESTARTED,
        /// There is no hook, or it failed: an operator has to.
        LEFT
    }

    /// A client that saw the last revision that is gone watches from the next one on. That one has
    /// to be compacted too, so the key comes behind it.
    private static final long BEYOND = 2;

    static Jump beyond(long term, long from, long shown, boolean bounded) {
        return new Jump(term, from, shown + BEYOND, bounded, Stage.UNDER_WAY);
    }

    /// The last revision that may be gone.
    public long last() {
        return to - BEYOND;
    }

    /// The same jump when an operator has to restart kine.
    public Jump left() {
        return at(Stage.LEFT);
    }

    Jump at(Stage value) {
        return new Jump(term, from, to, bounded, value);
    }
}
