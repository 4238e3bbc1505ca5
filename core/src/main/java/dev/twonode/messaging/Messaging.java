package dev.twonode.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Subjects on one server, over a connection that comes back by itself until it is closed.
public interface Messaging extends AutoCloseable {

    /// The server at the other end, empty while there is no connection.
    Optional<ServerIdentity> server();

    /// Hands a message to the connection.
    ///
    /// @return whether there was one; a message handed over may still be lost with it
    boolean publish(String subject, byte[] body);

    /// Sends a request and waits for one answer. An interrupt ends the wait as [Reply.Unanswered]
    /// and stays set.
    Reply request(String subject, byte[] body, Duration timeout);

    /// Hears a subject from now on, over every connection to come, without a queue group. The
    /// handler may block.
    Subscription subscribe(String subject, Consumer<Incoming> handler);

    /// The same for what is to be heard without a detour: on a connection of its own, beside each
    /// one to come, whose thread calls the handler itself. What comes before that stands, or while
    /// it is not to be had, is not heard.
    Subscription subscribeDirectly(String subject, Consumer<Incoming> handler);

    /// Dials the server once, now and apart from the connection and its own attempts to come back.
    /// Takes no longer than the dial time-out for each address.
    Dialed redial();

    /// What the server does not let this login do, one for each permission, as far as it said so
    /// lately.
    List<Denial> denials();

    @Override
    void close();

    /// Ends a subscription when closed.
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
