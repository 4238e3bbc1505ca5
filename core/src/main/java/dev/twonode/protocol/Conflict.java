package dev.twonode.protocol;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What clients of one node were shown while the other node led without it (rule J2). Healed, the
/// two have different content under the same revisions until whoever leads has given them up.
///
/// @param node whose clients they are
/// @param history the terms that own its stream
/// @param lastSeq how far the stream goes
/// @param commitSeq how far it is known to be committed
/// @param jump the newest jump of the node, null when there never was one
/// @param unshown terms of the other node of which that one's clients were shown nothing, null when
///   this node's version does not know what that is
record Conflict(
        NodeName node,
        TermHistory history,
        long lastSeq,
        long commitSeq,
        @Nullable Jump jump,
        @Nullable List<Term> unshown) {

    private static Conflict of(Memory memory) {
        Journal journal = memory.journal();
        boolean read = memory.own().reading() != null;
        return new Conflict(
                journal.node(),
                journal.history(),
                read ? memory.own().lastSeq() : journal.commitSeq(),
                memory.commit(),
                journal.jump(),
                journal.unshownTerms());
    }

    private static Conflict of(Report report) {
        return new Conflict(
                report.sender().node(),
                report.standing().history(),
                report.store().lastSeq(),
                report.store().commitSeq(),
                report.shown().jump(),
                report.standing().unshown());
    }

    /// Whether this node's clients were shown what the leader does not hold and has not given up.
    static boolean withLeader(Memory memory, Report leader) {
        return known(memory, leader) && of(memory).isOpenWith(of(leader));
    }

    /// Whether the peer's clients were shown what this leader does not hold and has not given up.
    static boolean ofLeader(Memory memory, Report peer) {
        return known(memory, peer) && of(peer).isOpenWith(of(memory));
    }

    /// Whether the peer led a term of which this node knows nothing.
    static boolean hasLedUnheard(Memory memory, Report peer) {
        Conflict other = of(peer);
        Conflict own = of(memory);
        return other.history().terms().stream().anyMatch(term -> other.isUnheard(term, own));
    }

    /// The fork with a peer whose store does not answer: its end is at least what it committed.
    static Optional<Long> fork(Memory memory, Report peer) {
        long end = Math.max(peer.store().lastSeq(), peer.store().commitSeq());
        return memory.journal()
                .history()
                .forkWith(memory.own().lastSeq(), peer.standing().history(), end);
    }

    private static boolean known(Memory memory, Report peer) {
        return !memory.contentUnknown() && !peer.standing().contentUnknown();
    }

    private boolean isOpenWith(Conflict leader) {
        Optional<Long> common = history.forkWith(lastSeq, leader.history(), leader.lastSeq());
        if (common.isEmpty()) {
            return false;
        }
        long fork = common.get();
        long shown = shownAgainst(leader);
        Jump given = leader.jump();
        boolean givenUp = given != null && given.from() <= fork + 1 && shown <= given.last();
        return shown > fork && !givenUp;
    }

    /// How far the peer's clients were shown what it holds.
    static long shownBy(Report peer, Memory memory) {
        return of(peer).shownAgainst(of(memory));
    }

    /// How far this node's clients were shown what it holds. A term that the other node never heard
    /// of was led without it: all of it may have been shown, however old the known commit sequence
    /// is.
    private long shownAgainst(Conflict other) {
        boolean unheard =
                history.ownerOf(lastSeq).filter(term -> isUnheard(term, other)).isPresent();
        return unheard ? lastSeq : Math.min(lastSeq, commitSeq);
    }

    /// Both nodes have to come to the same: what one of them does not know counts for neither.
    private boolean isUnheard(Term term, Conflict other) {
        boolean ended =
                unshown != null && other.unshown() != null && other.unshown().contains(term);
        return term.leader().equals(node) && !other.history().terms().contains(term) && !ended;
    }
}
