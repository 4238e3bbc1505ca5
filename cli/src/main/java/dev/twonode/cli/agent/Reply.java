package dev.twonode.cli.agent;

import com.fasterxml.jackson.databind.JsonNode;

/// What became of one request to an agent or its server.
public sealed interface Reply {

    /// An answer came.
    ///
    /// @param body the answer, one JSON object
    record Answered(JsonNode body) implements Reply {}

    /// A NATS server answers at that address, but nobody listens on the subject.
    ///
    /// @param server name or version of the server that answered
    record NoResponders(String server) implements Reply {}

    /// The request left and no answer came within the time-out: it may have been carried out.
    record TimedOut(long afterMs) implements Reply {}

    /// The connection ended after the request left: it may have been carried out.
    record Lost(String reason) implements Reply {}

    /// There was no connection; nothing was sent.
    record NotConnected(String reason) implements Reply {}

    /// The server refused who we are; nothing was sent.
    record AuthFailed(String reason) implements Reply {}

    /// Something answered, but not with a JSON object.
    record Garbled(String text) implements Reply {}
}
