package dev.twonode.cli.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.messaging.Denial;

/// What became of one request to an agent or its server.
public sealed interface Reply {

    /// An answer came.
    ///
    /// @param body the answer
    record Answered(ObjectNode body) implements Reply {}

    /// There is no answer to read.
    sealed interface Failed extends Reply {
        /// The reason, for an operator.
        String why();
    }

    /// A NATS server answers at that address, but nobody listens on the subject. Nothing happened.
    ///
    /// @param server what it is
    /// @param bucket of an agent that is there nevertheless, empty when none is known
    record NoResponders(String server, String bucket) implements Failed {

        /// No agent is known to be there.
        public NoResponders(String server) {
            this(server, "");
        }

        @Override
        public String why() {
            return words("there");
        }

        /// What was found.
        ///
        /// @param where such as `there`
        public String words(String where) {
            return "a NATS server answers "
                    + where
                    + " ("
                    + server
                    + ")"
                    + (bucket.isEmpty()
                            ? " but no twonode agent"
                            : ", but no agent of this bucket: the one there has the bucket "
                                    + bucket);
        }

        /// What to do where no other agent answers either.
        public String next() {
            return bucket.isEmpty()
                    ? AbsenceCheck.START_AGENT + "; agents of another bucket: --bucket NAME"
                    : "ask that one: --bucket " + bucket + "; or " + AbsenceCheck.START_AGENT;
        }
    }

    /// The request left, and no answer came in time or before the connection ended: it may have
    /// been carried out.
    record Unanswered(String why) implements Failed {}

    /// There was no connection; nothing was sent.
    ///
    /// @param next what to do
    record NotConnected(String why, String next) implements Failed {

        /// Nothing is there, or not now.
        public NotConnected(String why) {
            this(why, "start the NATS server there, or name another node: -s HOST:PORT");
        }
    }

    /// Something listens there and says nothing; nothing was sent.
    record Mute(String why) implements Failed {

        static final String RIGHT_PORT =
                "check that this is the client port of a NATS server (4222 as a rule) and not a"
                        + " gateway of twonode (4240), which greets nobody while no node leads";

        /// What to do where nobody knows what is at that address.
        public String next() {
            return RIGHT_PORT + "; only a server that hangs: kill it (kill -9) and start it again";
        }
    }

    /// Something listens there that cannot be used; nothing was sent.
    ///
    /// @param next what to do
    record Unusable(String why, String next) implements Failed {}

    /// The server refused who we are; nothing was sent.
    record AuthFailed(String why) implements Failed {}

    /// The server does not let this login ask this, or that of the agent hear it; nothing was done.
    ///
    /// @param next what to do
    record Forbidden(String why, String next) implements Failed {}

    /// An agent that is there and does not hear what others ask it.
    ///
    /// @param url its server
    /// @param subject what it should hear
    static Forbidden deaf(String url, String subject) {
        String permission = subject.substring(0, subject.lastIndexOf('.')) + ".>";
        Denial denial = new Denial(url, Denial.Verb.SUBSCRIBE, subject, permission);
        return new Forbidden(denial.problem("the agent's login"), denial.remedy());
    }

    /// Files on this side (credentials, certificates) cannot be used; nothing was sent.
    record OwnFiles(String why) implements Failed {}

    /// Something answered, but not with a JSON object.
    record Garbled(String why) implements Failed {}
}
