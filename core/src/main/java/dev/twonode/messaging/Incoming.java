package dev.twonode.messaging;

/// A message that came in by a subscription.
public interface Incoming {

    String subject();

    /// Its body. Nobody changes the array.
    byte[] body();

    /// Whether the sender waits for an answer.
    boolean wantsAnswer();

    /// Answers a request; does nothing when no answer is wanted or the connection is gone.
    void respond(byte[] answer);
}
