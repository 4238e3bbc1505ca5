package dev.twonode.protocol;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a node remembers in every state.
///
/// @param journal its durable record, as last written
/// @param own its server and stream
/// @param peer its peer
/// @param consent the last consent it gave, null when it gave none or it was withdrawn
/// @param counter the last counter used, over all messages and requests of this process
/// @param answeredAsk the newest in-sync request of the peer that was answered (rule K2)
/// @param now time of the newest event
/// @param toldAt when the last report was sent
/// @param committed what is known to be safe, at or above what is journalled
/// @param paused whether an operator keeps this node from taking over by itself
/// @param refused what this node's clients met last at a leader's server that stores nothing, null
///   when they never did
public record Memory(
        Journal journal,
        Own own,
        Peer peer,
        @Nullable Consent consent,
        long counter,
        long answeredAsk,
        long now,
        long toldAt,
        Commit committed,
        boolean paused,
        Event.@Nullable WritesRefused refused) {

    /// What is safe.
    ///
    /// @param sequence the highest safe sequence
    /// @param journalledAt when it was journalled last
    record Commit(long sequence, long journalledAt) {}

    static Memory atStart(Journal journal, long now) {
        return new Memory(
                journal,
                Own.UNKNOWN,
                Peer.UNKNOWN,
                null,
                0,
                0,
                now,
                Own.NEVER,
                new Commit(journal.commitSeq(), now),
                false,
                null);
    }

    Memory with(Journal value) {
        return with(draft -> draft.journal = value);
    }

    Memory with(Own value) {
        return with(draft -> draft.own = value);
    }

    Memory with(Peer value) {
        return with(draft -> draft.peer = value);
    }

    Memory withConsent(@Nullable Consent value) {
        return with(draft -> draft.consent = value);
    }

    Memory counted() {
        return with(draft -> draft.counter = counter + 1);
    }

    Memory withAnsweredAsk(long value) {
        return with(draft -> draft.answeredAsk = value);
    }

    Memory at(long time) {
        return with(draft -> draft.now = time);
    }

    Memory told() {
        return with(draft -> draft.toldAt = now);
    }

    Memory withCommit(long value) {
        Commit moved = new Commit(value, committed.journalledAt());
        return with(draft -> draft.committed = moved);
    }

    /// The same memory after its commit sequence was journalled.
    Memory withCommitJournalled() {
        Commit journalled = new Commit(committed.sequence(), now);
        return with(draft -> draft.committed = journalled);
    }

    /// The highest sequence that is safe: on both nodes, or on the one with the sole right.
    public long commit() {
        return committed.sequence();
    }

    Memory withPaused(boolean value) {
        return with(draft -> draft.paused = value);
    }

    Memory with(Event.WritesRefused value) {
        return with(draft -> draft.refused = value);
    }

    /// What this node's clients meet at present at a leader's server that stores nothing. Who does
    /// not hear it any more does not say it any more.
    ///
    /// @param patience for how long it counts when it does not come again
    @Nullable Refusal refusal(long patience) {
        return refused == null || now - refused.at() > patience ? null : refused.refusal();
    }

    /// The highest term number known from anywhere (rule T1).
    long highestKnown() {
        long highest = journal.highestTerm();
        highest = Math.max(highest, journal.history().last().map(Term::number).orElse(0L));
        Report report = peer.report();
        return report == null ? highest : Math.max(highest, report.standing().highestTerm());
    }

    /// The number that was journalled to be given away, or a higher one if the peer has used that.
    long unusedNumber() {
        Report report = peer.report();
        long peers = report == null ? 0 : report.standing().highestTerm();
        return Math.max(journal.highestTerm(), peers + 1);
    }

    /// Whether the stream's content is not surely that of which the journal speaks (rule T4).
    boolean contentUnknown() {
        return journal.resync() || isOtherStream();
    }

    /// Whether the stream is not the one of which the journal speaks. During a resync it is, until
    /// that has deleted it.
    boolean isOtherStream() {
        Reading reading = own.reading();
        return reading != null
                && journal.created() != null
                && !reading.created().equals(journal.created())
                && (reading.lastSeq() > 0 || journal.commitSeq() > 0);
    }

    /// Whether this node led after that term, if only until its stream was fenced: its clients were
    /// shown what they did in a later one (rule C2).
    boolean hasLedSince(long number) {
        boolean untilFenced = journal.fencedIn() != 0 && journal.highestTerm() > number;
        return untilFenced
                || journal.history().last().filter(it -> it.number() > number).isPresent();
    }

    /// Whether the stream holds messages of which the journal tells nothing, as when it was lost.
    boolean contentUntold() {
        return own.lastSeq() > 0 && journal.history().terms().isEmpty();
    }

    /// Whether the store lost what was committed (rule S4). A jump that is under way deals with
    /// what it gives up, not with what was lost since it began.
    boolean hasLostData() {
        Jump jump = journal.underWay();
        long expected = jump == null ? Long.MAX_VALUE : jump.from() - 1;
        return own.lastSeq() < Math.min(journal.commitSeq(), expected);
    }

    /// This node's position in a contest: what it holds and was not given up for a leader's, not
    /// what it once held (rules S4, T4).
    Position position() {
        return contentUnknown() ? Position.NONE : journal.positionAt(own.lastSeq());
    }

    private Memory with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.memory();
    }

    /// The next memory in the making: as the one before until it is changed.
    private static final class Draft {
        Journal journal;
        Own own;
        Peer peer;
        @Nullable Consent consent;
        long counter;
        long answeredAsk;
        long now;
        long toldAt;
        Commit committed;
        boolean paused;
        Event.@Nullable WritesRefused refused;

        Draft(Memory before) {
            journal = before.journal;
            own = before.own;
            peer = before.peer;
            consent = before.consent;
            counter = before.counter;
            answeredAsk = before.answeredAsk;
            now = before.now;
            toldAt = before.toldAt;
            committed = before.committed;
            paused = before.paused;
            refused = before.refused;
        }

        Memory memory() {
            return new Memory(
                    journal,
                    own,
                    peer,
                    consent,
                    counter,
                    answeredAsk,
                    now,
                    toldAt,
                    committed,
                    paused,
                    refused);
        }
    }
}
