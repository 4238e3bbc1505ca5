package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Face;
import dev.twonode.replication.ServerVersion;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import dev.twonode.testing.Await;
import dev.twonode.testing.NatsServerProcess;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What only a real server can show of the store.
class NatsStoreIT {

    private static final Mark MARK = new Mark(3, new NodeName("a"));
    private static final Mark OTHER = new Mark(4, new NodeName("b"));
    private static final byte[] VALUE = new byte[512];

    private final StoreFixture fixture = new StoreFixture();
    private final NatsStore store = fixture.store();
    private final AtomicLong refused = new AtomicLong();

    @AfterEach
    void closeServer() {
        fixture.close();
    }

    @Test
    void serverThatTakesSmallBatchesOnlyIsLeaptAllTheSame(@TempDir Path folder) throws Exception {
        NatsServerProcess.Settings small =
                NatsServerProcess.configure()
                        .folder(folder)
                        .withoutJetStream()
                        .extra("jetstream {\n  store_dir: \"" + folder.resolve("store") + "\"")
                        .extra("  limits { batch { max_msgs: 100 } }\n}");
        try (StoreFixture narrow = new StoreFixture(small)) {
            narrow.store().createFenced(MARK, "s", Store.KINE_HISTORY);

            narrow.store().leap("s", 1, 1_200);

            StreamFacts facts = narrow.store().inspect().orElseThrow();
            assertThat(facts.lastSeq()).isEqualTo(1_200);
            assertThat(facts.messages()).isZero();
        }
    }

    @Test
    void fenceAfterALeapTakesNoBatchesAnyMore() throws Exception {
        store.createFenced(MARK, "s", Store.KINE_HISTORY);
        store.leap("s", 1, 20);
        assertThat(takesBatches())
                .isEqualTo(ServerVersion.parse(store.serverVersion()).forcesBatches());

        store.fence(MARK, "t");

        assertThat(takesBatches()).isFalse();
    }

    private boolean takesBatches() throws StoreException {
        JsonNode info =
                new JetStreamApi(fixture.link(), StoreFixture.TIMEOUT)
                        .call(
                                fixture.link().current().orElseThrow(),
                                "STREAM.INFO.KV_kine",
                                Json.object());
        return info.path("config").path("allow_atomic").asBoolean();
    }

