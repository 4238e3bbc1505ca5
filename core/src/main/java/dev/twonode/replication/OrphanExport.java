package dev.twonode.replication;

import java.time.Instant;
import java.util.Locale;

/// One export of orphans, as its file name and first line describe it.
///
/// @param name its file name
/// @param time when it was made
/// @param origin whose messages these were
/// @param term the term that owns the first of them, 0 when no term does
/// @param from the first orphan
/// @param to the last orphan
/// @param count how many there are
/// @param bytes size of the file
public record OrphanExport(
        String name,
        Instant time,
        Origin origin,
        long term,
        long from,
        long to,
        long count,
        long bytes) {

    /// Whose messages orphans were.
    ///
    /// @param pair identity of the pair
    /// @param node name of the node that had them
    /// @param acknowledged whether their writers were told that they were stored
    public record Origin(String pair, String node, Acknowledged acknowledged) {}

    /// Whether the writers of orphans were told that these were stored.
    public enum Acknowledged {
        YES,
        NO,
        UNKNOWN;

        /// The word used in files and answers.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Acknowledged of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
