package dev.twonode.protocol;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a node must never forget: the agent's durable record (design of the file: `node`).
///
/// @param pairId identity of the pair, null until the pair's first start or the first contact
/// @param node the node that this record belongs to
/// @param highestTerm the highest term number ever used or promised here, 0 at first (rule T1)
/// @param history the terms that own the stream's messages
/// @param created creation stamp of the stream that the history describes, null until known
/// @param alone whether this node leads, or led when it stopped, with the sole right (rule S3)
/// @param resync whether the stream's content is unknown until a resync has finished
/// @param commitSeq highest sequence known to be on both nodes, or on the node with the sole right
/// @param ceiling nothing above it was ever shown, here or by a leader that told its own; renewed
///   before it is reached (rule J2)
/// @param jump the newest jump over lost revisions, null when there never was one (rule J1)
/// @param fencedIn number of the term in which the other node followed when it fenced this one's
///   stream, which was not opened since (rule G3); 0 for none
/// @param origin from which server processes the stream's content came
/// @param voidFrom the first sequence that counts for nothing in a contest, since this node
///   consented to a leader without the terms that own it and what follows (rule T4); 0 for none
/// @param unshown the other node's term that this one ended when it took over in sync, with nothing
///   of it in its own stream: so nothing of it was shown (rule J2). Null for none, and from when
///   this node follows again
public record Journal(
        @Nullable String pairId,
        NodeName node,
        long highestTerm,
        TermHistory history,
        @Nullable Instant created,
        boolean alone,
        boolean resync,
        long commitSeq,
        long ceiling,
        @Nullable Jump jump,
        long fencedIn,
        Origin origin,
        long voidFrom,
        @Nullable Term unshown) {

    /// The record of a node that never ran.
    public static Journal blank(NodeName node) {
        return new Journal(
                null,
                node,
                0,
                TermHistory.EMPTY,
                null,
                false,
                false,
                0,
                0,
                null,
                0,
                Origin.NONE,
                0,
                null);
    }

    /// Whether an operator gave up what the stream holds: it is nobody's, and is exported.
    public boolean isGivenUp() {
        return Instant.EPOCH.equals(created);
    }

    /// The same node without a pair and without a stream of its own.
    Journal givenUp(long highest) {
        return blank(node).withHighestTerm(highest).withCreated(Instant.EPOCH);
    }

    public Journal withPairId(String value) {
        return with(draft -> draft.pairId = value);
    }

    /// Remembers a number; a lower one changes nothing.
    public Journal withHighestTerm(long value) {
        return with(draft -> draft.highestTerm = Math.max(highestTerm, value));
    }

    public Journal withHistory(TermHistory value) {
        return with(draft -> draft.history = value);
    }

    public Journal withCreated(Instant value) {
        return with(draft -> draft.created = value);
    }

    public Journal withAlone(boolean value) {
        return with(draft -> draft.alone = value);
    }

    public Journal withResync(boolean value) {
        return with(draft -> draft.resync = value);
    }

    public Journal withCommit(long sequence, long newCeiling) {
        return with(draft -> {
            draft.commitSeq = sequence;
            draft.ceiling = newCeiling;
        });
    }

    /// The ceiling never falls.
    Journal withCeiling(long value) {
        return withCommit(commitSeq, Math.max(ceiling, value));
    }

    public Journal withJump(@Nullable Jump value) {
        return with(draft -> draft.jump = value);
    }

    public Journal withFencedIn(long value) {
        return with(draft -> draft.fencedIn = value);
    }

    public Journal withOrigin(Origin value) {
        return with(draft -> draft.origin = value);
    }

    public Journal withVoidFrom(long value) {
        return with(draft -> draft.voidFrom = value);
    }

    public Journal withUnshown(@Nullable Term value) {
        return with(draft -> draft.unshown = value);
    }

    List<Term> unshownTerms() {
        return unshown == null ? List.of() : List.of(unshown);
    }

    /// The jump that was begun and not seen to be done, null when there is none.
    @Nullable Jump underWay() {
        return jump != null && jump.stage() == Jump.Stage.UNDER_WAY ? jump : null;
    }

    /// The same after a fence was found on the stream that this node led with. If the other node
    /// set it, that one may lead by now, with everything that was here.
    Journal fencedBy(@Nullable Reading reading) {
        long term =
                reading != null
                                && reading.face() instanceof Reading.Face.Fenced(Mark mark)
                                && !mark.by().equals(node)
                        ? mark.term()
                        : fencedIn;
        return withAlone(false).withFencedIn(term);
    }

    /// Whether this node's own mark tells of a number that is not in here, where every number is
    /// before it is used (rule T1).
    boolean isOlderThan(Reading reading) {
        return reading.face() instanceof Reading.Face.Fenced(Mark mark)
                && mark.by().equals(node)
                && mark.term() > highestTerm;
    }

    /// The same once the stream has told that it is an older one.
    Journal caughtUpWith(Reading reading) {
        return reading.face() instanceof Reading.Face.Fenced(Mark mark)
                ? withAlone(false).withHighestTerm(mark.term()).withOrigin(Origin.NONE)
                : this;
    }

    /// The same after a consent to a leader with that history: what this node wrote in terms that
    /// the leader lacks is given up, whatever the leader loses later.
    Journal leftOutBy(TermHistory leader) {
        long start = history.startBeyond(leader);
        boolean more = start != 0 && (voidFrom == 0 || start < voidFrom);
        return more ? withVoidFrom(start) : this;
    }

    /// The position of a stream that ends there, as far as it counts.
    Position positionAt(long lastSeq) {
        return history.positionAt(voidFrom == 0 ? lastSeq : Math.min(lastSeq, voidFrom - 1));
    }

    private Journal with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.record();
    }

    /// The next record in the making: as the one before until it is changed.
    private static final class Draft {
        @Nullable String pairId;
        final NodeName node;
        long highestTerm;
        TermHistory history;
        @Nullable Instant created;
        boolean alone;
        boolean resync;
        long commitSeq;
        long ceiling;
        @Nullable Jump jump;
        long fencedIn;
        Origin origin;
        long voidFrom;
        @Nullable Term unshown;

        Draft(Journal before) {
            pairId = before.pairId;
            node = before.node;
            highestTerm = before.highestTerm;
            history = before.history;
            created = before.created;
            alone = before.alone;
            resync = before.resync;
            commitSeq = before.commitSeq;
            ceiling = before.ceiling;
            jump = before.jump;
            fencedIn = before.fencedIn;
            origin = before.origin;
            voidFrom = before.voidFrom;
            unshown = before.unshown;
        }

        Journal record() {
            return new Journal(
                    pairId,
                    node,
                    highestTerm,
                    history,
                    created,
                    alone,
                    resync,
                    commitSeq,
                    ceiling,
                    jump,
                    fencedIn,
                    origin,
                    voidFrom,
                    unshown);
        }
    }
}
