package dev.twonode.messaging;

/// What happens to the connection behind a [Messaging]. Events of one connection come one after the
/// other, on a thread of its own.
public sealed interface LinkEvent {

    /// A connection is up, and everything subscribed is subscribed on it.
    record Connected(ServerIdentity server) implements LinkEvent {}

    /// The connection to this server has ended. Attempts to come back have begun.
    record Disconnected(ServerIdentity server, String why) implements LinkEvent {}

    /// An attempt to connect failed. The next one follows by itself.
    record DialFailed(Dialed.Failed outcome) implements LinkEvent {}
}
