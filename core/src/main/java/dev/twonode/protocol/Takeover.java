package dev.twonode.protocol;

import java.util.List;
import java.util.Optional;

/// Rule G3: whoever fences the stream of a silent leader and copies all of it holds what that one
/// wrote in terms of which it never heard. They are not greater than its own then.
final class Takeover {

    private Takeover() {}

    /// The journal of the fenced node without such terms, once the peer's history shows that it
    /// leads from beyond this stream's end.
    ///
    /// A fence that came late, when the peer had heard of those terms, changes nothing. Nor does
    /// one behind which the peer did not get to this stream's end.
    static Optional<Journal> recognised(Memory memory, Report peer) {
        Journal journal = memory.journal();
        Reading reading = memory.own().reading();
        boolean closed =
                memory.own().usable()
                        && reading != null
                        && reading.face() instanceof Reading.Face.Fenced;
        boolean samePair =
                journal.pairId() != null && journal.pairId().equals(peer.sender().pairId());
        if (journal.fencedIn() == 0 || !closed || !samePair || memory.contentUnknown()) {
            return Optional.empty();
        }
        List<Term> led = ledSince(journal.history(), journal.node(), journal.fencedIn());
        TermHistory other = peer.standing().history();
        List<Term> taken = ledSince(other, peer.sender().node(), journal.fencedIn());
        long last = memory.own().lastSeq();
        boolean holdsAll =
                !taken.isEmpty() && taken.stream().allMatch(term -> term.startSeq() > last);
        boolean unheard = !led.isEmpty() && led.stream().noneMatch(other.terms()::contains);
        return holdsAll && unheard
                ? Optional.of(journal.withHistory(other.upTo(journal.fencedIn())))
                : Optional.empty();
    }

    private static List<Term> ledSince(TermHistory history, NodeName node, long number) {
        return history.terms().stream()
                .filter(term -> term.number() > number && term.leader().equals(node))
                .toList();
    }
}
