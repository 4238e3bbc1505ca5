package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Waiting;

/// The node protocol: what one node does next. Pure: the same state and event always give the same
/// transition. One node's decisions are made by one `Leadership`, one event after the other.
///
/// Each state has a class of its own that answers every event; what an event says about the world
/// is taken into the [Memory] first, and what the peer has to know is told last.
public final class Leadership {

    private final Intake intake;
    private final Reporting reporting;
    private final Moves moves;
    private final StartingSteps starting;
    private final JoiningSteps joining;
    private final FollowingSteps following;
    private final PromotingSteps promoting;
    private final LeadingSteps leading;
    private final HandingOverSteps handingOver;
    private final WaitingSteps waiting;

    /// A machine for one node.
    public Leadership(Settings settings) {
        intake = new Intake(settings);
        reporting = new Reporting(settings);
        moves = new Moves(settings);
        joining = new JoiningSteps(settings, moves);
        starting = new StartingSteps(moves);
        following = new FollowingSteps(settings, moves, joining);
        promoting = new PromotingSteps(settings, moves, joining);
        leading = new LeadingSteps(settings, moves);
        handingOver = new HandingOverSteps(settings, moves, joining);
        waiting = new WaitingSteps(settings, moves, joining);
    }

    /// The state of an agent that has just read its journal.
    ///
    /// @param now monotonic time in milliseconds
    public State start(Journal journal, long now) {
        return new Starting(Memory.atStart(journal, now), Reason.STARTED, 0);
    }

    /// What happens next.
    public Transition step(State before, Event event) {
        if (intake.isStale(before.memory(), event)) {
            return Transition.to(before.with(before.memory().at(event.at())));
        }
        State state = before.with(intake.take(before.memory(), event));
        Transition transition =
                switch (event) {
                    case Event.JournalFailed failed -> journalFailed(state, failed);
                    case Event.PauseAsked ask -> pause(state, ask);
                    case Event _ -> answer(state, event);
                };
        return reporting.tell(before, transition, event);
    }

    /// The report that a request for this node's state gets.
    public Report report(State state) {
        return reporting.of(state);
    }

    private Transition answer(State state, Event event) {
        return switch (state) {
            case Starting s -> starting.step(s, event);
            case Joining s -> joining.step(s, event);
            case Following s -> following.step(s, event);
            case Promoting s -> promoting.step(s, event);
            case Leading s -> leading.step(s, event);
            case HandingOver s -> handingOver.step(s, event);
            case Waiting s -> waiting.step(s, event);
            case Stopped s -> stopped(s, event);
        };
    }

    /// Nothing that was decided on top of the lost write may stand: no consent, no new sole right.
    /// The node fences what it had open and takes no part until its journal can be written.
    private Transition journalFailed(State state, Event.JournalFailed failed) {
        if (state instanceof Stopped) {
            return Transition.to(state);
        }
        Memory memory = state.memory();
        Journal journal = memory.journal().withAlone(false);
        if (state instanceof Promoting promotion) {
            journal = journal.withHistory(journal.history().without(promotion.number()));
        }
        memory = memory.withConsent(null).with(journal).counted();
        Transition waiting = moves.await(memory, Reason.JOURNAL_FAILED, failed.why());
        return waiting.then(new Action.FenceOwn(memory.counter(), moves.mark(memory)));
    }

    private static Transition pause(State state, Event.PauseAsked ask) {
        return Transition.to(
                state.with(state.memory().withPaused(ask.pause())),
                new Action.Reply(ask.request(), new Answer.Done()));
    }

    /// The agent leaves once its last fence is answered, or soon after.
    private static Transition stopped(Stopped state, Event event) {
        boolean fenced = event instanceof Event.StoreAnswered || event instanceof Event.StoreFailed;
        boolean late = event instanceof Event.Ticked && event.at() - state.since() >= 2_000;
        boolean again = event instanceof Event.StopAsked;
        return fenced || late || again
                ? Transition.to(state, new Action.Halt())
                : Transition.to(state);
    }
}
