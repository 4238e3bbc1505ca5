package dev.twonode.gateway;

import dev.twonode.gateway.wire.Frame;

/// A publish whose sender waits for an answer.
final class Request {

    final Frame.Publish publish;
    final String reply;
    final Purpose purpose;
    final long since;
    Progress progress = Progress.SENT;
    long refusedAt;

    /// How far it is.
    enum Progress {
        /// A server has it.
        SENT,
        /// The server says that nobody took it: nothing was stored.
        REFUSED,
        /// The new leader is asked what came of it.
        RESOLVING
    }

    /// @param since when it came, by the gateway's clock
    Request(Frame.Publish publish, String reply, Purpose purpose, long since) {
        this.publish = publish;
        this.reply = reply;
        this.purpose = purpose;
        this.since = since;
    }
}
