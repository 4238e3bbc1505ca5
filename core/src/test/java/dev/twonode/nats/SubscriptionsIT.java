package dev.twonode.nats;

import static dev.twonode.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.twonode.messaging.Messaging;
import dev.twonode.messaging.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How a subscription ends, whatever has become of its connection and of who ends it.
class SubscriptionsIT {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final byte[] EMPTY = new byte[0];

    private final StoreFixture fixture = new StoreFixture();

    @AfterEach
    void closeServer() {
        fixture.close();
    }

    @Test
    void endsWithAConnectionWhoseEndWasNotToldYet() throws Exception {
        Session known = fixture.link().current().orElseThrow();
        Session untold = new Session(known.connection(), known.server(), new CompletableFuture<>());
        Subscriptions subscriptions = new Subscriptions();
        subscriptions.attach(untold);
        Messaging.Subscription subscription = subscriptions.add("any", _ -> {});
        known.connection().close();
        assertThat(untold.isOver()).isFalse();

        assertThatCode(subscription::close).doesNotThrowAnyException();
    }

    @Test
    void endsForTheServerTooWhenItsThreadIsInterrupted() {
        Messaging.Subscription subscription = fixture.link().subscribe("any", _ -> {});

        Thread.currentThread().interrupt();
        subscription.close();

        assertThat(Thread.interrupted()).isTrue();
        await(
                "nobody hears the subject any more",
                BOUND,
                () -> fixture.link().request("any", EMPTY, BOUND) instanceof Reply.NoResponders);
    }
}
