package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.messaging.JoinedServers;
import dev.twonode.testing.NatsServerProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JoinedServersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Test
    void twoServersOfTheirOwnMayBeAPair() throws InterruptedException {
        try (StoreFixture one = new StoreFixture();
                StoreFixture two = new StoreFixture()) {
            assertThat(JoinedServers.find(one.link(), two.link(), Duration.ofMillis(200)))
                    .isEmpty();
        }
    }

    @Test
    void oneServerIsNoPair() throws InterruptedException {
        try (StoreFixture one = new StoreFixture()) {
            assertThat(JoinedServers.find(one.link(), one.link(), PATIENCE).orElseThrow())
                    .contains("one and the same server");
        }
    }

    @Test
    void serversJoinedByALeafnodeAreNoPair() throws InterruptedException {
        int leafPort = NatsServerProcess.freePort();
        try (StoreFixture hub =
                        new StoreFixture(
                                NatsServerProcess.configure()
                                        .name("hub")
                                        .extra("leafnodes { port: " + leafPort + " }"));
                StoreFixture leaf =
                        new StoreFixture(
                                NatsServerProcess.configure()
                                        .name("leaf")
                                        .extra(
                                                "leafnodes { remotes: [{ url:"
                                                        + " \"nats://127.0.0.1:"
                                                        + leafPort
                                                        + "\" }] }"))) {
            assertThat(JoinedServers.find(hub.link(), leaf.link(), PATIENCE).orElseThrow())
                    .contains("leafnode");
        }
    }
}
