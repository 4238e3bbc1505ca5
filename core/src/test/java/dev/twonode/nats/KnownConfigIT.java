package dev.twonode.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twonode.config.ConnectionSettings;
import dev.twonode.protocol.Care;
import dev.twonode.protocol.Mark;
import dev.twonode.protocol.NodeName;
import dev.twonode.replication.Face;
import dev.twonode.replication.Store;
import dev.twonode.replication.StoreException;
import dev.twonode.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a session knows of its stream's configuration is never older than what others did.
class KnownConfigIT {

    private static final Mark MARK = new Mark(3, new NodeName("a"));
    private static final Mark OTHER = new Mark(4, new NodeName("b"));
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final StoreFixture fixture = new StoreFixture();
    private final NatsStore store = fixture.store();
    private final NatsLink others =
            NatsLink.open(
                    ConnectionSettings.plain(fixture.server().url()),
                    "other",
                    Duration.ofMillis(1500),
                    _ -> {});

    @BeforeEach
    void open() throws Exception {
        assertThat(others.firstAttempt()).isNotNull();
        store.createFenced(MARK, "s1", Store.KINE_HISTORY);
        store.open(MARK);
        awaitAnnouncementOfTheOpening();
    }

    /// A write that was stored behind the opening is acknowledged behind its announcement.
    private void awaitAnnouncementOfTheOpening() throws StoreException {
        fixture.publish("$KV.kine.first", Map.of(), new byte[0]);
    }

    @AfterEach
    void close() {
        others.close();
        fixture.close();
    }

    @Test
    void whoChangedTheStreamLastNeedNotAskForItsConfiguration() throws StoreException {
        long before = requests();
        store.fence(MARK, "s2", Care.MARKS);
        long fenced = requests();
        store.open(MARK);
        long opened = requests();

        // Each count is a request too. A fence asks once, for the end that its barrier shows.
        assertThat(fenced - before).isEqualTo(1 + 2);
        assertThat(opened - fenced).isEqualTo(1 + 1);
    }

    /// A server that stores tells of a change behind its answer to whoever made it.
    @Test
    void whatIsAnnouncedLateIsKnownAllTheSame() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String subject = "$KV.kine.w" + i;
            writers.add(Thread.ofVirtual().start(() -> write(subject, end)));
        }
        try {
            for (int round = 0; round < 20; round++) {
                store.fence(MARK, "s" + round);
                long fenced = requests();
                store.open(MARK);
                assertThat(requests() - fenced).as("round %d", round).isEqualTo(1 + 1);
                awaitAnnouncementOfTheOpening();
            }
        } finally {
            end.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
        }
    }

    private void write(String subject, AtomicBoolean end) {
        while (!end.get()) {
            try {
                fixture.publish(subject, Map.of(), new byte[200]);
            } catch (StoreException e) {
                assertThat(e).as("fenced at the moment").hasMessageContaining("nobody hears");
            }
        }
    }

    /// A copy that goes on behind a handover's fence takes its barrier, and writes nothing.
    @Test
    void aStreamThatIsFencedForASessionIsNotFencedForItAgain() throws StoreException {
        store.fence(MARK, "s2", Care.MARKS);
        long fenced = requests();
        assertThat(store.fence(MARK, "s2").face()).isEqualTo(new Face.Fenced(MARK, "s2"));
        assertThat(requests() - fenced).isEqualTo(1 + 1);

        otherStore().fence(OTHER, "o");
        assertThat(store.fence(MARK, "s2").face()).isEqualTo(new Face.Fenced(MARK, "s2"));
    }

    /// Copying fences with more patience than a handover opens with.
    @Test
    void whatIsKnownIsKnownToAllCallsOfTheStreamWhateverTheirPatience() throws StoreException {
        store.within(StoreFixture.TIMEOUT.multipliedBy(2)).fence(MARK, "s2");
        long fenced = requests();
        store.open(MARK);

        assertThat(requests() - fenced).isEqualTo(1 + 1);
    }

    @Test
    void whatAnotherFencedIsSeen() throws StoreException {
        store.fence(MARK, "s2");
        otherStore().fence(OTHER, "o");

        assertThatThrownBy(() -> store.open(MARK)).hasMessageContaining("not fenced by");
        assertThat(store.fence(MARK, "s3", Care.MARKS).face())
                .isEqualTo(new Face.Fenced(OTHER, "o"));
    }

    @Test
    void whatAnotherEditedIsSeen() throws StoreException {
        ObjectNode config = call("STREAM.INFO.KV_kine", Json.object()).path("config").deepCopy();
        call("STREAM.UPDATE.KV_kine", config.put("max_bytes", 1_000_000));

        assertThatThrownBy(() -> store.fence(MARK, "s2")).hasMessageContaining("max_bytes");
    }

    @Test
    void aStreamThatAnotherDeletedAndMadeAnewIsNotTakenForTheOld() throws StoreException {
        store.fence(MARK, "s2");
        otherStore().delete();
        otherStore().createFenced(OTHER, "o", Store.KINE_HISTORY);

        assertThatThrownBy(() -> store.open(MARK)).hasMessageContaining("not fenced by");
    }

    @Test
    void whatChangedWhileTheConnectionWasLostIsSeen() throws Exception {
        store.fence(MARK, "s2");
        fixture.killAndRestart();
        Await.await("the other is back", BOUND, () -> others.server().isPresent());
        otherStore().fence(OTHER, "o");

        assertThatThrownBy(() -> store.open(MARK)).hasMessageContaining("not fenced by");
    }

    /// Two threads that change one stream share what it announces.
    @Test
    void whatNobodyCountsAnyMoreMayHaveBeenChangedByAnother() throws Exception {
        KnownConfig known = new KnownConfig("kine");
        KnownConfig.Since since = known.listen(session(others));
        // The first change is made on another connection, which waits for no subscription.
        session(others).connection().flush(StoreFixture.TIMEOUT);
        assertThat(since.othersChanged()).isFalse();
        store.fence(MARK, "s2");
        otherStore().fence(OTHER, "o");
        assertThat(since.othersChanged()).isTrue();

        known.listen(session(fixture.link()));

        assertThat(since.othersChanged()).isTrue();
    }

    private static Session session(NatsLink link) throws StoreException {
        return new JetStreamApi(link, StoreFixture.TIMEOUT).session();
    }

    private NatsStore otherStore() {
        return new NatsStore(others, "kine", StoreFixture.TIMEOUT);
    }

    private long requests() throws StoreException {
        return call("INFO", Json.object()).path("api").path("total").asLong();
    }

    private JsonNode call(String verb, ObjectNode body) throws StoreException {
        JetStreamApi api = new JetStreamApi(others, StoreFixture.TIMEOUT);
        return api.call(api.session(), verb, body);
    }
}
