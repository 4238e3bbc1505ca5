package dev.twonode.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Face;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.replication.StoreException.Kind;
import dev.twonode.replication.StoredMessage;
import dev.twonode.replication.StreamFacts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every store promises. Each test starts with two running servers without the stream.
public abstract class StoreContract {

    private static final Mark MARK = new Mark(3, new NodeName("a"));
    private static final Mark OTHER_MARK = new Mark(4, new NodeName("b"));
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int SILENT_POLLS = 40;

    /// The store under test.
    protected abstract Store store();

    /// A store on another server of the same version.
    protected abstract Store otherStore();

    /// Publishes to the server of [#store] as kine does, past the store.
    ///
    /// @return the acknowledged sequence
    protected abstract long publish(String subject, Map<String, List<String>> headers, byte[] data)
            throws StoreException;

    /// Kills the server of [#store] with no warning and starts it again on the same files.
    protected abstract void killAndRestart();

    /// Stops the server of [#store] for the rest of the test.
    protected abstract void stop();

    private interface Call {
        void run() throws StoreException;
    }

    private static Kind failure(Call call) {
        StoreException thrown = catchThrowableOfType(StoreException.class, call::run);
        assertThat(thrown).as("the call should have failed").isNotNull();
        return thrown.kind();
    }

    private StreamFacts facts() throws StoreException {
        return store().inspect().orElseThrow();
    }

