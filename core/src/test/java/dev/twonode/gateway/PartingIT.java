package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// When the connection of a client is closed that goes to another leader: a real server, no agent.
///
/// nats.go drops what it is about to write when it notices the end (see the figures in README.md).
class PartingIT {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(7);
    private static final int CLIENTS = 9;

    private final LedGateway led;
    private final GatewayRig rig;

    PartingIT() throws Exception {
        led = new LedGateway(BOUND);
        rig = led.rig;
    }

    @AfterEach
    void closeAll() {
        led.close();
    }

    @Test
    void whoWasJustAnsweredHasTimeToGoOn() throws Exception {
        assertThat(microsToEnd(PartingIT::fromAnswer)).isGreaterThan(15_000);
    }

    /// Not when it is likeliest to say the next, which a fixed time after an answer may be.
    @Test
    void whoGoesOnAfterAMomentIsClosedWhileItsNextRequestWaits() throws Exception {
        assertThat(microsToEnd(PartingIT::fromNextRequest)).isGreaterThan(700);
    }

    @Test
    void whoNeverPausesIsClosedToo() throws Exception {
        try (RawClient client = RawClient.introduced(rig.port)) {
            rig.ownHandsOver(led.id, 0);
            CompletableFuture<Void> ended =
                    CompletableFuture.runAsync(() -> assertThat(client.rest()).isEmpty());
            while (!ended.isDone()) {
                client.say("SUB x 1\r\n");
            }
            assertThat(ended).succeedsWithin(BOUND);
        }
    }

    /// More than it may have under way at a server. What it says on its next connection is later.
    @Test
    void whatWasHeldGoesBeforeWhatTheNextConnectionSays() throws Exception {
        try (RawClient client = RawClient.introduced(rig.port)) {
            client.say("SUB _INBOX.z.* 1\r\n");
            client.say(write(0));
            Await.await("the first one is stored", BOUND, () -> rig.wanted.get() == 1);
            rig.ownHandsOver(led.id, 0);
            int held = 3 * UnderWay.MOST;
            for (int i = 1; i <= held; i++) {
                client.say(write(i));
            }
            assertThat(client.hearsNothingFor(MOMENT)).isTrue();
            rig.ownHandsOver(led.id, 1);
            assertThat(client.rest()).contains("_INBOX.z.0");

            try (RawClient next = RawClient.introduced(rig.port)) {
                next.say("SUB _INBOX.z.* 1\r\n");
                next.say(write(held + 1));
                rig.ownLeads(led.id, Long.MAX_VALUE);
                for (int i = 1; i <= held + 1; i++) {
                    assertThat(next.line()).startsWith("MSG _INBOX.z." + i + " ");
                    next.line();
                }
            }
        }
    }

    /// What was held is left for the next connection while the client goes on.
    @Test
    void whatIsSaidToTheEndKeepsItsOrder() throws Exception {
        int held = 3_000;
        int said = held;
        try (RawClient client = RawClient.introduced(rig.port)) {
            client.say("SUB _INBOX.z.* 1\r\n");
            client.say(write(0));
            Await.await("the first one is stored", BOUND, () -> rig.wanted.get() == 1);
            rig.ownHandsOver(led.id, 0);
            for (int i = 1; i <= held; i++) {
                client.say(write(i));
            }
            client.say("PING\r\n");
            assertThat(client.line()).as("all is read").isEqualTo("PONG");
            CompletableFuture<String> ended = CompletableFuture.supplyAsync(client::rest);
            rig.ownHandsOver(led.id, 1);
            while (!ended.isDone() && said < 4 * held) {
                client.say(write(++said));
            }
        }
        try (RawClient next = RawClient.introduced(rig.port)) {
            next.say("SUB _INBOX.z.* 1\r\n");
            rig.ownLeads(led.id, Long.MAX_VALUE);
            for (int i = 1; i <= said; i++) {
                assertThat(next.line()).startsWith("MSG _INBOX.z." + i + " ");
                next.line();
            }
        }
    }

    private static String write(int number) {
        return "PUB $KV.kine.k%d _INBOX.z.%d 1\r\nv\r\n".formatted(number, number);
    }

    /// What a client sees of the end of its connection, in microseconds.
    private interface Gap {
        long from(RawClient client) throws Exception;
    }

    /// Several clients are answered while the leader hands over.
    ///
    /// @return the median of what they see
    private long microsToEnd(Gap seen) throws Exception {
        List<RawClient> clients = new ArrayList<>();
        List<CompletableFuture<Long>> gaps = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = RawClient.introduced(rig.port);
                clients.add(client);
                String inbox = "_INBOX." + i;
                client.say("SUB %s 1\r\nPUB $KV.kine.x %s 1\r\nv\r\n".formatted(inbox, inbox));
                gaps.add(
                        CompletableFuture.supplyAsync(
                                () -> gap(client, seen), task -> Thread.ofPlatform().start(task)));
            }
            Await.await("all are stored", BOUND, () -> rig.wanted.get() == CLIENTS);
            rig.ownHandsOver(led.id, 0);
            rig.ownHandsOver(led.id, CLIENTS);
            List<Long> all = new ArrayList<>();
            for (CompletableFuture<Long> gap : gaps) {
                all.add(gap.get(BOUND.toSeconds(), TimeUnit.SECONDS));
            }
            return all.stream().sorted().toList().get(CLIENTS / 2);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static long gap(RawClient client, Gap seen) {
        try {
            String answer = client.line() + client.line();
            assertThat(answer).startsWith("MSG _INBOX.").contains("\"seq\":");
            return seen.from(client);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long fromAnswer(RawClient client) {
        long answered = System.nanoTime();
        assertThat(client.rest()).isEmpty();
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - answered);
    }

    private static long fromNextRequest(RawClient client) throws Exception {
        if (!client.hearsNothingFor(MOMENT)) {
            return 0;
        }
        client.say("PUB $KV.kine.x _INBOX.next 1\r\nw\r\n");
        return fromAnswer(client);
    }
}
