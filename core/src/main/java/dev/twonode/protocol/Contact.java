package dev.twonode.protocol;

import java.util.Objects;

/// Who leads when two nodes meet (rules T4, T5). Both nodes compute the same from the two reports.
final class Contact {

    /// What a fenced node makes of its peer's report.
    sealed interface Verdict {
        /// The peer leads, rightly.
        record Follow() implements Verdict {}

        /// This node shall lead, once the peer consents.
        record Claim() implements Verdict {}

        /// The peer shall lead: consent as soon as it claims.
        record Yield() implements Verdict {}

        /// Nothing can be decided from this report; a later one will say more.
        record Patience() implements Verdict {}

        /// An operator has to decide.
        record Impasse(Reason reason, String detail) implements Verdict {}
    }

    private final Settings settings;

    Contact(Settings settings) {
        this.settings = settings;
    }

    Verdict decide(Memory memory, Report peer) {
        String pair = memory.journal().pairId();
        String other = peer.sender().pairId();
        if (pair != null && other != null && !pair.equals(other)) {
            return new Verdict.Impasse(
                    Reason.OTHER_PAIR,
                    "this node belongs to pair " + pair + ", the peer to pair " + other);
        }
        return switch (peer.role()) {
            case STARTING -> peer.store().usable() ? new Verdict.Patience() : contest(memory, peer);
            case FOLLOWING, HANDING_OVER, STOPPED -> new Verdict.Patience();
            case LEADING -> meetLeader(memory, peer);
            case PROMOTING -> meetClaimant(memory, peer);
            case JOINING, WAITING -> contest(memory, peer);
        };
    }

    private Verdict meetLeader(Memory memory, Report peer) {
        if (memory.contentUntold()) {
            return new Verdict.Follow();
        }
        if (unrelated(memory, peer)) {
            return impasse(memory, peer);
        }
        boolean ahead = memory.position().compareTo(peer.standing().position()) > 0;
        return ahead || hasLedSince(memory, peer) || Conflict.withLeader(memory, peer)
                ? new Verdict.Patience()
                : new Verdict.Follow();
    }

    /// Whether this node's newest term is above the leader's: a leader that hears of it starts one
    /// above, so that nobody goes back to an older term (rule C2).
    private static boolean hasLedSince(Memory memory, Report leader) {
        return memory.hasLedSince(leader.term() == null ? 0 : leader.term().number());
    }

    /// A peer that promotes itself after this node's term ended is on its way to lead with all that
    /// was acknowledged; one that claims on contact needs the contest's outcome.
    private Verdict meetClaimant(Memory memory, Report peer) {
        return peer.claim() == null ? new Verdict.Patience() : contest(memory, peer);
    }

    private Verdict contest(Memory memory, Report peer) {
        if (!peer.store().usable()) {
            return peer.standing().alone() || isLacking(memory)
                    ? new Verdict.Patience()
                    : new Verdict.Claim();
        }
        boolean unknown = memory.contentUnknown();
        boolean peerUnknown = peer.standing().contentUnknown();
        boolean nothingKept =
                (unknown && (peerUnknown || isBlank(peer))) || (peerUnknown && isBlank(memory));
        if (nothingKept) {
            return new Verdict.Impasse(
                    Reason.BOTH_UNKNOWN,
                    "neither stream is known to be the one that its state folder tells of, so"
                            + " neither is copied from: a resync was interrupted (the local"
                            + " snapshot is in the state folder), or servers or state folders were"
                            + " swapped (then put them back)");
        }
        if (unrelated(memory, peer)) {
            boolean untold = memory.contentUntold();
            boolean bothAlike = untold == peer.standing().history().terms().isEmpty();
            return bothAlike
                    ? impasse(memory, peer)
                    : untold ? new Verdict.Yield() : new Verdict.Claim();
        }
        if (unknown != peerUnknown) {
            return unknown ? new Verdict.Yield() : new Verdict.Claim();
        }
        return wins(memory, peer) ? new Verdict.Claim() : new Verdict.Yield();
    }

    /// Whether a peer whose store does not answer may hold what this one lost (rule S4), or never
    /// got (rule F3): how much was committed, a follower knows from its leader only.
    private static boolean isLacking(Memory memory) {
        return memory.contentUnknown() || memory.hasLostData() || !memory.own().isWhole();
    }

    /// Whether the peer holds nothing and cannot say that the pair never did: it is new, or its
    /// store lost everything. An empty stream that a term of the pair owns is content as any other.
    private static boolean isBlank(Report peer) {
        boolean lost = peer.store().commitSeq() > 0;
        return peer.isEmpty() && (lost || peer.standing().history().terms().isEmpty());
    }

    private static boolean isBlank(Memory memory) {
        boolean lost = memory.commit() > 0;
        return memory.own().lastSeq() == 0
                && (lost || memory.journal().history().terms().isEmpty());
    }

    /// Behind equal positions one may still hold what no longer counts: nobody has more of it. Of
    /// two streams that both end there, one may have lost what was in the middle.
    private boolean wins(Memory memory, Report peer) {
        int order = memory.position().compareTo(peer.standing().position());
        if (order == 0) {
            order = Long.compare(memory.own().lastSeq(), peer.store().lastSeq());
        }
        if (order == 0) {
            order = compareCounts(memory, peer);
        }
        if (order != 0) {
            return order > 0;
        }
        if (settings.designated() != peer.standing().designated()) {
            return settings.designated();
        }
        return settings.node().compareTo(peer.sender().node()) < 0;
    }

    /// Which stream holds more messages, as far as both are counted.
    private static int compareCounts(Memory memory, Report peer) {
        Long own = memory.own().messages();
        Long other = peer.store().messages();
        return own == null || other == null ? 0 : Long.compare(own, other);
    }

    private static boolean unrelated(Memory memory, Report peer) {
        boolean bothKnown = !memory.contentUnknown() && !peer.standing().contentUnknown();
        boolean bothFull = memory.own().lastSeq() > 0 && !peer.isEmpty();
        return bothKnown
                && bothFull
                && memory.journal()
                        .history()
                        .forkWith(
                                memory.own().lastSeq(),
                                peer.standing().history(),
                                peer.store().lastSeq())
                        .isEmpty();
    }

    private static Verdict impasse(Memory memory, Report peer) {
        return new Verdict.Impasse(
                Reason.UNRELATED,
                "this node holds sequences up to "
                        + memory.own().lastSeq()
                        + ", "
                        + peer.sender().node()
                        + " up to "
                        + peer.store().lastSeq()
                        + ", and no term is common to both");
    }

    /// Whether both streams are known to be the same from end to end. The same last sequence is not
    /// enough: two nodes that were cut off from each other may have filled it differently.
    static boolean equalEnds(Memory memory, Report peer) {
        long own = memory.own().lastSeq();
        long other = peer.store().lastSeq();
        boolean same = own == other && compareCounts(memory, peer) == 0;
        if (memory.contentUnknown() || peer.standing().contentUnknown() || !same) {
            return false;
        }
        TermHistory history = memory.journal().history();
        return own == 0
                || history.forkWith(own, peer.standing().history(), other)
                        .filter(fork -> fork == own)
                        .isPresent();
    }

    /// Whether a node whose store does not answer may say that the peer leads: only what the peer
    /// holds goes at least as far as what is known to have been committed here (rule K1).
    static boolean mayConsentWithoutStore(Memory memory, Report peer) {
        Journal journal = memory.journal();
        Position committed = journal.history().positionAt(memory.commit());
        return !journal.alone()
                && Objects.requireNonNull(peer.standing()).position().compareTo(committed) >= 0;
    }
}
