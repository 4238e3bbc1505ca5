package dev.twonode.protocol;

import dev.twonode.protocol.State.Change;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;

/// Rules A1 and T1: a leader starts a new term while its stream stays open.
final class TermChange {

    private final Settings settings;
    private final Moves moves;

    TermChange(Settings settings, Moves moves) {
        this.settings = settings;
        this.moves = moves;
    }

    /// Journals the number, then reads where the term starts.
    Transition begin(Leading state, Reason reason) {
        Memory memory = state.memory().counted();
        long number = memory.highestKnown() + 1;
        Change numbered = new Change.Numbered(memory.counter(), number, reason);
        return moves.journal(
                        state.with(memory).with(numbered), memory.journal().withHighestTerm(number))
                .then(new Action.ReadOwn(memory.counter()));
    }

    /// Takes an answer that showed the stream open. One to a later question says no less: the one
    /// that was asked for may have failed, and a leader reads its stream with every heartbeat.
    Transition ownAnswered(Leading state, Event.StoreAnswered answer) {
        return switch (state.change()) {
            case Change.None _ -> Transition.to(state);
            case Change.Numbered(long op, long number, Reason reason) ->
                    op <= answer.op()
                            ? journal(state, number, answer.reading().lastSeq() + 1, reason)
                            : Transition.to(state);
            case Change.Confirming(long op, Term term, Reason reason) ->
                    op <= answer.op() ? confirmed(state, term, reason) : Transition.to(state);
        };
    }

    private Transition journal(Leading state, long number, long startSeq, Reason reason) {
        Term term = new Term(number, settings.node(), startSeq);
        Memory memory = state.memory().counted();
        Journal journal =
                memory.journal()
                        .withHistory(memory.journal().history().with(term))
                        .withAlone(true)
                        .withCommit(memory.commit(), memory.journal().ceiling())
                        .withCeiling(settings.ceiling(startSeq - 1));
        Change confirming = new Change.Confirming(memory.counter(), term, reason);
        return moves.journal(state.with(memory).with(confirming), journal)
                .then(new Action.ReadOwn(memory.counter()));
    }

    /// Still open and unmarked: nobody took the lead in the meantime. What the right makes safe is
    /// journalled before it is shown, so that a store that loses it is found out (rule S4).
    private Transition confirmed(Leading state, Term term, Reason reason) {
        Memory memory = state.memory();
        long safe = Math.min(memory.own().lastSeq(), memory.journal().ceiling());
        Memory alone = memory.withCommit(Math.max(memory.commit(), safe));
        Leading leading =
                new Leading(alone, reason, term, Mode.ALONE, Follower.NONE, new Change.None());
        return moves.journal(
                leading, alone.journal().withCommit(alone.commit(), alone.journal().ceiling()));
    }
}
