package dev.twonode.protocol;

/// Rule K3: how a node answers when a grant is taken back.
final class Withdrawals {

    private Withdrawals() {}

    /// The number was not used here and never will be: it stays journalled as used, so that a late
    /// grant of it is refused.
    ///
    /// Of a promotion that was dropped behind its journal the stream may have been opened, unseen,
    /// and written to: it does not hold its leader's stream only (rule G3).
    static Transition voided(Moves moves, State state, Event.WithdrawHeard withdrawal) {
        Journal journal = state.memory().journal();
        TermHistory without = journal.history().without(withdrawal.number());
        boolean opened =
                journal.history().terms().stream()
                        .filter(term -> term.number() == withdrawal.number())
                        .anyMatch(term -> term.leader().equals(journal.node()));
        Journal voided = journal.withHighestTerm(withdrawal.number()).withHistory(without);
        Transition recorded =
                moves.journal(state, opened ? voided.withOrigin(journal.origin().open()) : voided);
        return recorded.then(new Action.Reply(withdrawal.request(), new Answer.Done()));
    }

    /// The number is in use: this node leads in it, or is bound to.
    static Transition tooLate(State state, Event.WithdrawHeard withdrawal) {
        String leads = state instanceof State.Promoting ? " is bound to lead" : " already leads";
        return Moves.refuse(
                state,
                withdrawal.request(),
                Answer.Code.STALE,
                "node "
                        + state.memory().journal().node()
                        + leads
                        + " in term "
                        + withdrawal.number());
    }
}