    private void opened() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        store().open(MARK);
    }

    private long put(String key, String value) throws StoreException {
        return publish("$KV.kine." + key, Map.of(), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StoredMessage message(long sequence, String key, String value) {
        return new StoredMessage(
                sequence, "$KV.kine." + key, Map.of(), bytes(value), Instant.EPOCH);
    }

    private static List<StoredMessage> collect(Store.Feed feed, int count) throws StoreException {
        List<StoredMessage> messages = new ArrayList<>();
        int silent = 0;
        while (messages.size() < count && silent < SILENT_POLLS) {
            List<StoredMessage> arrived = feed.poll(PATIENCE);
            silent = arrived.isEmpty() ? silent + 1 : 0;
            messages.addAll(arrived);
        }
        return messages;
    }

    private static List<StoredMessage> content(Store store) throws StoreException {
        StreamFacts facts = store.inspect().orElseThrow();
        try (Store.Feed feed = store.feed(Math.max(1, facts.firstSeq()))) {
            return collect(feed, Math.toIntExact(facts.messages()));
        }
    }

    private static void assertSame(List<StoredMessage> actual, List<StoredMessage> expected) {
        assertThat(actual)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("time")
                .containsExactlyElementsOf(expected);
    }

    /// A server keeps the header by which a sequence was checked; copies are compared without it.
    private static StoredMessage withoutCheck(StoredMessage message) {
        Map<String, List<String>> headers = new LinkedHashMap<>(message.headers());
        headers.keySet().removeIf(name -> name.startsWith("Nats-Expected-"));
        return new StoredMessage(
                message.sequence(), message.subject(), headers, message.data(), message.time());
    }

    @Test
    void aMissingStreamIsNotAnError() throws StoreException {
        assertThat(store().inspect()).isEmpty();
        assertThat(failure(() -> store().fence(MARK, "s1"))).isEqualTo(Kind.NO_STREAM);
        assertThat(failure(() -> store().read(1))).isEqualTo(Kind.NO_STREAM);
        assertThat(failure(() -> store().delete())).isEqualTo(Kind.NO_STREAM);
    }

    @Test
    void aNewStreamIsFencedAndEmpty() throws StoreException {
        StreamFacts made = store().createFenced(MARK, "s1", 7);

        assertThat(made).isEqualTo(facts());
        assertThat(made.face()).isEqualTo(new Face.Fenced(MARK, "s1"));
        assertThat(made.isEmpty()).isTrue();
        assertThat(made.lastSeq()).isZero();
        assertThat(made.perSubject()).isEqualTo(7);
        assertThat(failure(() -> put("a", "1"))).isEqualTo(Kind.REFUSED);
    }

    @Test
    void aStreamIsMadeOnce() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);

        assertThat(failure(() -> store().createFenced(MARK, "s2", Store.KINE_HISTORY)))
                .isEqualTo(Kind.REFUSED);
        assertThat(facts().face()).isEqualTo(new Face.Fenced(MARK, "s1"));
    }

    @Test
    void createdAndContentSurviveAKillAndTheServerIdDoesNot() throws StoreException {
        opened();
        put("a", "1");
        StreamFacts before = facts();

        killAndRestart();

        StreamFacts after = facts();
        assertThat(after.created()).isEqualTo(before.created());
        assertThat(after.face()).isEqualTo(new Face.Open());
        assertThat(after.lastSeq()).isEqualTo(1);
        assertThat(after.serverId()).isNotEqualTo(before.serverId());
    }

    @Test
    void aServerThatIsGoneIsUnreachable() throws StoreException {
        opened();
        stop();

        assertThat(failure(() -> store().inspect())).isIn(Kind.UNREACHABLE, Kind.UNKNOWN);
        assertThat(failure(() -> store().fence(MARK, "s2"))).isIn(Kind.UNREACHABLE, Kind.UNKNOWN);
    }

    @Test
    void onlyTheOwnMarkOpens() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);

        assertThat(failure(() -> store().open(OTHER_MARK))).isEqualTo(Kind.REFUSED);
        assertThat(facts().face()).isEqualTo(new Face.Fenced(MARK, "s1"));
        assertThat(store().open(MARK).face()).isEqualTo(new Face.Open());
        assertThat(put("a", "1")).isEqualTo(1);
    }

    @Test
    void aFenceEndsWritesAndKnowsTheLastOne() throws StoreException {
        opened();
        for (int i = 1; i <= 20; i++) {
            put("k" + i, "v");
        }

        StreamFacts barrier = store().fence(OTHER_MARK, "s2");

        assertThat(barrier.lastSeq()).isEqualTo(20);
        assertThat(barrier.face()).isEqualTo(new Face.Fenced(OTHER_MARK, "s2"));
        assertThat(failure(() -> put("x", "1"))).isEqualTo(Kind.REFUSED);
        assertThat(facts()).isEqualTo(barrier);
    }

    @Test
    void aFenceOfAnotherNodeStaysWhereThatMatters() throws StoreException {
        opened();
        Mark own = new Mark(3, new NodeName("own"));
        Mark other = new Mark(2, new NodeName("other"));
        store().fence(other, "s1");

        for (Care care : List.of(Care.MARKS, Care.CHANGES)) {
            assertThat(store().fence(own, "s2", care).face())
                    .isEqualTo(new Face.Fenced(other, "s1"));
            assertThat(facts().face()).isEqualTo(new Face.Fenced(other, "s1"));
        }

        assertThat(store().fence(own, "s3", Care.NONE).face())
                .isEqualTo(new Face.Fenced(own, "s3"));
        assertThat(store().fence(own, "s4", Care.CHANGES).face())
                .isEqualTo(new Face.Fenced(own, "s4"));
        store().open(own);
        assertThat(store().fence(own, "s5", Care.CHANGES).face())
                .isEqualTo(new Face.Fenced(own, "s5"));
    }

    @Test
    void aFenceMovesToAnotherSessionAndTheOldOneIsHeardNoMore() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender old = store().appender("s1", 0)) {
            old.append(message(1, "a", "1"));
            assertThat(old.flush()).isEqualTo(1);

            store().fence(MARK, "s2");

            assertThat(
                            failure(() -> {
                                old.append(message(2, "a", "2"));
                                old.flush();
                            }))
                    .isEqualTo(Kind.REFUSED);
        }
        assertThat(facts().lastSeq()).isEqualTo(1);
    }

    @Test
    void whatIsAppendedIsStoredAsItIs() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        StoredMessage first =
                new StoredMessage(
                        1,
                        "$KV.kine.a.b",
                        Map.of("KV-Operation", List.of("DEL"), "X-Two", List.of("1", "2")),
                        new byte[] {0, 1, -1, 13, 10},
                        Instant.EPOCH);
        StoredMessage second = message(2, "c", "");
        try (Store.Appender appender = store().appender("s1", 0)) {
            appender.append(first);
            appender.append(second);
            assertThat(appender.flush()).isEqualTo(2);
            assertThat(appender.durable()).isEqualTo(2);
            assertThat(appender.awaitDurable(1, PATIENCE)).isEqualTo(2);
            assertThat(appender.awaitDurable(2, Duration.ofMillis(1))).isEqualTo(2);
        }

        assertSame(
                content(store()).stream().map(StoreContract::withoutCheck).toList(),
                List.of(first, second));
        assertThat(withoutCheck(store().read(1).orElseThrow()).headers())
                .isEqualTo(first.headers());
    }

    @Test
    void aWrongSequenceIsNeverGiven() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store().appender("s1", 4)) {
            assertThat(
                            failure(() -> {
                                for (int i = 5; i < 50; i++) {
                                    appender.append(message(i, "k" + i, "v"));
                                }
                                appender.flush();
                            }))
                    .isEqualTo(Kind.WRONG_SEQUENCE);
            assertThat(failure(appender::durable)).isEqualTo(Kind.WRONG_SEQUENCE);
        }
        assertThat(facts().lastSeq()).isZero();
    }

    @Test
    void manyAppendsAreAcknowledgedInOrder() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store().appender("s1", 0)) {
            long durable = 0;
            for (int i = 1; i <= 3000; i++) {
                appender.append(message(i, "k" + i % 500, "v" + i));
                if (i % 100 == 0) {
                    long now = appender.durable();
                    assertThat(now).isBetween(durable, (long) i);
                    durable = now;
                }
            }
            assertThat(appender.flush()).isEqualTo(3000);
        }
        assertThat(facts().messages()).isEqualTo(3000);
    }

    @Test
    void skippedSequencesAreAbsent() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store().appender("s1", 0)) {
            appender.append(message(1, "a", "1"));
            appender.skip(2, 40);
            appender.append(message(41, "b", "2"));
            assertThat(appender.flush()).isEqualTo(41);
        }

        assertThat(facts().messages()).isEqualTo(2);
        assertThat(facts().deleted()).isEqualTo(39);
        assertThat(store().deleted()).hasSize(39).contains(2L, 40L);
        assertThat(store().read(2)).isEmpty();
        assertThat(store().next(2).orElseThrow().sequence()).isEqualTo(41);
        assertThat(store().read(1, 45)).extracting("sequence").containsExactly(1L, 41L);
    }

    @Test
    void aSkipAtTheEndIsDurableAndSurvivesAKill() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store().appender("s1", 0)) {
            appender.append(message(1, "a", "1"));
            appender.skip(2, 15);
            assertThat(appender.flush()).isEqualTo(15);
        }

        killAndRestart();

        assertThat(facts().lastSeq()).isEqualTo(15);
        assertThat(facts().messages()).isEqualTo(1);
    }

    @Test
    void aLeapLeavesOutWhatItWasToldAndSurvivesAKill() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store().appender("s1", 0)) {
            appender.append(message(1, "a", "1"));
            appender.flush();
        }

        store().leap("s1", 2, 1_203);
        killAndRestart();

        assertThat(facts().face()).isEqualTo(new Face.Fenced(MARK, "s1"));
        assertThat(facts().lastSeq()).isEqualTo(1_203);
        assertThat(facts().messages()).isEqualTo(1);
        try (Store.Appender appender = store().appender("s1", 1_203)) {
            appender.append(message(1_204, "b", "2"));
            assertThat(appender.flush()).isEqualTo(1_204);
        }
    }

    @Test
    void nobodyLeapsWithAnotherSessionsToken() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        store().fence(MARK, "s2");
        assertThat(failure(() -> store().leap("s1", 1, 600))).isEqualTo(Kind.REFUSED);
        assertThat(facts().lastSeq()).isZero();
    }

    @Test
    void aStreamStartsWhereItIsTold() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        store().startAt(1001);

        assertThat(facts().lastSeq()).isEqualTo(1000);
        assertThat(facts().isEmpty()).isTrue();
        assertThat(failure(() -> store().startAt(1000))).isEqualTo(Kind.REFUSED);
        try (Store.Appender appender = store().appender("s1", 1000)) {
            appender.append(message(1001, "a", "1"));
            assertThat(appender.flush()).isEqualTo(1001);
        }
        assertThat(facts().firstSeq()).isEqualTo(1001);

        killAndRestart();

        assertThat(facts().firstSeq()).isEqualTo(1001);
        assertThat(facts().messages()).isEqualTo(1);
    }

    @Test
    void anOpenStreamStartsNowhereElse() throws StoreException {
        opened();

        assertThat(failure(() -> store().startAt(10))).isEqualTo(Kind.REFUSED);
    }

    @Test
    void onlyTheNewestOfASubjectAreKept() throws StoreException {
        store().createFenced(MARK, "s1", 2);
        try (Store.Appender appender = store().appender("s1", 0)) {
            for (int i = 1; i <= 5; i++) {
                appender.append(message(i, "a", "v" + i));
            }
            appender.flush();
        }

        assertThat(facts().firstSeq()).isEqualTo(4);
        assertThat(facts().messages()).isEqualTo(2);
        assertThat(store().next(1).orElseThrow().sequence()).isEqualTo(4);
        assertThat(store().next(6)).isEmpty();
    }

    @Test
    void aFeedGoesOnWithWhatComesLater() throws StoreException {
        opened();
        put("a", "1");
        put("b", "2");
        try (Store.Feed feed = store().feed(2)) {
            assertThat(collect(feed, 1)).extracting(StoredMessage::sequence).containsExactly(2L);
            assertThat(feed.poll(Duration.ofMillis(1))).isEmpty();
            put("c", "3");
            put("a", "4");
            assertThat(collect(feed, 2))
                    .extracting(StoredMessage::sequence)
                    .containsExactly(3L, 4L);
        }
    }

    @Test
    void aFeedShowsGapsAsJumps() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        try (Store.Appender appender = store().appender("s1", 0)) {
            appender.append(message(1, "a", "1"));
            appender.skip(2, 3);
            appender.append(message(4, "b", "2"));
            appender.flush();
        }
        try (Store.Feed feed = store().feed(1)) {
            assertThat(collect(feed, 2))
                    .extracting(StoredMessage::sequence)
                    .containsExactly(1L, 4L);
        }
    }

    @Test
    void theNewestMessageOfASubjectIsFound() throws StoreException {
        opened();
        put("a", "1");
        put("a", "2");
        put("b", "3");

        assertThat(store().newest("$KV.kine.a").orElseThrow().data()).isEqualTo(bytes("2"));
        assertThat(store().newest("$KV.kine.c")).isEmpty();
    }

    @Test
    void aFeedReadsEverythingOfALongStream() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        int count = 5000;
        try (Store.Appender appender = store().appender("s1", 0)) {
            for (int i = 1; i <= count; i++) {
                appender.append(message(i, "k" + i, "v" + i));
            }
            appender.flush();
        }
        List<StoredMessage> read = content(store());
        assertThat(read).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(read.get(i).sequence()).isEqualTo(i + 1);
        }
    }

    @Test
    void aFeedEndsWithItsServer() throws StoreException {
        opened();
        put("a", "1");
        try (Store.Feed feed = store().feed(1)) {
            collect(feed, 1);
            killAndRestart();
            assertThat(failure(() -> collect(feed, 1)))
                    .isIn(Kind.UNREACHABLE, Kind.UNKNOWN, Kind.NO_STREAM);
        }
    }

    @Test
    void aFeedEndsWithItsStream() throws StoreException {
        opened();
        put("a", "1");
        try (Store.Feed feed = store().feed(1)) {
            collect(feed, 1);
            store().delete();
            assertThat(failure(() -> collect(feed, 1)))
                    .isIn(Kind.NO_STREAM, Kind.UNREACHABLE, Kind.UNKNOWN);
        }
    }

    @Test
    void aRestoredStreamIsTheSameFenced() throws StoreException {
        store().createFenced(MARK, "s1", 20);
        store().startAt(5);
        try (Store.Appender appender = store().appender("s1", 4)) {
            for (int i = 5; i <= 400; i++) {
                appender.append(message(i, "k" + i % 10, "v" + i));
            }
            appender.skip(401, 420);
            appender.append(message(421, "z", "end"));
            appender.flush();
        }

        StreamFacts restored;
        StreamFacts expected;
        try (Store.Snapshot snapshot = store().snapshot()) {
            expected = snapshot.facts();
            assertThat(snapshot.manifest()).startsWith("{").contains("\"config\"", "\"state\"");
            restored = otherStore().restore(snapshot, OTHER_MARK, "s9");
        }

        assertThat(expected.lastSeq()).isEqualTo(421);
        assertThat(restored.holdsAsMuchAs(expected)).isTrue();
        assertThat(restored.deleted()).isEqualTo(expected.deleted());
        assertThat(restored.face()).isEqualTo(new Face.Fenced(OTHER_MARK, "s9"));
        assertThat(restored.perSubject()).isEqualTo(20);
        assertThat(content(otherStore()))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(content(store()));
        try (Store.Appender appender = otherStore().appender("s9", 421)) {
            appender.append(message(422, "z", "more"));
            assertThat(appender.flush()).isEqualTo(422);
        }
    }

    @Test
    void anEmptyStreamIsRestoredWithItsNumbers() throws StoreException {
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        store().startAt(50);
        try (Store.Snapshot snapshot = store().snapshot()) {
            StreamFacts restored = otherStore().restore(snapshot, OTHER_MARK, "s9");
            assertThat(restored.lastSeq()).isEqualTo(49);
            assertThat(restored.isEmpty()).isTrue();
        }
    }

    @Test
    void aRestoreNeverReplacesAStream() throws StoreException {
        opened();
        put("a", "1");
        otherStore().createFenced(OTHER_MARK, "s1", Store.KINE_HISTORY);
        try (Store.Snapshot snapshot = store().snapshot()) {
            assertThat(failure(() -> otherStore().restore(snapshot, MARK, "s2")))
                    .isEqualTo(Kind.REFUSED);
        }
        assertThat(otherStore().inspect().orElseThrow().isEmpty()).isTrue();
    }

    @Test
    void aSnapshotIsOfOneMoment() throws StoreException {
        opened();
        put("a", "1");
        try (Store.Snapshot snapshot = store().snapshot()) {
            put("b", "2");
            StreamFacts expected = snapshot.facts();
            assertThat(otherStore().restore(snapshot, MARK, "s2").holdsAsMuchAs(expected)).isTrue();
        }
    }

    @Test
    void whatTheSourceThrowsEndsTheRestore() throws StoreException {
        opened();
        put("a", "1");
        StoreException broken = new StoreException(Kind.UNREACHABLE, "the source broke");
        try (Store.Snapshot snapshot = store().snapshot()) {
            Store.Snapshot breaking = new BreakingSnapshot(snapshot, broken);
            StoreException thrown =
                    catchThrowableOfType(
                            StoreException.class, () -> otherStore().restore(breaking, MARK, "s2"));
            assertThat(thrown).isSameAs(broken);
        }
    }

    @Test
    void aDeletedStreamIsGoneAndItsNumbersStartAnew() throws StoreException {
        opened();
        put("a", "1");
        Instant created = facts().created();

        store().delete();

        assertThat(store().inspect()).isEmpty();
        store().createFenced(MARK, "s1", Store.KINE_HISTORY);
        assertThat(facts().lastSeq()).isZero();
        assertThat(facts().created()).isNotEqualTo(created);
    }

    @Test
    void kinesHeadersAreReadAsWritten() throws StoreException {
        opened();
        Map<String, List<String>> headers =
                Map.of("Nats-Expected-Last-Subject-Sequence", List.of("0"));
        publish("$KV.kine.a", headers, bytes("v"));

        StoredMessage read = store().read(1).orElseThrow();

        assertThat(read.headers()).isEqualTo(headers);
        assertThat(read.subject()).isEqualTo("$KV.kine.a");
        assertThat(read.data()).isEqualTo(bytes("v"));
    }

    @Test
    void theVersionIsAVersion() throws StoreException {
        assertThat(store().serverVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Set.of(store().serverVersion())).contains(otherStore().serverVersion());
    }
}
