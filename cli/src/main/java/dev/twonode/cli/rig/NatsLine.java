package dev.twonode.cli.rig;

import dev.twonode.config.ConnectionSettings;
import dev.twonode.messaging.Reply;
import dev.twonode.nats.AsyncRequests;
import dev.twonode.nats.NatsLink;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A [Line] to a real server.
public final class NatsLine implements Line {

    private static final Duration ANSWER = Duration.ofSeconds(10);

    /// Patient: who leads is the agents' business, and on a busy machine a server is slow at times.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final NatsLink link;
    private final AsyncRequests requests;

    private NatsLine(NatsLink link) {
        this.link = link;
        this.requests = new AsyncRequests(link);
    }

    /// Connects to the server at an address; when that fails, it goes on trying in the background.
    public static Line open(String url) {
        NatsLink link =
                NatsLink.openAnywhere(
                        ConnectionSettings.plain(url), "twonode-demo", SILENCE, _ -> {});
        try {
            link.firstAttempt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new NatsLine(link);
    }

    @Override
    public CompletableFuture<byte[]> request(
            String subject, Map<String, String> headers, byte[] body) {
        return requests.send(subject, headers, body, ANSWER)
                .thenCompose(reply ->
                        switch (reply) {
                            case Reply.Answer(byte[] answer) ->
                                    CompletableFuture.completedFuture(answer);
                            case Reply.NoResponders() ->
                                    failed(new NotDelivered("nobody serves " + subject));
                            case Reply.NotSent(String why) -> failed(new NotDelivered(why));
                            case Reply.Unanswered(String why) -> failed(new IOException(why));
                        });
    }

    @Override
    public void listen(String subject, Consumer<byte[]> heard) {
        link.subscribe(subject, message -> heard.accept(message.body()));
    }

    @Override
    public void close() {
        link.close();
    }

    private static CompletableFuture<byte[]> failed(Exception e) {
        return CompletableFuture.failedFuture(e);
    }
}
