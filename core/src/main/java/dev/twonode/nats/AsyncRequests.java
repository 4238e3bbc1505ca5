package dev.twonode.nats;

import dev.twonode.messaging.Reply;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Requests with headers, many at a time, for callers that wait for something else besides the
/// answer. May be used by several threads.
public final class AsyncRequests {

    private final NatsLink link;

    /// @param link the connection to send on; it stays its owner's
    public AsyncRequests(NatsLink link) {
        this.link = link;
    }

    /// Sends a request. The result never fails: it says what became of the request, at the latest a
    /// little after the time-out.
    ///
    /// @param headers one value for each name
    public CompletableFuture<Reply> send(
            String subject, Map<String, String> headers, byte[] body, Duration timeout) {
        Optional<Session> up = link.current();
        if (up.isEmpty()) {
            return CompletableFuture.completedFuture(new Reply.NotSent("there is no connection"));
        }
        Headers sent = new Headers();
        headers.forEach((name, value) -> sent.put(name, value));
        try {
            return up.get()
                    .connection()
                    .requestWithTimeout(subject, headers.isEmpty() ? null : sent, body, timeout)
                    .handle(AsyncRequests::outcome);
        } catch (IllegalStateException | IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    new Reply.NotSent(String.valueOf(e.getMessage())));
        }
    }

    private static Reply outcome(@Nullable Message message, @Nullable Throwable failure) {
        if (message != null) {
            return message.isStatusMessage()
                    ? new Reply.NoResponders()
                    : new Reply.Answer(message.getData());
        }
        @Nullable Throwable cause =
                failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof JetStreamStatusException) {
            return new Reply.NoResponders();
        }
        return new Reply.Unanswered(
                cause instanceof CancellationException
                        ? "no answer in time, or the connection ended before it"
                        : String.valueOf(cause));
    }
}
