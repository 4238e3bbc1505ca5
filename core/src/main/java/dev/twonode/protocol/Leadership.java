package dev.twonode.protocol;

import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Waiting;
import java.util.List;

/// The node protocol: what one node does next. Pure: the same state and event always give the same
/// transition. One node's decisions are made by one `Leadership`, one event after the other.
///
/// Each state has a class of its own that answers every event; what an event says about the world
/// is taken into the [Memory] first, and what the peer has to know is told last.
public final class Leadership {

    /// How long a stopped agent waits for its last fence.
    private static final long LAST_FENCE_MS = 2_000;

    private final long pause;
    private final Intake intake;
    private final Reporting reporting;
    private final Moves moves;
    private final Consents consents;
    private final StartingSteps starting;
    private final JoiningSteps joining;
    private final FollowingSteps following;
    private final PromotingSteps promoting;
    private final LeadingSteps leading;
    private final HandingOverSteps handingOver;
    private final WaitingSteps waiting;

    /// A machine for one node.
    public Leadership(Settings settings) {
        pause = settings.timing().pause();
        intake = new Intake(settings);
        reporting = new Reporting(settings);
        moves = new Moves(settings);
        consents = new Consents(moves);
        joining = new JoiningSteps(settings, moves, consents);
        starting = new StartingSteps(settings, moves, consents);
        following = new FollowingSteps(settings, moves, joining);
        promoting = new PromotingSteps(settings, moves, joining);
        leading = new LeadingSteps(settings, moves);
        handingOver = new HandingOverSteps(settings, moves, joining);
        waiting = new WaitingSteps(settings, moves, joining, consents);
    }

    /// The state of an agent that has just read its journal.
    ///
    /// @param now monotonic time in milliseconds
    public State start(Journal journal, long now) {
        return new Starting(Memory.atStart(journal, now), Reason.STARTED, now, 0);
    }

    /// What happens next.
    public Transition step(State before, Event event) {
        if (intake.isStale(before.memory(), event)) {
            State dropped = before.with(intake.drop(before.memory(), event));
            return intake.isDoubtful(before.memory(), event) && !(before instanceof Stopped)
                    ? asking(Transition.to(dropped))
                    : Transition.to(dropped);
        }
        if (event instanceof Event.StoreAnswered answer
                && isOtherServer(before, answer.reading())) {
            return restarted(before, event);
        }
        State state = before.with(intake.take(before, event));
        if (event instanceof Event.Ticked tick && tick.slept() > pause) {
            state = consents.afterSleep(state);
        }
        Transition transition =
                switch (event) {
                    case Event.JournalFailed failed -> journalFailed(state, failed);
                    case Event.LossTold told -> Losses.told(moves, state, told);
                    case Event.PauseAsked ask -> pause(state, ask);
                    case Event.PeerHeard heard -> peerHeard(state, heard);
                    case Event.PeerLink(_, Peer.Link link) when link == Peer.Link.UP ->
                            reached(state, event);
                    case Event _ -> answer(state, event);
                };
        return reporting.tell(before, transition, event);
    }

    /// The report that a request for this node's state gets.
    public Report report(State state) {
        return reporting.of(state);
    }

    /// Whether a node that rests on its server process hears another one (rule T2).
    private static boolean isOtherServer(State state, Reading reading) {
        String known = state.memory().own().serverId();
        boolean rests =
                state instanceof Leading
                        || state instanceof Promoting
                        || (state instanceof HandingOver handingOver && !handingOver.isGranted());
        return rests && known != null && !known.equals(reading.serverId());
    }

    /// The server ended and came back before anybody noticed.
    private Transition restarted(State before, Event event) {
        Transition lost = step(before, new Event.OwnLost(event.at(), "it was restarted"));
        Transition back = lost.and(step(lost.state(), new Event.OwnConnected(event.at())));
        return back.and(step(back.state(), event));
    }

    /// What a report means in every state comes first: what became of a stream that the peer fenced
    /// (rule G3), the end of the sole right (rule A4), and the consent of a node that its leader
    /// waits for in vain (rule A2).
    private Transition peerHeard(State state, Event.PeerHeard heard) {
        Report report = heard.report();
        Transition taken =
                Takeover.recognised(state, report)
                        .map(journal -> recognised(moves.journal(state, journal)))
                        .orElse(Transition.to(state));
        Transition cleared =
                consents.overruled(taken.state(), report)
                        .map(journal -> taken.and(moves.journal(taken.state(), journal)))
                        .orElse(taken);
        Transition left = cleared.and(consents.toLeader(cleared.state(), report));
        return left.and(answer(left.state(), heard));
    }

    /// What was decided before, and is not certain yet, was decided in ignorance (rule K4).
    private Transition recognised(Transition taken) {
        return taken.state() instanceof Promoting attempt
                ? taken.and(promoting.dropped(attempt, "the peer holds all that is here"))
                : taken;
    }

    /// What a peer that is reached again has to say is not waited for.
    private Transition reached(State state, Event event) {
        Transition next = answer(state, event);
        return next.state() instanceof Stopped ? next : asking(next);
    }

