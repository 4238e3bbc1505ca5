package dev.twonode.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twonode.testing.EtcdClient.Entry;
import dev.twonode.testing.EtcdClient.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether the client and the real kine understand each other, straight on one server.
class EtcdClientIT {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir private Path folder;

    private NatsServerProcess server;
    private KineProcess kine;
    private EtcdClient etcd;

    @BeforeEach
    void start() {
        server = NatsServerProcess.start();
        kine = new KineProcess(server.url(), folder).awaitListening();
        etcd = new EtcdClient(kine.url());
    }

    @AfterEach
    void end() {
        etcd.close();
        kine.close();
        server.close();
    }

    @Test
    void writesAreGuardedByTheRevisionOfTheLastOne() throws Exception {
        long created = etcd.create("/registry/a", "one").revision();
        assertThat(etcd.create("/registry/a", "other")).isEqualTo(new Outcome.Conflict(null));

        long updated = etcd.update("/registry/a", "two", created).revision();
        assertThat(updated).isGreaterThan(created);
        assertThat(etcd.update("/registry/a", "three", created))
                .isEqualTo(
                        new Outcome.Conflict(new Entry("/registry/a", "two", updated, created, 0)));
        assertThat(etcd.get("/registry/a").orElseThrow().value()).isEqualTo("two");
        assertThat(etcd.get("/registry/a", created).orElseThrow().value()).isEqualTo("one");

        assertThat(etcd.delete("/registry/a", created)).isInstanceOf(Outcome.Conflict.class);
        assertThat(etcd.delete("/registry/a", updated).revision()).isGreaterThan(updated);
        assertThat(etcd.get("/registry/a")).isEmpty();
    }

    @Test
    void watchTellsEveryEventFromItsRevisionOnInOrder() throws Exception {
        long created = etcd.create("/registry/w/a", "one").revision();
        long updated = etcd.update("/registry/w/a", "two", created).revision();
        try (EtcdWatch watch = etcd.watch("/registry/w/", updated).awaitOpen()) {
            long other = etcd.create("/registry/w/b", "three").revision();
            long deleted = etcd.delete("/registry/w/a", updated).revision();
            Await.await("three events", BOUND, () -> watch.events().size() == 3);
            assertThat(watch.events())
                    .extracting(EtcdWatch.Event::revision)
                    .containsExactly(updated, other, deleted);
            assertThat(watch.events().getLast().deleted()).isTrue();
            assertThat(watch.failures()).isEmpty();
        }
        assertThat(etcd.list("/registry/w/").entries())
                .extracting(Entry::key)
                .isEqualTo(List.of("/registry/w/b"));
    }

    /// kine keeps 200 events for a watch whose client does not read, and ends it with the next.
    @Test
    void watchThatKineEndedSinceItFellBehindGoesOn() throws Exception {
        int writes = 500;
        String value = "v".repeat(16_384);
        List<Long> revisions = new ArrayList<>();
        try (EtcdClient other = new EtcdClient(kine.url());
                EtcdWatch watch = etcd.watch("/registry/s/", 0).awaitOpen()) {
            watch.unheard(() -> {
                for (int i = 0; i < writes; i++) {
                    revisions.add(other.create("/registry/s/" + i, value).revision());
                }
            });
            Await.await("all events", BOUND, () -> watch.events().size() >= writes);
            assertThat(watch.events())
                    .extracting(EtcdWatch.Event::revision)
                    .containsExactlyElementsOf(revisions);
            assertThat(watch.reopened()).isPositive();
            assertThat(watch.failures()).isEmpty();
        }
    }

    @Test
    void readsAndWatchesBelowACompactionAreToldSo() throws Exception {
        long created = etcd.create("/registry/c", "one").revision();
        long updated = etcd.update("/registry/c", "two", created).revision();
        assertThat(etcd.compact(0, updated).revision()).isGreaterThan(updated);

        Await.await("compacted", BOUND, () -> isCompacted(created));
        try (EtcdWatch watch = etcd.watch("/registry/c", created)) {
            Await.await("the watch is told", BOUND, () -> watch.compactedAt() != 0);
            assertThat(watch.compactedAt()).isEqualTo(updated);
        }
    }

    private boolean isCompacted(long revision) {
        EtcdClient.ReadFailed failure =
                catchThrowableOfType(
                        EtcdClient.ReadFailed.class, () -> etcd.list("/registry/", revision));
        return failure != null && failure.isCompacted();
    }

    @Test
    void leasedKeyGoesWhenItsLeaseHasRunOut() throws Exception {
        long lease = etcd.lease(Duration.ofSeconds(1));
        etcd.create("/registry/lease", "short", lease).revision();
        assertThat(etcd.get("/registry/lease").orElseThrow().lease()).isEqualTo(lease);
        Await.await("it is gone", BOUND, () -> etcd.get("/registry/lease").isEmpty());
    }
}
