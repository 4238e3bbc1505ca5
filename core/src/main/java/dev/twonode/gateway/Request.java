package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;
import org.jspecify.annotations.Nullable;

/// A publish whose sender waits for an answer.
final class Request {

    final Frame.Publish publish;
    final String reply;
    final Purpose purpose;
    Progress progress = Progress.SENT;
    long refusedAt;

    /// The connection on which a server has it, or is asked about it.
    @Nullable Upstream at;

    /// How far it is.
    enum Progress {
        /// A server has it.
        SENT,
        /// The server says that nobody took it: nothing was stored.
        REFUSED,
        /// The new leader is asked what came of it.
        RESOLVING
    }

    /// @param at the connection on which it is sent
    Request(Frame.Publish publish, String reply, Purpose purpose, @Nullable Upstream at) {
        this.publish = publish;
        this.reply = reply;
        this.purpose = purpose;
        this.at = at;
    }

    /// A connection has it from now on.
    void moves(Upstream to, Progress how) {
        at = to;
        progress = how;
    }

    /// Whether it is so far on that connection. What another one still says of it was said before
    /// it moved on.
    boolean isAt(Upstream there, Progress how) {
        return progress == how && at == there;
    }
}
