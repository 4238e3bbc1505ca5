package dev.twonode.nats;

import dev.twonode.messaging.Dialed;

/// An attempt to connect that did not end with a usable server.
final class DialException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Dialed.Failed outcome;

    DialException(Dialed.Failed outcome) {
        super(outcome.why());
        this.outcome = outcome;
    }

    DialException(Dialed.Failed outcome, Throwable cause) {
        super(outcome.why(), cause);
        this.outcome = outcome;
    }

    Dialed.Failed outcome() {
        return outcome;
    }
}
