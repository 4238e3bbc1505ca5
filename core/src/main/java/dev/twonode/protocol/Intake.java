package dev.twonode.protocol;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Takes what an event says about the world into the memory, the same way in every state.
final class Intake {

    private final Settings settings;

    Intake(Settings settings) {
        this.settings = settings;
    }

    /// Whether the event means nothing: a message of this node itself, of an ended process, or
    /// older than what is known (rule K2). Only a report may come from another pair: it says that
    /// the two do not belong together.
    ///
    /// What a follower told by `progress` before its newest report is in that report. A grant and
    /// its withdrawal may be overtaken by reports that were sent after them, but not by one that
    /// says that its sender leads: by then the grant was over.
    boolean isStale(Memory memory, Event event) {
        Peer peer = memory.peer();
        long patience = settings.timing().peerTimeout();
        return switch (event) {
            case Event.PeerHeard(_, Report report, long askedAt) ->
                    isOwn(report.sender())
                            || Absurd.is(memory, report)
                            || (!peer.isNewReport(report, event.at(), patience)
                                    && !peer.isAstray(report.sender(), askedAt));
            case Event.ProgressHeard(_, Report.Sender sender, _, _) ->
                    isForeign(memory, sender) || !peer.isNews(sender);
            case Event.TakeoverHeard(_, _, Report.Sender sender, Term term, _) ->
                    isForeign(memory, sender)
                            || Absurd.is(memory, term.number())
                            || peer.hasEnded(sender)
                            || (leads(peer.report()) && !peer.isNews(sender));
            case Event.WithdrawHeard(_, _, Report.Sender sender, long number) ->
                    isForeign(memory, sender) || Absurd.is(memory, number) || peer.hasEnded(sender);
            case Event _ -> false;
        };
    }

    private static boolean leads(@Nullable Report report) {
        return report != null && report.leads();
    }

    private boolean isOwn(Report.Sender sender) {
        return sender.node().equals(settings.node());
    }

    private boolean isForeign(Memory memory, Report.Sender sender) {
        String pair = memory.journal().pairId();
        String other = sender.pairId();
        return isOwn(sender) || (pair != null && other != null && !pair.equals(other));
    }

    /// The memory after a stale event. An answer that says no more than what was known is none: who
    /// decides there has done nothing since, as when its disk hangs (rule G1).
    ///
    /// Who slept learns from it all the same how far the peer was by then: a heartbeat may have
    /// brought the same before (rule G4).
    Memory drop(Memory before, Event event) {
        Memory memory = before.at(event.at());
        if (!(event instanceof Event.PeerHeard heard) || !isAnswerOfKnown(memory, heard)) {
            return memory;
        }
        Report.Sender sender = heard.report().sender();
        Peer peer = memory.peer().answered(sender, heard.askedAt());
        Report known = Objects.requireNonNull(peer.report());
        boolean repeats = known.sender().counter() == sender.counter();
        return memory.with(repeats ? peer.unanswered(heard.askedAt(), true) : peer);
    }

    /// Whether an older word of the peer's process than what is known comes after a silence. It may
    /// have waited; or what is known was none of its words, which its answer shows.
    boolean isDoubtful(Memory memory, Event event) {
        Timing timing = settings.timing();
        Peer peer = memory.peer();
        return event instanceof Event.PeerHeard heard
                && heard.askedAt() == Event.PeerHeard.UNASKED
                && peer.report() != null
                && peer.report().sender().process().equals(heard.report().sender().process())
                && peer.heardAt() != Own.NEVER
                && event.at() - peer.heardAt() >= timing.doubt()
                && event.at() - peer.askedAt() >= timing.pause();
    }

    private static boolean isAnswerOfKnown(Memory memory, Event.PeerHeard heard) {
        Report known = memory.peer().report();
        return known != null
                && heard.askedAt() != Event.PeerHeard.UNASKED
                && known.sender().process().equals(heard.report().sender().process());
    }

