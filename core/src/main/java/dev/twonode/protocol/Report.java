package dev.twonode.protocol;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one agent tells the other in every heartbeat and `state` answer. It says everything each
/// time, so that a lost or repeated message changes nothing.
///
/// @param sender who says it
/// @param role the sender's state
/// @param term the term that it leads or follows, null in every other state
/// @param claim the term that it would lead next, null when it asks for none
/// @param standing its durable record, as far as it counts in a contest
/// @param store its stream
/// @param pact what it has agreed with the peer
/// @param shown what its clients may have seen
/// @param refusal what its clients meet at a leader's server that stores nothing, null when they do
///   not. A peer of an earlier version does not say it
public record Report(
        Sender sender,
        Role role,
        @Nullable Term term,
        @Nullable Term claim,
        Standing standing,
        StoreReport store,
        Pact pact,
        @Nullable Shown shown,
        @Nullable Refusal refusal) {

    /// Reports come from elsewhere: one without what every report has is none.
    public Report {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(standing, "standing");
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(pact, "pact");
        shown = Objects.requireNonNullElse(shown, Shown.NOTHING);
    }

    /// Who speaks.
    ///
    /// @param pairId identity of the pair, null before the first start
    /// @param node the sender's name
    /// @param process the sender's agent process
    /// @param counter rises with every message of the process, over all subjects
    public record Sender(@Nullable String pairId, NodeName node, String process, long counter) {
        public Sender {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(process, "process");
        }
    }

    /// What a node brings to a contest (rule T4).
    ///
    /// @param history its terms
    /// @param highestTerm the highest number it knows
    /// @param position how far its stream goes, [Position#NONE] when its content is unknown
    /// @param designated whether it is the designated node
    /// @param alone whether its journal says that it has the sole right
    /// @param contentUnknown whether a resync is unfinished or the stream is not the journalled one
    /// @param origin from which server processes its stream's content came. A peer of an earlier
    ///   version does not say it
    /// @param unshown terms of the other node of which nothing was shown, none or one. A peer of an
    ///   earlier version does not say it, nor does it know what is said here
    public record Standing(
            TermHistory history,
            long highestTerm,
            Position position,
            boolean designated,
            boolean alone,
            boolean contentUnknown,
            @Nullable Origin origin,
            @Nullable List<Term> unshown) {
        public Standing {
            Objects.requireNonNull(history, "history");
            Objects.requireNonNull(position, "position");
            origin = Objects.requireNonNullElse(origin, Origin.NONE);
            unshown = unshown == null ? null : List.copyOf(unshown);
        }

        @Override
        public Origin origin() {
            return Objects.requireNonNull(origin);
        }
    }

    /// The sender's stream.
    ///
    /// @param usable whether its server and stream answer
    /// @param serverId its server process, null before the first answer
    /// @param firstSeq first sequence
    /// @param lastSeq last sequence
    /// @param commitSeq highest sequence known to be safe
    /// @param messages how many messages it holds, null where that is not known. A peer of an
    ///   earlier version does not say it
    public record StoreReport(
            boolean usable,
            @Nullable String serverId,
            long firstSeq,
            long lastSeq,
            long commitSeq,
            @Nullable Long messages) {}

    /// What the two nodes have agreed.
    ///
    /// @param consent the sender's consent, null when it has given none
    /// @param ask a follower's in-sync request: its counter when it asked, 0 for none
    /// @param told a leader's answer: the request's counter, 0 for none
    /// @param inSync whether the sender, a follower, counts itself in sync
    /// @param progress a follower's highest durable sequence in this session
    /// @param copy number of the copy by which a follower's stream grows; from a leader, of the one
    ///   whose acknowledgements it hears at the follower's server; 0 for none. A peer of an earlier
    ///   version does not say it
    /// @param leave whether the sender, a leader, asks its follower to leave (rule A2)
    public record Pact(
            @Nullable Consent consent,
            long ask,
            long told,
            boolean inSync,
            long progress,
            long copy,
            boolean leave) {

        static final Pact NONE = new Pact(null, 0, 0, false, 0, 0, false);
    }

    /// What the sender's clients may have seen. A peer of an earlier version does not say it.
    ///
    /// @param ceiling nothing above it was ever shown (rule J2)
    /// @param ahead how far beyond the commit sequence its gateways show
    /// @param jump its newest jump over lost revisions, null when there never was one
    public record Shown(long ceiling, long ahead, @Nullable Jump jump) {

        static final Shown NOTHING = new Shown(0, 0, null);
    }

    @Override
    public Shown shown() {
        return Objects.requireNonNull(shown);
    }

    /// Whether the sender says that it belongs to another pair than that.
    boolean isOfOtherPair(@Nullable String pairId) {
        return sender.pairId() != null && !sender.pairId().equals(pairId);
    }

    /// Whether the sender's stream holds nothing and never did.
    boolean isEmpty() {
        return store.lastSeq() == 0;
    }

    /// Whether the sender leads at this moment.
    public boolean leads() {
        return role == Role.LEADING;
    }

    /// Whether the sender's term goes on: it leads, or is about to hand over and has granted
    /// nothing yet. Its follower copies on, and counts for it as before.
    boolean holdsLead() {
        Consent consent = pact.consent();
        boolean granted = consent != null && (term == null || consent.number() > term.number());
        return leads() || (role == Role.HANDING_OVER && !granted);
    }
}
