package dev.twonode.node;

import dev.twonode.logging.Log;
import dev.twonode.replication.Comparison;
import dev.twonode.replication.CopyException;
import dev.twonode.replication.Level;
import java.time.Duration;
import java.util.function.Consumer;

/// Looks, less and less often, whether both streams are level: then their first sequences, counts
/// and deleted numbers must be the same too. Later looks are for what is purged by hand. An
/// interrupt ends it.
final class LevelWatch implements Runnable {

    private static final Log LOG = Log.of(LevelWatch.class);

    private static final long FIRST_LOOK_MS = 1_000;
    private static final long LAST_LOOK_MS = 60_000;

    private final Comparison comparison;
    private final CopyTroubles troubles;
    private final Consumer<String> different;

    /// @param different told what is not the same, once
    LevelWatch(Comparison comparison, CopyTroubles troubles, Consumer<String> different) {
        this.comparison = comparison;
        this.troubles = troubles;
        this.different = different;
    }

    @Override
    public void run() {
        long pause = FIRST_LOOK_MS;
        boolean seen = false;
        try {
            while (!Thread.interrupted()) {
                Thread.sleep(Duration.ofMillis(pause));
                pause = Math.min(2 * pause, LAST_LOOK_MS);
                switch (seen ? comparison.counts() : comparison.level()) {
                    case Level.Same _ -> {
                        seen = true;
                        troubles.ended();
                    }
                    case Level.Different(String why) -> {
                        different.accept(why);
                        return;
                    }
                    case Level.Moving _ -> {}
                }
            }
        } catch (CopyException e) {
            LOG.debug("the streams could not be compared: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