    /// The memory after the event.
    Memory take(State state, Event event) {
        Memory memory = state.memory().at(event.at());
        return switch (event) {
            case Event.OwnConnected _ -> memory.with(connected(memory.own()));
            case Event.OwnLost lost -> memory.with(memory.own().disconnected(lost.why()));
            case Event.StoreAnswered answer ->
                    memory.with(memory.own().answered(answer.reading(), answer.sentAt()));
            case Event.StoreFailed failed when !failed.missing() ->
                    memory.with(memory.own().failed(failed.why()));
            case Event.PeerHeard heard -> heard(state, memory, heard);
            case Event.PeerUnanswered silent ->
                    memory.with(memory.peer().unanswered(silent.sentAt(), silent.serverAnswered()));
            case Event.WritesRefused refused -> memory.with(refused);
            case Event.PeerLink link -> memory.with(memory.peer().linked(link.link()));
            case Event.Copied copied -> memory.with(memory.own().copied(copied));
            case Event.Drained drained -> memory.with(memory.own().at(drained.lastSeq()));
            case Event.StreamReplaced replaced ->
                    memory.with(
                            replaced(
                                    memory.own(),
                                    replaced.created(),
                                    replaced.firstSeq(),
                                    replaced.lastSeq()));
            case Event.StoreFailed _,
                    Event.Ticked _,
                    Event.StreamChanged _,
                    Event.SequenceSeen _,
                    Event.GatewaysHeld _,
                    Event.JournalFailed _,
                    Event.PeerFenced _,
                    Event.PeerNotFenced _,
                    Event.NotDrained _,
                    Event.Compared _,
                    Event.ResyncPrepared _,
                    Event.CopyFailed _,
                    Event.ProgressHeard _,
                    Event.CopyAcknowledged _,
                    Event.TakeoverHeard _,
                    Event.WithdrawHeard _,
                    Event.GrantAnswered _,
                    Event.GrantUnanswered _,
                    Event.StepDownAsked _,
                    Event.PromoteAsked _,
                    Event.RejoinAsked _,
                    Event.LossTold _,
                    Event.PauseAsked _,
                    Event.StopAsked _ ->
                    memory;
        };
    }

    /// Counters belong to a process: a new one's requests are compared with nothing (rule K2).
    private static Memory heard(State state, Memory memory, Event.PeerHeard heard) {
        Report before = memory.peer().report();
        Report.Sender sender = heard.report().sender();
        boolean same =
                before != null
                        && before.sender().process().equals(sender.process())
                        && !memory.peer().isAstray(sender, heard.askedAt());
        Memory known = same ? memory : memory.withAnsweredAsk(0);
        if (!isLate(state, heard)) {
            return known.with(memory.peer().heard(heard.report(), heard.at()));
        }
        Peer asleep = memory.peer().answered(heard.report().sender(), heard.askedAt());
        return known.with(asleep.heard(heard.report(), Own.NEVER));
    }

    /// Whether a report may have waited while its receiver slept, or comes from one that is stuck
    /// since: for a leader only what the peer says after the answer to a question asked since is a
    /// sign of life (rule G4).
    private static boolean isLate(State state, Event.PeerHeard heard) {
        Peer peer = state.memory().peer();
        boolean counts = state instanceof State.HandingOver || state instanceof State.Leading;
        return counts
                && peer.report() != null
                && peer.heardAt() == Own.NEVER
                && !peer.isSinceAnswer(heard.report().sender());
    }

    private static Own connected(Own own) {
        return new Own(true, own.reading(), own.answeredAt(), "not read yet", own.copy());
    }

    private static Own replaced(Own own, Instant created, long firstSeq, long lastSeq) {
        Reading before = own.reading();
        if (before == null) {
            return own;
        }
        Reading now =
                new Reading(before.serverId(), created, before.face(), firstSeq, lastSeq, null);
        return new Own(own.connected(), now, own.answeredAt(), null, own.copy());
    }
}