    @Test
    void barrierIsAboveEveryWriteThatWasAcknowledged() throws Exception {
        opened();
        AtomicBoolean fenced = new AtomicBoolean();
        AtomicLong highest = new AtomicLong();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String subject = "$KV.kine.w" + i;
            writers.add(Thread.ofVirtual().start(() -> write(subject, fenced, highest)));
        }
        for (int round = 0; round < 20; round++) {
            long before = highest.get();
            Await.await("writes go on", Duration.ofSeconds(10), () -> highest.get() > before + 20);
            StreamFacts barrier = store.fence(MARK, "r" + round);
            assertThat(store.inspect()).contains(barrier);
            assertThat(highest.get()).isLessThanOrEqualTo(barrier.lastSeq());
            store.open(MARK);
        }
        fenced.set(true);
        for (Thread writer : writers) {
            writer.join(Duration.ofSeconds(10));
        }
        assertThat(refused.get()).isPositive();
    }

    /// An interrupt is what ends copying.
    @Test
    void aFeedThatAnInterruptedThreadClosesLeavesNoConsumerBehind() throws Exception {
        opened();
        Store.Feed feed = store.feed(1);
        assertThat(consumers()).isEqualTo(1);

        Thread ending =
                Thread.ofVirtual()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            feed.close();
                        });
        ending.join();

        Await.await("the consumer is gone", Duration.ofSeconds(15), () -> consumers() == 0);
    }

    private long consumers() throws StoreException {
        return call("STREAM.INFO.KV_kine", Json.object())
                .path("state")
                .path("consumer_count")
                .asLong();
    }

    @Test
    void streamEditedByHandIsForeignAndLeftAlone() throws StoreException {
        opened();
        edit(config -> config.put("max_bytes", 1_000_000));

        Face face = facts().face();

        assertThat(face).isInstanceOf(Face.Foreign.class);
        assertThat(((Face.Foreign) face).why()).contains("max_bytes", "1000000");
        StoreException refusal = failure(() -> store.fence(MARK, "s2"));
        assertThat(refusal.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refusal).hasMessageContaining("max_bytes");
        assertThat(failure(() -> store.open(MARK)).kind()).isEqualTo(Kind.REFUSED);
        assertThat(facts().face()).isEqualTo(face);
    }

    @Test
    void metadataSubjectsAndDescriptionsByHandAreForeignToo() throws StoreException {
        opened();
        List<Consumer<ObjectNode>> edits =
                List.of(
                        config -> config.putObject("metadata").put("owner", "somebody"),
                        config -> config.putArray("subjects").add("$KV.kine.>").add("more"),
                        config -> config.put("description", "mine"),
                        config -> config.put("compression", "s2"));
        for (Consumer<ObjectNode> edit : edits) {
            ObjectNode before = edit(edit);
            assertThat(facts().face()).isInstanceOf(Face.Foreign.class);
            call("STREAM.UPDATE.KV_kine", before);
            assertThat(facts().face()).isEqualTo(new Face.Open());
        }
    }

    @Test
    void fenceSetByAnotherWhileOpeningIsNotSweptAway() throws Exception {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        StoreException refusal = null;
        for (int round = 0; round < 200 && refusal == null; round++) {
            store.fence(MARK, "s1");
            Thread rival = Thread.ofVirtual().start(this::fenceAsOther);
            try {
                store.open(MARK);
            } catch (StoreException e) {
                refusal = e;
            }
            rival.join(Duration.ofSeconds(10));
            if (refusal == null) {
                assertThat(facts().face()).isIn(new Face.Open(), new Face.Fenced(OTHER, "o"));
            }
        }
        assertThat(refusal).as("the two never met in 200 rounds").isNotNull();
        assertThat(facts().face()).isInstanceOf(Face.Fenced.class);
    }

    @Test
    void killedServerLeavesAPrefixOfWhatWasAppended() throws StoreException {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        for (int round = 0; round < 3; round++) {
            long from = facts().lastSeq();
            long durable = from;
            try (Store.Appender appender = store.appender("s1", from)) {
                for (long sequence = from + 1; sequence <= from + 3000; sequence++) {
                    appender.append(message(sequence));
                    if (sequence == from + 2000) {
                        durable = appender.awaitDurable(from + 500, Duration.ofSeconds(5));
                        fixture.server().kill();
                    }
                }
                appender.flush();
                throw new AssertionError("the appender should have failed");
            } catch (StoreException e) {
                assertThat(e.kind()).isIn(Kind.UNKNOWN, Kind.UNREACHABLE);
            }
            fixture.server().restart();
            fixture.awaitLink();
            StreamFacts after = facts();
            assertThat(after.lastSeq()).isBetween(durable, from + 3000);
            assertThat(after.deleted()).isZero();
            assertThat(after.face()).isEqualTo(new Face.Fenced(MARK, "s1"));
        }
    }

    @Test
    void placeholdersOfABrokenSkipAreGoneAfterTheNextFence() throws StoreException {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        fixture.publish("$TWONODE.gap.kine.s1.1", Map.of(), new byte[0]);
        assertThat(facts().messages()).isEqualTo(1);
        StreamFacts after = store.fence(MARK, "s2");
        assertThat(after.messages()).isZero();
        assertThat(after.lastSeq()).isEqualTo(1);
        fixture.killAndRestart();
        assertThat(facts().messages()).isZero();
    }

    @Test
    void manyPlaceholdersStayAwayAfterAKill() throws StoreException {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store.appender("s1", 0)) {
            appender.append(message(1));
            appender.skip(2, 9_000);
            appender.append(message(9_001));
            assertThat(appender.flush()).isEqualTo(9_001);
        }
        fixture.killAndRestart();
        store.open(MARK);
        fixture.killAndRestart();
        assertThat(facts().messages()).isEqualTo(2);
        assertThat(facts().deleted()).isEqualTo(8_999);
        assertThat(store.deleted()).hasSize(8_999);
    }

    @Test
    void othersHearTheServersAcknowledgementsOfWhatIsEchoed() throws Exception {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        List<String> heard = new CopyOnWriteArrayList<>();
        Connection other = Nats.connect(fixture.server().url());
        try (Store.Appender appender = store.appender("s1", 0, "stored.b1.7.")) {
            other.createDispatcher(message -> heard.add(told(message))).subscribe("stored.>");
            other.flush(Duration.ofSeconds(5));
            appender.append(message(1), true);
            appender.append(message(2), false);
            appender.append(message(3), true);
            appender.skip(4, 5);
            appender.append(message(6), true);
            assertThat(appender.flush()).isEqualTo(6);
            appender.append(message(7), true);
            assertThat(appender.flush()).isEqualTo(7);
            Await.await(
                    "the newest is heard",
                    Duration.ofSeconds(5),
                    () -> heard.contains("stored.b1.7.7 true"));
        } finally {
            other.close();
        }
        assertThat(heard)
                .containsExactly("stored.b1.7.1 true", "stored.b1.7.3 true", "stored.b1.7.7 true");
    }

    private static String told(Message message) {
        String subject = message.getSubject();
        long sequence = Long.parseLong(subject.substring(subject.lastIndexOf('.') + 1));
        return subject + " " + Acknowledgement.isPlain(message.getData(), sequence);
    }

    @Test
    void frozenServerEndsAFeedAndAnAppenderWithinTheirBounds() throws StoreException {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store.appender("s1", 0);
                Store.Feed feed = store.feed(1)) {
            appender.append(message(1));
            appender.flush();
            assertThat(feed.poll(Duration.ofSeconds(5))).hasSize(1);
            fixture.server().pause();
            appender.append(message(2));
            assertThat(failure(() -> feed.poll(Duration.ofSeconds(5))).kind())
                    .isIn(Kind.UNKNOWN, Kind.UNREACHABLE);
            assertThat(failure(appender::flush).kind()).isEqualTo(Kind.UNKNOWN);
            fixture.server().resume();
        }
    }

    @Test
    void messageLargerThanABatchComesThrough() throws StoreException {
        try (StoreFixture large =
                new StoreFixture(NatsServerProcess.configure().extra("max_payload: 8MB"))) {
            NatsStore big = large.store();
            big.createFenced(MARK, "s1", Store.KINE_HISTORY);
            big.open(MARK);
            for (int size : List.of(10, 6_000_000, 20, 5_000_000, 30)) {
                large.publish("$KV.kine.big", Map.of(), new byte[size]);
            }
            List<Integer> sizes = new ArrayList<>();
            try (Store.Feed feed = big.feed(1)) {
                while (sizes.size() < 5) {
                    feed.poll(Duration.ofSeconds(5)).forEach(m -> sizes.add(m.data().length));
                }
            }
            assertThat(sizes).containsExactly(10, 6_000_000, 20, 5_000_000, 30);
        }
    }

    @Test
    void serverWithoutJetStreamIsUnusableAndSaysWhy() {
        try (StoreFixture bare =
                new StoreFixture(NatsServerProcess.configure().withoutJetStream())) {
            StoreException refusal = failure(() -> bare.store().inspect());
            assertThat(refusal.kind()).isEqualTo(Kind.UNUSABLE);
            assertThat(refusal).hasMessageContaining("JetStream is not enabled");
        }
    }

    /// Whoever comes second sees the other: by what it finds, or by what was announced meanwhile.
    @Test
    void fenceSetByAnotherWhileFencingIsNotSweptAwayUnseen() throws Exception {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        int second = 0;
        for (int round = 0; round < 60; round++) {
            store.fence(MARK, "s1");
            store.open(MARK);
            AtomicBoolean done = new AtomicBoolean();
            Thread rival = Thread.ofVirtual().start(() -> done.set(fencesAsOther()));
            boolean seen = fencesCarefully();
            rival.join();

            assertThat(!done.get() || seen || isForeign(facts().face())).isTrue();
            second += seen ? 1 : 0;
        }
        assertThat(second).as("rounds in which the other was first").isPositive();
    }

    /// Whether it found out that somebody else was there.
    private boolean fencesCarefully() {
        try {
            return isForeign(store.fence(MARK, "s2", Care.CHANGES).face());
        } catch (StoreException e) {
            return true;
        }
    }

    private boolean fencesAsOther() {
        try {
            return isForeign(store.fence(OTHER, "o").face());
        } catch (StoreException e) {
            return false;
        }
    }

    private static boolean isForeign(Face face) {
        return face instanceof Face.Fenced(Mark mark, _) && !mark.by().equals(MARK.by());
    }

    private void opened() throws StoreException {
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        store.open(MARK);
    }

    private StreamFacts facts() throws StoreException {
        return store.inspect().orElseThrow();
    }

    private void fenceAsOther() {
        try {
            store.fence(OTHER, "o");
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
        }
    }

    private void write(String subject, AtomicBoolean end, AtomicLong highest) {
        while (!end.get()) {
            try {
                long sequence = fixture.publish(subject, Map.of(), VALUE);
                highest.accumulateAndGet(sequence, Math::max);
            } catch (StoreException e) {
                refused.incrementAndGet(); // fenced at the moment
            }
        }
    }

    /// Changes the stream as `nats stream edit` does, and returns the configuration before.
    private ObjectNode edit(Consumer<ObjectNode> change) throws StoreException {
        ObjectNode before = (ObjectNode) call("STREAM.INFO.KV_kine", Json.object()).path("config");
        ObjectNode after = before.deepCopy();
        change.accept(after);
        call("STREAM.UPDATE.KV_kine", after);
        return before;
    }

    private JsonNode call(String verb, JsonNode body) throws StoreException {
        JetStreamApi api = new JetStreamApi(fixture.link(), StoreFixture.TIMEOUT);
        return api.call(api.session(), verb, body);
    }

    private static StoredMessage message(long sequence) {
        return new StoredMessage(sequence, "$KV.kine.k" + sequence, Map.of(), VALUE, Instant.EPOCH);
    }

    private interface Call {
        void run() throws StoreException;
    }

    private static StoreException failure(Call call) {
        StoreException thrown = catchThrowableOfType(StoreException.class, call::run);
        assertThat(thrown).as("the call should have failed").isNotNull();
        return thrown;
    }
}