    private static Transition asking(Transition next) {
        Memory memory = next.state().memory().counted();
        Memory asking = memory.with(memory.peer().asked(memory.now()));
        return new Transition(next.state().with(asking), next.actions())
                .then(new Action.AskPeer(asking.counter()));
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
            return moves.stop(state.memory().withConsent(null));
        }
        long durable = durable(failed.onDisk());
        if (state instanceof Waiting before && before.reason() == Reason.JOURNAL_FAILED) {
            return stillFails(before.within(durable));
        }
        Memory memory = state.memory();
        Journal journal = memory.journal().withAlone(keepsSoleRight(state));
        long open = openRequest(state);
        if (state instanceof Promoting promotion) {
            TermHistory without = journal.history().without(promotion.number());
            journal = journal.withHistory(without).withUnshown(null);
        }
        if (state instanceof HandingOver handingOver && handingOver.isGranted()) {
            journal = journal.withHistory(journal.history().without(journal.highestTerm()));
        }
        memory = memory.withConsent(null).with(journal).counted();
        State stopped = moves.await(memory, Reason.JOURNAL_FAILED, failed.why()).state();
        Transition waiting = Transition.to(((Waiting) stopped).within(durable));
        if (moves.mayFence(memory)) {
            waiting = waiting.then(moves.fenceOwn(memory, moves.mark(memory)));
        }
        return open == 0
                ? waiting
                : waiting.then(new Action.Reply(open, new Answer.Unknown(failed.why())));
    }

    /// Nobody knows whether a lost write is on the disk: what counts is what all records say.
    private static long durable(List<Journal> onDisk) {
        boolean right = onDisk.stream().anyMatch(Journal::alone);
        return right ? 0 : onDisk.stream().mapToLong(Journal::highestTerm).min().orElse(0);
    }

    /// The stream is closed already, unless its server was lost meanwhile: it is looked at, not
    /// fenced again and again.
    private static Transition stillFails(State state) {
        Memory memory = state.memory().withConsent(null);
        boolean look = memory.own().connected() && !memory.own().usable();
        return look
                ? Transition.to(
                        state.with(memory.counted()),
                        new Action.ReadOwn(memory.counted().counter()))
                : Transition.to(state.with(memory));
    }

    /// Who had the sole right before the lost write has it still: a leader lost its commit
    /// sequence, a node that starts with the right the number of its new term.
    private static boolean keepsSoleRight(State state) {
        return switch (state) {
            case Leading leading ->
                    leading.mode() == State.Mode.ALONE
                            && leading.change() instanceof State.Change.None;
            case Promoting promoting ->
                    promoting.cause() == Cause.ALONE
                            && promoting.reason() != Reason.NO_CONTACT_FIRST;
            case Starting _, Joining _, Following _, HandingOver _, Waiting _, Stopped _ -> false;
        };
    }

    private static long openRequest(State state) {
        return switch (state) {
            case Promoting promoting -> promoting.request();
            case HandingOver handingOver -> handingOver.ending().request();
            case Starting _, Joining _, Following _, Leading _, Waiting _, Stopped _ -> 0;
        };
    }

    private static Transition pause(State state, Event.PauseAsked ask) {
        return Transition.to(
                state.with(state.memory().withPaused(ask.pause())),
                new Action.Reply(ask.request(), new Answer.Done()));
    }

    /// The agent leaves once its last fence is answered, or soon after.
    private static Transition stopped(Stopped state, Event event) {
        boolean late = event.at() - state.since() >= LAST_FENCE_MS;
        return switch (event) {
            case Event.StoreAnswered _, Event.StoreFailed _, Event.OwnLost _, Event.StopAsked _ ->
                    Transition.to(state, new Action.Halt());
            case Event.Ticked _ when late -> Transition.to(state, new Action.Halt());
            case Event.StepDownAsked ask -> stopping(state, ask.request());
            case Event.PromoteAsked ask -> stopping(state, ask.request());
            case Event.RejoinAsked ask -> stopping(state, ask.request());
            case Event.TakeoverHeard grant -> stopping(state, grant.request());
            case Event.WithdrawHeard withdrawal -> stopping(state, withdrawal.request());
            case Event.Ticked _,
                    Event.OwnConnected _,
                    Event.StreamChanged _,
                    Event.SequenceSeen _,
                    Event.WritesRefused _,
                    Event.GatewaysHeld _,
                    Event.JournalFailed _,
                    Event.PeerHeard _,
                    Event.PeerUnanswered _,
                    Event.PeerLink _,
                    Event.PeerFenced _,
                    Event.PeerNotFenced _,
                    Event.Drained _,
                    Event.NotDrained _,
                    Event.Compared _,
                    Event.ResyncPrepared _,
                    Event.StreamReplaced _,
                    Event.Copied _,
                    Event.CopyFailed _,
                    Event.ProgressHeard _,
                    Event.CopyAcknowledged _,
                    Event.GrantAnswered _,
                    Event.GrantUnanswered _,
                    Event.LossTold _,
                    Event.PauseAsked _ ->
                    Transition.to(state);
        };
    }

    private static Transition stopping(Stopped state, long request) {
        return Moves.refuse(state, request, Answer.Code.BUSY, "this node is stopping");
    }
}
