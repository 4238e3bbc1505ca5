package dev.twonode.messaging;

/// What became of a request.
public sealed interface Reply {

    /// An answer came.
    @SuppressWarnings("ArrayRecordComponent") // handed over as it came, never compared
    record Answer(byte[] body) implements Reply {}

    /// The server says that nobody hears the subject. Nothing was delivered.
    record NoResponders() implements Reply {}

    /// It was sent, and no answer came in time or before the connection ended: it may have been
    /// carried out.
    ///
    /// @param why what ended the wait
    record Unanswered(String why) implements Reply {}

    /// It was not sent: there is no connection, or the message cannot be sent at all.
    ///
    /// @param why the reason
    record NotSent(String why) implements Reply {}
}
