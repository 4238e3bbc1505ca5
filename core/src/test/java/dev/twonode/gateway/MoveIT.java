package dev.twonode.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twonode.protocol.Showing.Place;
import dev.twonode.testing.Await;
import dev.twonode.testing.Cable;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PublishOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of requests when their leader ends before it answers: real servers, no agents.
@SuppressWarnings("try") // closing a client is never interrupted here
class MoveIT {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final long ALL = 1_000_000;

    private final NatsServerProcess a = NatsServerProcess.start();
    private final NatsServerProcess b = NatsServerProcess.start();
    private GatewayRig rig;
    private String idA = "";
    private String idB = "";

    MoveIT() throws Exception {
        rig = new GatewayRig(Duration.ofSeconds(10));
    }

    @BeforeEach
    void startLeading() throws Exception {
        idA = GatewayRig.bucketAt(a);
        idB = GatewayRig.bucketAt(b);
        rig.servers(a.port(), b.port());
        rig.ownLeads(idA, 0);
    }

    @AfterEach
    void closeAll() {
        rig.close();
        a.close();
        b.close();
    }

    @Test
    void acknowledgementWaitsUntilItsSequenceIsCommitted() throws Exception {
        try (Connection nats = rig.client()) {
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            Await.await("the gateway says so", BOUND, () -> rig.wanted.get() == 1);
            assertThat(write).isNotDone();

            rig.ownLeads(idA, 1);

            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
        }
    }

