package dev.twonode.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The terms that own the messages of one stream, oldest first: numbers and start sequences both
/// rise strictly.
///
/// @param terms the entries, oldest first
public record TermHistory(List<Term> terms) {

    /// The history of a stream that nobody has led yet.
    public static final TermHistory EMPTY = new TermHistory(List.of());

    public TermHistory {
        terms = List.copyOf(terms);
        for (int i = 1; i < terms.size(); i++) {
            Term before = terms.get(i - 1);
            Term after = terms.get(i);
            if (after.number() <= before.number() || after.startSeq() <= before.startSeq()) {
                throw new IllegalArgumentException(after + " cannot follow " + before);
            }
        }
    }

    /// This history with a new term at its end. Entries that start at or after the new term's start
    /// never owned a surviving message and are dropped (rule T3).
    public TermHistory with(Term term) {
        List<Term> kept = new ArrayList<>();
        for (Term entry : terms) {
            if (entry.startSeq() < term.startSeq()) {
                kept.add(entry);
            }
        }
        kept.add(term);
        return new TermHistory(kept);
    }

    /// The other node's term whose place a new one takes: not one of its messages is here.
    Optional<Term> replacedBy(Term term) {
        return last().filter(it -> it.startSeq() == term.startSeq())
                .filter(it -> !it.leader().equals(term.leader()));
    }

    /// This history without the entry of that number, which a withdrawn consent leaves behind (rule
    /// K3).
    public TermHistory without(long number) {
        return new TermHistory(terms.stream().filter(t -> t.number() != number).toList());
    }

    /// This history up to the term of that number.
    TermHistory upTo(long number) {
        return new TermHistory(terms.stream().filter(term -> term.number() <= number).toList());
    }

    /// The newest term, whether or not a message of it exists.
    public Optional<Term> last() {
        return terms.isEmpty() ? Optional.empty() : Optional.of(terms.getLast());
    }

    /// The term that owns a sequence.
    public Optional<Term> ownerOf(long sequence) {
        Optional<Term> owner = Optional.empty();
        for (Term term : terms) {
            if (term.startSeq() > sequence) {
                break;
            }
            owner = Optional.of(term);
        }
        return owner;
    }

    /// The position of a stream with this history and this last sequence.
    ///
    /// @param lastSeq the stream's last sequence, 0 when nothing was ever stored
    public Position positionAt(long lastSeq) {
        return new Position(
                lastSeq == 0 ? 0 : ownerOf(lastSeq).map(Term::number).orElse(0L), lastSeq);
    }

    /// The last sequence up to which two streams have the same content: the smaller of the two ends
    /// of their last common term. Entries are common only when all their fields are equal (rule
    /// T3).
    ///
    /// Two histories of one pair without a common term are those of streams that were both empty
    /// when a later term took the place of the first: they have the empty beginning in common.
    ///
    /// @return empty when one of the histories knows no term
    public Optional<Long> forkWith(long ownLastSeq, TermHistory other, long otherLastSeq) {
        for (int i = terms.size() - 1; i >= 0; i--) {
            Term term = terms.get(i);
            if (other.terms.contains(term)) {
                return Optional.of(
                        Math.min(endOf(term, ownLastSeq), other.endOf(term, otherLastSeq)));
            }
        }
        return terms.isEmpty() || other.terms.isEmpty() ? Optional.empty() : Optional.of(0L);
    }

    /// The start of the first term behind the last one that both histories have, 0 for none.
    long startBeyond(TermHistory other) {
        long start = 0;
        for (Term term : terms.reversed()) {
            if (other.terms.contains(term)) {
                break;
            }
            start = term.startSeq();
        }
        return start;
    }

    private long endOf(Term term, long lastSeq) {
        int next = terms.indexOf(term) + 1;
        return next < terms.size() ? Math.min(terms.get(next).startSeq() - 1, lastSeq) : lastSeq;
    }
}
