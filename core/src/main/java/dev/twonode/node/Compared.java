package dev.twonode.node;

import dev.twonode.protocol.Action;
import dev.twonode.protocol.Report;
import dev.twonode.protocol.Term;
import dev.twonode.replication.Verdict;
import java.util.Optional;

/// The follower's stream beside the leader's.
///
/// @param asked what was to be compared
/// @param found what came of it
record Compared(Action.Compare asked, Verdict found) {

    /// Why all is copied.
    ///
    /// @param isLoss whether something was here that is not any more, or should not have been
    /// @param words the same for people
    record Why(boolean isLoss, String words) {}

    /// A copy before did not get to its end.
    static final Why CUT_OFF = new Why(true, "a copy before was cut off");

    Report leader() {
        return asked.leader();
    }

    /// The same once the own stream is the leader's up to that sequence.
    Compared level(long last) {
        return new Compared(asked, new Verdict.Prefix(last + 1, 0));
    }

    /// Why what was found asks for a copy of all, empty when it only goes on behind what is here.
    Optional<Why> why() {
        return switch (found) {
            case Verdict.Prefix(long from, long missing) ->
                    from == 1 && missing > 0 ? Optional.of(nothingHere()) : Optional.empty();
            case Verdict.SnapshotCheaper(long from, long missing, _) ->
                    Optional.of(from == 1 ? nothingHere() : behind(missing));
            case Verdict.Differs(String difference) ->
                    Optional.of(
                            new Why(
                                    true,
                                    "the own stream is no part of the leader's: " + difference));
            case Verdict.Orphans orphans -> Optional.of(new Why(true, exported(orphans)));
            case Verdict.Unrelated _ -> Optional.empty();
        };
    }

    private Why nothingHere() {
        Optional<Term> last = asked.own().last();
        if (last.isEmpty()) {
            return new Why(false, "this node had no stream of this pair yet");
        }
        String held =
                asked.committed() == 0
                        ? ""
                        : " and held at least all up to sequence " + asked.committed();
        return new Why(
                true, "the own stream was lost, which was of term " + last.get().number() + held);
    }

    private static Why behind(long missing) {
        return new Why(
                false, "that is quicker than the " + missing + " sequences that are missing here");
    }

    private static String exported(Verdict.Orphans orphans) {
        if (orphans.count() == 1) {
            return "the message of sequence %d is only here; it is exported first"
                    .formatted(orphans.from());
        }
        return "%d messages of sequences %d to %d are only here; they are exported first"
                .formatted(orphans.count(), orphans.from(), orphans.to());
    }
}