    @Test
    void answersAndPongsBehindOneThatWaitsKeepTheirOrder() throws Exception {
        try (Connection nats = rig.client()) {
            List<CompletableFuture<PublishAck>> writes = new ArrayList<>();
            for (int i = 0; i < 3 * UnderWay.MOST; i++) {
                writes.add(write(nats, "x" + i, "v", 0));
            }
            Await.await("the server has all", BOUND, () -> last(a) == writes.size());
            CompletableFuture<Void> pong = CompletableFuture.runAsync(() -> flush(nats));
            Await.holdsFor("no pong", Duration.ofMillis(200), () -> !pong.isDone());

            rig.ownLeads(idA, 5);
            assertThat(writes.get(4).get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(5);
            Await.holdsFor("no more", Duration.ofMillis(100), () -> !writes.get(5).isDone());

            rig.ownLeads(idA, writes.size());
            pong.get(5, TimeUnit.SECONDS);
            assertThat(writes).allMatch(CompletableFuture::isDone);
        }
    }

    private static void flush(Connection nats) {
        try {
            nats.flush(Duration.ofSeconds(10));
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// As behind lost packets, which a connection sends again less and less often.
    @Test
    void aClientWhoseWayBrokeGoesOnByANewOne() throws Exception {
        try (Cable broken = new Cable(b.port());
                Cable whole = new Cable(b.port())) {
            rig.servers(a.port(), broken.port());
            rig.peerLeads(idB, ALL);
            try (Connection nats = rig.client()) {
                assertThat(write(nats, "x", "v", 0).get(5, TimeUnit.SECONDS).getSeqno())
                        .isEqualTo(1);
                broken.cut();
                CompletableFuture<PublishAck> stuck = write(nats, "y", "v", 0);
                rig.servers(a.port(), whole.port());
                Await.holdsFor("no answer", Duration.ofMillis(300), () -> !stuck.isDone());

                rig.gateway.broke(idB);

                assertThat(stuck.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(2);
            }
        }
    }

    /// What it allowed before it was stopped, or slept, it might have taken back.
    @Test
    void nothingIsShownWhileTheAgentDecidesNothing() throws Exception {
        rig.ownLeads(idA, 1);
        rig.decides = false;
        try (Connection nats = rig.client()) {
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            Await.holdsFor("no answer", Duration.ofMillis(300), () -> !write.isDone());

            rig.decides = true;

            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
        }
    }

    @Test
    void writeThatWasStoredAndCopiedButNotAcknowledgedIsAcknowledgedByTheNewLeader()
            throws Exception {
        try (Connection nats = rig.client()) {
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            copyFirst();
            a.kill();
            rig.peerLeads(idB, ALL);

            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            assertThat(last(b)).as("applied once").isEqualTo(1);
        }
    }

    /// Two clients want one lock with one value.
    @Test
    void writeThatSomebodyElseMadeInTheSameWordsIsRefused() throws Exception {
        try (Connection nats = rig.client();
                Connection other = rig.client()) {
            CompletableFuture<PublishAck> first = write(nats, "x", "locked", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            CompletableFuture<PublishAck> second = write(other, "x", "locked", 0);
            copyFirst();
            a.kill();
            rig.peerLeads(idB, ALL);

            assertThat(first.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            assertThatThrownBy(() -> second.get(5, TimeUnit.SECONDS))
                    .hasStackTraceContaining("wrong last sequence");
            assertThat(last(b)).as("applied once").isEqualTo(1);
        }
    }

    @Test
    void writeThatDiedWithItsLeaderIsMadeAtTheNewOneOnce() throws Exception {
        try (Connection nats = rig.client()) {
            copy(b, "y", "other");
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            a.kill();
            rig.peerLeads(idB, ALL);

            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(2);
            assertThat(last(b)).as("applied once").isEqualTo(2);
        }
    }

    @Test
    void writeThatSomebodyElseForestalledIsRefused() throws Exception {
        try (Connection nats = rig.client()) {
            copy(b, "x", "theirs");
            CompletableFuture<PublishAck> write = write(nats, "x", "mine", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            a.kill();
            rig.peerLeads(idB, ALL);

            assertThatThrownBy(() -> write.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(JetStreamApiException.class)
                    .hasStackTraceContaining("wrong last sequence");
            assertThat(last(b)).isEqualTo(1);
        }
    }

    @Test
    void writeWhoseOutcomeTheNewLeaderCannotTellIsNotSentAgain() throws Exception {
        try (Connection nats = rig.client();
                Connection direct = Nats.connect(b.url())) {
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            direct.jetStreamManagement().deleteStream("KV_kine");
            a.kill();
            rig.peerLeads(idB, ALL);

            assertThatThrownBy(() -> write.get(5, TimeUnit.SECONDS))
                    .hasStackTraceContaining("does not say what came of it");
        }
    }

    @Test
    void outcomeOfAnUnguardedWriteIsSaidToBeUnknown() throws Exception {
        try (Connection nats = rig.client()) {
            CompletableFuture<PublishAck> write =
                    nats.jetStream().publishAsync("$KV.kine.x", bytes("v"));
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            a.kill();
            rig.peerLeads(idB, ALL);

            assertThatThrownBy(() -> write.get(5, TimeUnit.SECONDS))
                    .hasStackTraceContaining("outcome unknown");
            assertThat(last(b)).isZero();
        }
    }

    @Test
    void requestsOfAConnectionWithoutALeaderWaitForOne() throws Exception {
        rig.nobodyLeads();
        try (Connection nats = Nats.connect(a.url())) {
            assertThat(nats.getServerInfo().getServerId()).isEqualTo(idA);
        }
        rig.ownLeads(idA, 0);
        try (Connection nats = rig.client()) {
            rig.nobodyLeads();
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            nats.flush(Duration.ofSeconds(2));
            Await.holdsFor("it waits", Duration.ofMillis(300), () -> !write.isDone());

            rig.peerLeads(idB, ALL);

            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            assertThat(last(a)).isZero();
        }
    }

    @Test
    void requestsWaitNoLongerThanTheHoldTimeout() throws Exception {
        rig.close();
        rig = new GatewayRig(Duration.ofMillis(400));
        startAgain();
        try (Connection nats = rig.client()) {
            rig.nobodyLeads();

            assertThatThrownBy(() -> write(nats, "x", "v", 0).get(5, TimeUnit.SECONDS))
                    .hasStackTraceContaining("no leader in time");
        }
    }

    /// Its answers are messages, so that what is no message has to be said by a status.
    @Test
    void readerWithoutALeaderIsNotGivenTheRefusalAsAMessage() throws Exception {
        rig.close();
        rig = new GatewayRig(Duration.ofMillis(400));
        startAgain();
        try (Connection nats = rig.client()) {
            rig.nobodyLeads();
            CompletableFuture<Message> get =
                    nats.request("$JS.API.DIRECT.GET.KV_kine.$KV.kine.x", new byte[0]);

            assertThat(status(get)).isEqualTo("408 no leader in time; nothing was sent");
        }
    }

    private static String status(CompletableFuture<Message> answer) throws Exception {
        Message message = answer.get(5, TimeUnit.SECONDS);
        assertThat(message.getData()).isEmpty();
        assertThat(message.isStatusMessage()).isTrue();
        return message.getStatus().getCode() + " " + message.getStatus().getMessage();
    }

    private void startAgain() {
        rig.servers(a.port(), b.port());
        rig.ownLeads(idA, 0);
    }

    @Test
    void handoverSendsWhatTheFenceRefusedToTheNewLeader() throws Exception {
        try (Connection nats = rig.client();
                Connection direct = Nats.connect(a.url())) {
            CompletableFuture<PublishAck> first = write(nats, "w", "first", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            copy(b, "w", "first");
            rig.ownLeads(idA, 1);
            assertThat(first.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            direct.jetStreamManagement().deleteStream("KV_kine");
            CompletableFuture<PublishAck> write = write(nats, "x", "v", 0);
            Await.holdsFor("it waits", Duration.ofMillis(200), () -> !write.isDone());
            rig.ownHandsOver(idA, 1);
            rig.peerLeads(idB, ALL);

            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(2);
        }
    }

    /// It is back by the time that the next leader takes requests.
    @Test
    void aClientIsSentAwayWhileTheLeaderHandsOverOnceAllItAskedIsAnswered() throws Exception {
        try (Connection nats = rig.client()) {
            CompletableFuture<PublishAck> before = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            rig.ownHandsOver(idA, 0);
            Await.holdsFor("it stays", Duration.ofMillis(100), () -> reconnects(nats) == 0);

            rig.ownHandsOver(idA, 1);

            assertThat(before.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            Await.await("it is back", BOUND, () -> reconnects(nats) == 1);
            Await.await("the next is dialled", BOUND, () -> rig.dialled.contains(Place.PEER));
            CompletableFuture<PublishAck> write = write(nats, "y", "w", 0);
            Await.holdsFor("it waits", Duration.ofMillis(200), () -> !write.isDone());
            rig.peerLeads(idB, ALL);
            assertThat(write.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            assertThat(reconnects(nats)).isEqualTo(1);
            assertThat(rig.dialled).containsOnlyOnce(Place.PEER);
        }
    }

    @Test
    void aClientGoesOnAtALeaderThatTakesItsHandoverBack() throws Exception {
        try (Connection nats = rig.client()) {
            CompletableFuture<PublishAck> before = write(nats, "x", "v", 0);
            Await.await("the server has it", BOUND, () -> last(a) == 1);
            rig.ownHandsOver(idA, 0);
            CompletableFuture<PublishAck> during = write(nats, "y", "w", 0);
            Await.holdsFor("it waits", Duration.ofMillis(50), () -> !during.isDone());

            rig.ownLeads(idA, 2);

            assertThat(before.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(1);
            assertThat(during.get(5, TimeUnit.SECONDS).getSeqno()).isEqualTo(2);
        }
    }

    private static long reconnects(Connection nats) {
        return nats.getStatistics().getReconnects();
    }

    @Test
    void refusalThatNoHandoverExplainsIsPassedOn() throws Exception {
        try (Connection nats = rig.client();
                Connection direct = Nats.connect(a.url())) {
            direct.jetStreamManagement().deleteStream("KV_kine");

            assertThatThrownBy(() -> write(nats, "x", "v", 0).get(6, TimeUnit.SECONDS))
                    .hasStackTraceContaining("503");
        }
    }

    @Test
    void otherStreamsAreNotHeldBack() throws Exception {
        try (Connection nats = rig.client()) {
            StreamConfiguration other =
                    StreamConfiguration.builder().name("OTHER").subjects("other").build();
            nats.jetStreamManagement().addStream(other);

            assertThat(nats.jetStream().publish("other", bytes("v")).getSeqno()).isEqualTo(1);
            assertThat(
                            nats.jetStreamManagement()
                                    .getStreamInfo("OTHER")
                                    .getStreamState()
                                    .getLastSequence())
                    .isEqualTo(1);
        }
    }

    @Test
    void plainRequestsAndWatchesGoOnAtTheNewLeader() throws Exception {
        try (Connection nats = rig.client();
                Connection service = Nats.connect(b.url())) {
            service.createDispatcher(m -> service.publish(m.getReplyTo(), m.getData()))
                    .subscribe("echo");
            CompletableFuture<String> seen = new CompletableFuture<>();
            nats.createDispatcher(m -> seen.complete(text(m))).subscribe("news");
            nats.flush(BOUND);
            a.kill();
            rig.peerLeads(idB, ALL);

            Message echo = nats.request("echo", bytes("hello"), Duration.ofSeconds(5));
            assertThat(text(Objects.requireNonNull(echo))).isEqualTo("hello");
            service.publish("news", bytes("today"));
            assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo("today");
        }
    }

    private static CompletableFuture<PublishAck> write(
            Connection nats, String key, String value, long expected) throws Exception {
        PublishOptions guard =
                PublishOptions.builder().expectedLastSubjectSequence(expected).build();
        CompletableFuture<PublishAck> write =
                nats.jetStream().publishAsync("$KV.kine." + key, bytes(value), guard);
        nats.flushBuffer();
        return write;
    }

    /// Copies a's first message to b as a follower does.
    private void copyFirst() throws Exception {
        try (Connection from = Nats.connect(a.url());
                Connection to = Nats.connect(b.url())) {
            MessageInfo message = from.jetStreamManagement().getMessage("KV_kine", 1);
            Headers headers = new Headers(message.getHeaders());
            headers.remove("Nats-Expected-Last-Subject-Sequence");
            to.jetStream().publish(message.getSubject(), headers, message.getData());
        }
    }

    private static void copy(NatsServerProcess to, String key, String value) throws Exception {
        try (Connection nats = Nats.connect(to.url())) {
            nats.jetStream().publish("$KV.kine." + key, bytes(value));
        }
    }

    private static long last(NatsServerProcess of) throws Exception {
        try (Connection nats = Nats.connect(of.url())) {
            return nats.jetStreamManagement()
                    .getStreamInfo("KV_kine")
                    .getStreamState()
                    .getLastSequence();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }
}
