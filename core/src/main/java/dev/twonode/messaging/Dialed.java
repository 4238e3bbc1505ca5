package dev.twonode.messaging;

/// What one attempt to reach a server found. The differences matter: a refusal proves that no
/// server listens (rule G2), silence proves nothing.
public sealed interface Dialed {

    /// A server greeted us.
    record Reached(ServerIdentity server) implements Dialed {}

    /// The host is up and refused: nobody listens on that port.
    record Refused(String why) implements Failed {}

    /// Nothing came back in time.
    ///
    /// @param accepted whether the connection was taken: a process is there, and says nothing
    record TimedOut(String why, boolean accepted) implements Failed {}

    /// The host cannot be addressed, as its name is unknown or no route leads to it, or the
    /// connection broke before a greeting came.
    record Unreachable(String why) implements Failed {}

    /// Something answered that cannot be used.
    ///
    /// @param fault what is wrong with it
    /// @param why the same with its particulars and the remedy, for an operator
    record Unsuitable(Fault fault, String why) implements Failed {}

    /// Every outcome without a usable server.
    sealed interface Failed extends Dialed {
        /// What happened at which address, for an operator.
        String why();
    }

    /// Why a server that answers cannot be used.
    enum Fault {
        /// The credentials were refused or are needed.
        AUTHORIZATION,
        /// The credentials or certificates on this side cannot be read.
        OWN_FILES,
        /// No agreement on TLS.
        TLS,
        /// The server is older than what works.
        TOO_OLD,
        /// It has as many connections, or subscriptions of this one, as it takes.
        FULL,
        /// It is a gateway of twonode, which leads to the leader's server, whichever that is.
        GATEWAY,
        /// It does not speak the NATS protocol, or hung up while doing so.
        PROTOCOL
    }
}
