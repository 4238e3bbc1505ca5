package dev.twonode.protocol;

import org.jspecify.annotations.Nullable;

/// What a node knows of its own server and stream.
///
/// @param connected whether the connection to the server stands
/// @param reading the newest reading, null before the first
/// @param answeredAt when the request of the newest answer was sent, [#NEVER] before the first
/// @param problem why the store cannot be used, null when it can
/// @param copy what the copy into the stream found missing at its leader
public record Own(
        boolean connected,
        @Nullable Reading reading,
        long answeredAt,
        @Nullable String problem,
        Copy copy) {

    static final long NEVER = Long.MIN_VALUE / 2;

    static final Own UNKNOWN = new Own(false, null, NEVER, "not connected yet", Copy.NONE);

    /// What a leader drops for newer messages before it is copied, the copy holds as little as the
    /// leader does, provided it gets to those newer ones.
    ///
    /// @param number the copy's
    /// @param wholeFrom the sequence that it has to reach for that (rule F3), 0 for none
    record Copy(long number, long wholeFrom) {
        static final Copy NONE = new Copy(0, 0);

        /// Of an earlier copy nothing counts any more. In one copy the sequence only rises.
        Copy found(long copy, long from) {
            if (copy < number || (copy == number && from <= wholeFrom)) {
                return this;
            }
            return new Copy(copy, from);
        }
    }

    /// A stream's last sequence never falls, so an answer that was overtaken by the copy's own
    /// report does not take it back.
    Own answered(Reading newest, long sentAt) {
        Own known = new Own(true, newest, Math.max(answeredAt, sentAt), null, copy);
        boolean same =
                reading != null
                        && reading.created().equals(newest.created())
                        && reading.serverId().equals(newest.serverId());
        return same ? known.at(lastSeq()) : known;
    }

    Own failed(String why) {
        return new Own(connected, reading, answeredAt, why, copy);
    }

    Own disconnected(String why) {
        return new Own(false, reading, answeredAt, why, copy);
    }

    /// The reading with a later last sequence, as replication moves on.
    Own at(long lastSeq) {
        Reading r = reading;
        if (r == null || lastSeq <= r.lastSeq()) {
            return this;
        }
        long first = r.firstSeq() == 0 ? 1 : r.firstSeq();
        Reading moved = new Reading(r.serverId(), r.created(), r.face(), first, lastSeq, null);
        return new Own(connected, moved, answeredAt, problem, copy);
    }

    /// The same after what a copy told of its way.
    Own copied(Event.Copied copied) {
        Copy found = copy.found(copied.copy(), copied.wholeFrom());
        return new Own(connected, reading, answeredAt, problem, found).at(copied.lastSeq());
    }

    /// Whether the stream lacks nothing below its end that its leader would have kept without what
    /// is beyond that end.
    boolean isWhole() {
        return lastSeq() >= copy.wholeFrom();
    }

    /// The reading with the fence that this node has set since.
    Own fenced(Mark mark) {
        Reading r = reading;
        if (r == null) {
            return this;
        }
        Reading.Face face = new Reading.Face.Fenced(mark);
        Reading moved =
                new Reading(
                        r.serverId(), r.created(), face, r.firstSeq(), r.lastSeq(), r.messages());
        return new Own(connected, moved, answeredAt, problem, copy);
    }

    public boolean usable() {
        return connected && reading != null && problem == null;
    }

    long lastSeq() {
        return reading == null ? 0 : reading.lastSeq();
    }

    /// How many messages the stream holds, null where that is not known.
    @Nullable Long messages() {
        return reading == null ? null : reading.messages();
    }

    @Nullable String serverId() {
        return reading == null ? null : reading.serverId();
    }
}
