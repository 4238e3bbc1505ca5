package dev.twonode.protocol;

import org.jspecify.annotations.Nullable;

/// Numbers that no node of a pair ever gets to. Whoever may write on the agents' subjects is
/// trusted; but numbers only rise (rules T1, K2), so one that is too high would deafen a node for
/// ever.
final class Absurd {

    /// A pair that took a new term every millisecond would need fifty days.
    private static final long MOST_TERMS = 1L << 32;

    private Absurd() {}

    /// Whether a term's number is beyond what a pair can have got to since.
    static boolean is(Memory memory, long number) {
        return number < 0 || number - memory.highestKnown() > MOST_TERMS;
    }

    /// Whether a report names such a number, or a request that its sender cannot have made yet.
    static boolean is(Memory memory, Report report) {
        Report.Sender sender = report.sender();
        return is(memory, report.standing().highestTerm())
                || is(memory, number(report.term()))
                || is(memory, number(report.claim()))
                || is(memory, number(report.standing().history().last().orElse(null)))
                || is(memory, given(report.pact().consent()))
                || report.pact().ask() > sender.counter();
    }

    private static long number(@Nullable Term term) {
        return term == null ? 0 : term.number();
    }

    private static long given(@Nullable Consent consent) {
        return consent == null ? 0 : consent.number();
    }
}
