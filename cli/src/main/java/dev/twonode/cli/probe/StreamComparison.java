package dev.twonode.cli.probe;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares the streams of two nodes message by message.
public final class StreamComparison {

    private StreamComparison() {}

    /// The first difference, in words; empty when there is none up to the end of the shorter one.
    ///
    /// @param leader image of the leader's stream, read after the follower's
    public static Optional<String> firstDifference(StreamImage leader, StreamImage follower) {
        if (follower.last() > leader.last()) {
            return Optional.of(
                    "the follower ends at %d, beyond the leader's %d"
                            .formatted(follower.last(), leader.last()));
        }
        for (Map.Entry<Long, StreamImage.Entry> entry : follower.entries().entrySet()) {
            long sequence = entry.getKey();
            StreamImage.Entry mine = entry.getValue();
            StreamImage.Entry theirs = leader.entries().get(sequence);
            if (theirs == null
                    ? !leader.wasPushedOut(sequence, mine.subject())
                    : !theirs.equals(mine)) {
                return Optional.of(
                        "they differ at sequence %d: the leader has %s, the follower %s"
                                .formatted(sequence, inWords(theirs), inWords(mine)));
            }
        }
        for (Map.Entry<Long, StreamImage.Entry> entry :
                leader.entries().headMap(follower.last(), true).entrySet()) {
            long sequence = entry.getKey();
            if (!follower.entries().containsKey(sequence)
                    && !follower.wasPushedOut(sequence, entry.getValue().subject())) {
                return Optional.of("the follower lacks sequence " + sequence);
            }
        }
        return Optional.empty();
    }

    private static String inWords(StreamImage.@Nullable Entry entry) {
        return entry == null
                ? "nothing"
                : "%s (payload %x, headers %x)"
                        .formatted(entry.subject(), entry.digest(), entry.headers());
    }
}
