package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What clients that wait for a consumer's messages hear while no node leads.
@SuppressWarnings("try") // closing a client is never interrupted here
class PullIT {

    private static final String NEXT = "$JS.API.CONSUMER.MSG.NEXT.KV_kine.c";

    private final NatsServerProcess a = NatsServerProcess.start();
    private final NatsServerProcess b = NatsServerProcess.start();
    private GatewayRig rig;
    private String idA = "";

    PullIT() throws Exception {
        rig = new GatewayRig(Duration.ofSeconds(10));
    }

    @BeforeEach
    void startLeading() throws Exception {
        idA = GatewayRig.bucketAt(a);
        GatewayRig.bucketAt(b);
        lead();
    }

    private void lead() {
        rig.servers(a.port(), b.port());
        rig.ownLeads(idA, 0);
    }

    @AfterEach
    void closeAll() {
        rig.close();
        a.close();
        b.close();
    }

    /// A kine that hears nothing for twice that time ends.
    @Test
    void aPullGetsItsSignsOfLifeWhileNobodyLeads() throws Exception {
        try (Connection nats = rig.client()) {
            nats.jetStreamManagement()
                    .createConsumer(
                            "KV_kine", ConsumerConfiguration.builder().durable("c").build());
            Subscription inbox = nats.subscribe("_INBOX.pull");
            nats.publish(NEXT, "_INBOX.pull", pull(7, 200, 1_500));
            nats.flush(Duration.ofSeconds(2));
            a.kill();
            rig.nobodyLeads();

            List<String> heard = new ArrayList<>();
            Message message = inbox.nextMessage(Duration.ofSeconds(1));
            while (message != null && message.getStatus().getCode() == 100) {
                heard.add(message.getStatus().getMessage());
                message = inbox.nextMessage(Duration.ofSeconds(1));
            }

            assertThat(heard).hasSizeGreaterThan(2).containsOnly("Idle Heartbeat");
            assertThat(message).isNotNull();
            assertThat(message.getStatus().getCode()).isEqualTo(408);
            assertThat(inbox.nextMessage(Duration.ofSeconds(1))).isNull();
        }
    }

    @Test
    void nobodyWhoHasLeftGetsThem() throws Exception {
        try (Connection nats = rig.client()) {
            Subscription inbox = nats.subscribe("_INBOX.gone.1");
            Subscription all = nats.subscribe("other.>");
            nats.publish(NEXT, "_INBOX.gone.1", pull(1, 200, 5_000));
            inbox.unsubscribe();
            nats.flush(Duration.ofSeconds(2));
            a.kill();
            rig.nobodyLeads();

            assertThat(all.nextMessage(Duration.ofSeconds(1))).isNull();
            assertThat(nats.getStatus()).isEqualTo(Connection.Status.CONNECTED);
        }
    }

    /// It is no error, for which a kine would read everything again: it pulls anew.
    @Test
    void aPullThatWaitsInVainEndsAsIfNothingHadCome() throws Exception {
        rig.close();
        rig = new GatewayRig(Duration.ofMillis(400));
        lead();
        try (Connection nats = rig.client()) {
            rig.nobodyLeads();

            assertThat(end(nats, bytes("3"))).isEqualTo("408 Request Timeout, 3 and 0 left");
            assertThat(end(nats, bytes("{"))).isEqualTo("408 Request Timeout, 1 and 0 left");
            assertThat(end(nats, pull(500, 0, 30_000)))
                    .isEqualTo("408 Request Timeout, 500 and 0 left");
        }
    }

    private static String end(Connection nats, byte[] pull) throws Exception {
        Message message = nats.request(NEXT, pull).get(5, TimeUnit.SECONDS);
        return message.getStatus().getCode()
                + " "
                + message.getStatus().getMessage()
                + ", "
                + message.getHeaders().getFirst("Nats-Pending-Messages")
                + " and "
                + message.getHeaders().getFirst("Nats-Pending-Bytes")
                + " left";
    }

    private static byte[] pull(int batch, int heartbeatMillis, int expiresMillis) {
        return bytes(
                "{\"batch\":%d,\"idle_heartbeat\":%d,\"expires\":%d}"
                        .formatted(
                                batch, heartbeatMillis * 1_000_000L, expiresMillis * 1_000_000L));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
