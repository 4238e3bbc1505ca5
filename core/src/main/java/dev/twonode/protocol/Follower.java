package dev.twonode.protocol;

/// A follower's copy as its leader sees it.
///
/// @param process the follower's agent process, empty when there is no follower
/// @param server its server process
/// @param copy number of the copy that the follower told of last, 0 for none
/// @param progress its highest durable sequence, as the follower told it
/// @param acknowledged the highest sequence that its server acknowledged to that copy, as it was
///   heard from the server itself (rule C1)
/// @param movedAt when the progress moved last, or when nothing was outstanding
/// @param target what it must reach before it is told that it is in sync, and what a leader alone
///   shows at most meanwhile (A3); 0 when unset
/// @param targetAt when the target was set
/// @param leave whether it was asked to leave (rule A2)
public record Follower(
        String process,
        String server,
        long copy,
        long progress,
        long acknowledged,
        long movedAt,
        long target,
        long targetAt,
        boolean leave) {

    static final Follower NONE = of("", "", 0, 0);

    static Follower of(String process, String server, long progress, long movedAt) {
        return new Follower(process, server, 0, progress, 0, movedAt, 0, 0, false);
    }

    boolean isPresent() {
        return !process.isEmpty();
    }

    /// What either says is enough for a commit. Everything else that a leader does rests on what
    /// the follower told: it objects to a grant that begins beyond what it knows of.
    long durable() {
        return Math.max(progress, acknowledged);
    }

    /// A report that says nothing new moves nothing (rule A2).
    Follower at(long sequence, long time) {
        return sequence <= progress
                ? this
                : new Follower(
                        process,
                        server,
                        copy,
                        sequence,
                        acknowledged,
                        time,
                        target,
                        targetAt,
                        leave);
    }

    /// What was acknowledged to another copy may have been replaced since.
    Follower copying(long number) {
        return number == copy
                ? this
                : new Follower(
                        process, server, number, progress, 0, movedAt, target, targetAt, leave);
    }

    /// Number of the copy whose acknowledgements are heard, 0 for none.
    long heard() {
        return acknowledged == 0 ? 0 : copy;
    }

    /// Its server cannot be heard, or has to be heard anew.
    Follower unheard() {
        return new Follower(process, server, copy, progress, 0, movedAt, target, targetAt, leave);
    }

    Follower acknowledged(long sequence) {
        return sequence <= acknowledged
                ? this
                : new Follower(
                        process, server, copy, progress, sequence, movedAt, target, targetAt,
                        leave);
    }

    /// Nothing is outstanding at this time.
    Follower level(long time) {
        return new Follower(
                process, server, copy, progress, acknowledged, time, target, targetAt, leave);
    }

    Follower towards(long sequence, long time) {
        return new Follower(
                process, server, copy, progress, acknowledged, movedAt, sequence, time, leave);
    }

    Follower leaving() {
        return new Follower(
                process, server, copy, progress, acknowledged, movedAt, target, targetAt, true);
    }
}
