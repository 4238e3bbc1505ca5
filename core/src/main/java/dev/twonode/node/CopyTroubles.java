package dev.twonode.node;

import dev.twonode.logging.Log;
import dev.twonode.logging.RateLimit;
import dev.twonode.protocol.Event.CopyProblem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Remembers why copying stopped until it has moved on, and logs each cause once.
///
/// Only what was copied shows that a trouble has ended: where no attempt gets on, each begins well.
final class CopyTroubles {

    private static final Log LOG = Log.of(CopyTroubles.class);

    private final RateLimit told = RateLimit.untilCleared();
    private volatile @Nullable CopyTrouble newest;
    private volatile long next;

    Optional<CopyTrouble> newest() {
        return Optional.ofNullable(newest);
    }

    void stopped(CopyProblem problem, String why) {
        newest = new CopyTrouble(problem, why);
        LOG.warnOnce(told, "copying stopped: " + why);
    }

    /// An attempt begins.
    ///
    /// @param sequence the next one to be copied
    void beginsAt(long sequence) {
        next = sequence;
    }

    /// Everything up to there was copied.
    void copiedTo(long sequence) {
        if (sequence >= next) {
            ended();
        }
    }

    /// There is no trouble any more.
    void ended() {
        if (newest != null) {
            newest = null;
            told.clear();
        }
    }
}
