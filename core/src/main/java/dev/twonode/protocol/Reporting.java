package dev.twonode.protocol;

import dev.twonode.protocol.Report.Pact;
import dev.twonode.protocol.Report.Sender;
import dev.twonode.protocol.Report.Shown;
import dev.twonode.protocol.Report.Standing;
import dev.twonode.protocol.Report.StoreReport;
import dev.twonode.protocol.State.Following;
import dev.twonode.protocol.State.HandingOver;
import dev.twonode.protocol.State.Joining;
import dev.twonode.protocol.State.Leading;
import dev.twonode.protocol.State.Mode;
import dev.twonode.protocol.State.Phase;
import dev.twonode.protocol.State.Promoting;
import dev.twonode.protocol.State.Stage;
import dev.twonode.protocol.State.Starting;
import dev.twonode.protocol.State.Stopped;
import dev.twonode.protocol.State.Waiting;
import org.jspecify.annotations.Nullable;

/// What a node tells its peer, and when.
final class Reporting {

    private final Settings settings;

    Reporting(Settings settings) {
        this.settings = settings;
    }

    /// The report of a state.
    Report of(State state) {
        Memory memory = state.memory();
        return new Report(
                new Sender(
                        memory.journal().pairId(),
                        settings.node(),
                        settings.process(),
                        memory.counter()),
                role(state),
                term(state),
                claim(state),
                standing(state),
                new StoreReport(
                        usable(state),
                        memory.own().serverId(),
                        firstSeq(memory),
                        memory.own().lastSeq(),
                        memory.commit(),
                        memory.own().messages()),
                pact(state),
                new Shown(memory.journal().ceiling(), settings.ahead(), memory.journal().jump()),
                memory.refusal(settings.timing().heartbeat()));
    }

    /// Adds a report when one is due, or when something changed that the peer acts upon.
    Transition tell(State before, Transition transition, Event event) {
        State after = transition.state();
        Memory memory = after.memory();
        boolean due =
                event instanceof Event.Ticked
                        && memory.now() - memory.toldAt() >= settings.timing().heartbeat();
        if (!due && essence(before).equals(essence(after))) {
            return transition;
        }
        State counted = after.with(memory.counted().told());
        return new Transition(counted, transition.actions()).then(new Action.Tell(of(counted)));
    }

    /// A report without what changes all the time.
    private Report essence(State state) {
        Report report = of(state);
        Sender sender = report.sender();
        Pact pact = report.pact();
        return new Report(
                new Sender(sender.pairId(), sender.node(), sender.process(), 0),
                report.role(),
                report.term(),
                report.claim(),
                new Standing(
                        TermHistory.EMPTY,
                        report.standing().highestTerm(),
                        Position.NONE,
                        report.standing().designated(),
                        report.standing().alone(),
                        report.standing().contentUnknown(),
                        Origin.NONE,
                        null),
                new StoreReport(report.store().usable(), report.store().serverId(), 0, 0, 0, null),
                new Pact(
                        pact.consent(),
                        pact.ask(),
                        pact.told(),
                        pact.inSync(),
                        0,
                        pact.copy(),
                        pact.leave()),
                new Shown(0, 0, report.shown().jump()),
                null);
    }

    private static @Nullable Term term(State state) {
        return switch (state) {
            case Following following -> following.term();
            case Leading leading -> leading.term();
            case HandingOver handingOver -> handingOver.term();
            case Starting _, Joining _, Promoting _, Waiting _, Stopped _ -> null;
        };
    }

    /// Only a claim that needs consent is told: any other promotion is on its way already.
    private static @Nullable Term claim(State state) {
        return state instanceof Promoting promoting
                        && promoting.phase() instanceof Phase.Claiming(Term claim, _)
                ? claim
                : null;
    }

    private Standing standing(State state) {
        Memory memory = state.memory();
        Position position = memory.position();
        if (state instanceof Leading leading) {
            position = new Position(leading.term().number(), memory.own().lastSeq());
        }
        return new Standing(
                memory.journal().history(),
                memory.journal().highestTerm(),
                position,
                settings.designated(),
                memory.journal().alone(),
                memory.contentUnknown(),
                memory.journal().origin(),
                memory.journal().unshownTerms());
    }

    /// A node that waits for a usable journal or stream, or for a server that opens it, takes no
    /// part, as if its store were down.
    private static boolean usable(State state) {
        boolean broken =
                state.reason() == Reason.JOURNAL_FAILED
                        || state.reason() == Reason.STREAM_EDITED
                        || state.reason() == Reason.CANNOT_OPEN;
        return state.memory().own().usable() && !(state instanceof Waiting && broken);
    }

    /// A node whose fence is still under way has no final last sequence to compete with.
    private static Role role(State state) {
        boolean unfenced = state instanceof Joining joining && joining.fence() > Joining.FENCED;
        return unfenced ? Role.STARTING : state.role();
    }

    private static long firstSeq(Memory memory) {
        Reading reading = memory.own().reading();
        return reading == null ? 0 : reading.firstSeq();
    }

    private static Pact pact(State state) {
        Memory memory = state.memory();
        return switch (state) {
            case Following f ->
                    new Pact(
                            memory.consent(),
                            f.sync().ask(),
                            0,
                            f.sync().granted(),
                            f.session().stage() == Stage.TAILING ? memory.own().lastSeq() : 0,
                            f.session().stage() == Stage.TAILING ? f.session().copy() : 0,
                            false);
            case Leading l ->
                    new Pact(
                            null,
                            0,
                            l.mode() == Mode.BOTH ? memory.answeredAsk() : 0,
                            false,
                            0,
                            l.follower().heard(),
                            l.follower().leave());
            case HandingOver h ->
                    new Pact(memory.consent(), 0, memory.answeredAsk(), false, 0, 0, false);
            case Starting _, Joining _, Promoting _, Waiting _, Stopped _ ->
                    new Pact(memory.consent(), 0, 0, false, 0, 0, false);
        };
    }
}
