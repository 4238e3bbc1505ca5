package dev.twonode.protocol;

import java.time.Instant;

/// Takes what an event says about the world into the memory, the same way in every state.
final class Intake {

    private final Settings settings;

    Intake(Settings settings) {
        this.settings = settings;
    }

    /// Whether the event means nothing: a report of this node itself, of an ended process, or older
    /// than what is known.
    boolean isStale(Memory memory, Event event) {
        return event instanceof Event.PeerHeard(_, Report report)
                && (report.sender().node().equals(settings.node())
                        || !memory.peer().isNews(report.sender()));
    }

    /// The memory after the event.
    Memory take(Memory before, Event event) {
        Memory memory = before.at(event.at());
        return switch (event) {
            case Event.OwnConnected _ -> memory.with(connected(memory.own()));
            case Event.OwnLost lost -> memory.with(memory.own().disconnected(lost.why()));
            case Event.StoreAnswered answer ->
                    memory.with(memory.own().answered(answer.reading(), answer.sentAt()));
            case Event.StoreFailed failed when !failed.missing() ->
                    memory.with(memory.own().failed(failed.why()));
            case Event.PeerHeard heard -> heard(memory, heard);
            case Event.PeerUnanswered silent ->
                    memory.with(memory.peer().unanswered(silent.sentAt(), silent.serverAnswered()));
            case Event.PeerLink link -> memory.with(memory.peer().linked(link.link()));
            case Event.Copied copied -> memory.with(memory.own().at(copied.lastSeq()));
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
                    Event.TakeoverHeard _,
                    Event.WithdrawHeard _,
                    Event.GrantAnswered _,
                    Event.GrantUnanswered _,
                    Event.StepDownAsked _,
                    Event.PromoteAsked _,
                    Event.RejoinAsked _,
                    Event.PauseAsked _,
                    Event.StopAsked _ ->
                    memory;
        };
    }

    /// Counters belong to a process: a new one's requests are compared with nothing (rule K2).
    private static Memory heard(Memory memory, Event.PeerHeard heard) {
        Report before = memory.peer().report();
        boolean same =
                before != null
                        && before.sender().process().equals(heard.report().sender().process());
        Memory known = same ? memory : memory.withAnsweredAsk(0);
        return known.with(memory.peer().heard(heard.report(), heard.at()));
    }

    private static Own connected(Own own) {
        return new Own(true, own.reading(), own.answeredAt(), "not read yet");
    }

    private static Own replaced(Own own, Instant created, long firstSeq, long lastSeq) {
        Reading before = own.reading();
        if (before == null) {
            return own;
        }
        Reading now = new Reading(before.serverId(), created, before.face(), firstSeq, lastSeq);
        return new Own(own.connected(), now, own.answeredAt(), null);
    }
}
