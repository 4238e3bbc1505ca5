package dev.twonode.protocol;

import java.util.List;
import java.util.Optional;

/// Rule G3: what a leader wrote in terms of which its follower never heard counts no more than the
/// rest once that one holds all of it: because it fenced the silent leader's stream and copied it
/// to the end, or because it copied on and the leader's store has lost more since.
final class Takeover {

    private Takeover() {}

    /// The journal of the node that led in such terms without them, once the peer's report shows
    /// that they are all there.
    ///
    /// A fence that came late, when the peer had heard of those terms, changes nothing. Nor does
    /// one behind which the peer did not get to this stream's end. A promotion that is certain goes
    /// by its journal.
    static Optional<Journal> recognised(State state, Report peer) {
        Memory memory = state.memory();
        Journal journal = memory.journal();
        Reading reading = memory.own().reading();
        boolean closed =
                memory.own().usable()
                        && reading != null
                        && reading.face() instanceof Reading.Face.Fenced;
        boolean samePair =
                journal.pairId() != null && journal.pairId().equals(peer.sender().pairId());
        boolean certain = state instanceof State.Promoting promoting && promoting.isCertain();
        long number = followedIn(journal, peer);
        if (number == 0 || !closed || !samePair || certain || memory.contentUnknown()) {
            return Optional.empty();
        }
        List<Term> led = ledSince(journal.history(), journal.node(), number);
        TermHistory other = peer.standing().history();
        List<Term> taken = ledSince(other, peer.sender().node(), number);
        boolean beyond = taken.stream().allMatch(term -> term.startSeq() > memory.own().lastSeq());
        boolean holdsAll = beyond && (!taken.isEmpty() || isWholeCopy(memory, peer));
        boolean unheard = !led.isEmpty() && led.stream().noneMatch(other.terms()::contains);
        return holdsAll && unheard
                ? Optional.of(
                        journal.withHistory(other.upTo(number))
                                .withAlone(false)
                                .withVoidFrom(0)
                                .withFencedIn(number))
                : Optional.empty();
    }

    /// Number of the term in which the peer followed when it copied what this node led with, 0 when
    /// neither its fence tells nor the peer. The power may have taken the fence.
    private static long followedIn(Journal journal, Report peer) {
        Origin copy = peer.standing().origin();
        boolean told = journal.fencedIn() == 0 && journal.origin().isSourceOf(copy);
        return told ? copy.copiedIn() : journal.fencedIn();
    }

    /// Whether the peer copied from the server process in which this node led last, and got to
    /// where this stream ends now.
    private static boolean isWholeCopy(Memory memory, Report peer) {
        return memory.journal().origin().isSourceOf(peer.standing().origin())
                && peer.store().usable()
                && !peer.standing().contentUnknown()
                && peer.store().lastSeq() >= memory.own().lastSeq();
    }

    private static List<Term> ledSince(TermHistory history, NodeName node, long number) {
        return history.terms().stream()
                .filter(term -> term.number() > number && term.leader().equals(node))
                .toList();
    }
}
